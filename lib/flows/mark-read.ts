/** An agent has seen the conversation up to a message, or wants what follows to be unread again. */
import { canReply, requireMember } from '@/lib/features/accounts/permissions'
import { lockConversation } from '@/lib/features/conversations/change'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** Goes back only when asked to, and never beyond the newest message. @throws not_found */
export async function markRead(
  ctx: Ctx,
  { id, sequence, back = false }: { id: string; sequence: number; back?: boolean },
): Promise<{ id: string; unread: boolean }> {
  requireMember(ctx, canReply)
  return inAccount(ctx, async (tx) => {
    const now = await lockConversation(tx, ctx, id)
    const upTo = BigInt(sequence) < now.lastSequence ? BigInt(sequence) : now.lastSequence
    const moves = upTo > now.readSequence || (back && upTo < now.readSequence)
    if (moves) {
      await tx.conversation.updateMany({ where: { id }, data: { readSequence: upTo } })
      await tell(tx, ctx, { type: 'conversation.updated', conversationId: id, data: { because: 'read' } })
    }
    return { id, unread: now.lastSequence > (moves ? upTo : now.readSequence) }
  })
}
