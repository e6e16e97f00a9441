/** Lets a conversation show what holds for its newest labelled visitor message, after a person changed it. */
import type { Tx } from '@/lib/platform/db/in-account'
import type { LockedConversation } from './change'

export interface FollowedLabel {
  field: 'intent' | 'sentiment' | 'urgency'
  value: string | null
  probability: number | null
  corrected: boolean
}

/** The routing decision asked for a person, and nobody has taken the conversation since. */
function stillNeedsPerson(now: LockedConversation): boolean {
  const route = now.route as { needsPerson?: unknown } | null
  return route?.needsPerson === true && !now.assigneeId && !now.teamId && !now.firstReplyAt && now.status !== 'resolved'
}

/**
 * What one intent was is another from now on, in every list; locked in the order of ids, as by every writer of many.
 * @returns how many conversations
 */
export async function renameIntent(tx: Tx, accountId: string, from: string, into: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE conversation SET intent = ${into} FROM (
      SELECT id FROM conversation WHERE account_id = ${accountId}::uuid AND intent = ${from} ORDER BY id FOR UPDATE
    ) old
    WHERE account_id = ${accountId}::uuid AND conversation.id = old.id`
}

/**
 * Of the conversations that carry an intent by another's name, those whose newest labelled message is about one of `keys` carry its own
 * again. @returns how many
 */
export async function giveBackIntent(
  tx: Tx,
  accountId: string,
  { keys, into, from }: { keys: readonly string[]; into: string; from: string },
): Promise<number> {
  return tx.$executeRaw`
    UPDATE conversation SET intent = ${into} FROM (
      SELECT c.id FROM conversation c
      JOIN LATERAL (
        SELECT m.id FROM message m WHERE m.account_id = ${accountId}::uuid AND m.conversation_id = c.id AND m.kind = 'incoming'
          AND m.label_state = 'labelled' ORDER BY m.sequence DESC LIMIT 1
      ) newest ON true
      LEFT JOIN prediction p ON p.account_id = ${accountId}::uuid AND p.message_id = newest.id
      WHERE c.account_id = ${accountId}::uuid AND c.intent = ${from} AND coalesce((
        SELECT r.now FROM correction r WHERE r.account_id = ${accountId}::uuid AND r.message_id = newest.id AND r.field = 'intent'
          AND r.undone_at IS NULL ORDER BY r.created_at DESC, r.id DESC LIMIT 1
      ), p.intent) = ANY(${[...keys]}::text[])
      ORDER BY c.id FOR UPDATE OF c
    ) old
    WHERE account_id = ${accountId}::uuid AND conversation.id = old.id`
}

/** @param message the one whose label changed; an older one than the newest labelled leaves the conversation as it is */
export async function followLabel(
  tx: Tx,
  now: LockedConversation,
  message: { id: string; sequence: bigint },
  label: FollowedLabel,
): Promise<boolean> {
  const later = await tx.message.findFirst({
    where: { conversationId: now.id, sequence: { gt: message.sequence }, kind: 'incoming', labelState: 'labelled' },
    select: { id: true },
  })
  if (later) return false
  const { field, value, probability, corrected } = label
  const columns = field === 'urgency' ? { urgency: value } : { [field]: value, [`${field}Probability`]: probability }
  const decided = field === 'intent' ? { needsPerson: !corrected && stillNeedsPerson(now) } : {}
  await tx.conversation.updateMany({ where: { id: now.id }, data: { ...columns, ...decided } })
  return true
}
