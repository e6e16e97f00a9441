/** Changes a conversation under its row lock: the new columns, a line in the transcript, the news, and what undo needs. */
import { AppError } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import type { ActivityLine, ConversationState, Priority, Status, StoredActivity } from './activity'

export interface LockedConversation extends ConversationState {
  id: string
  contactId: string
  supersededBy: string | null
  lastSequence: bigint
  readSequence: bigint
  firstReplyAt: Date | null
  route: unknown
}

export interface Changed {
  id: string
  /** Names the change for undo; null when nothing had to be changed. */
  changeId: string | null
  /** The values it replaced. */
  previous: ConversationState
  conversation: ConversationState
}

interface Row {
  id: string
  contact_id: string
  status: Status
  priority: Priority
  assignee_id: string | null
  team_id: string | null
  snoozed_until: Date | null
  resolved_at: Date | null
  waiting_since: Date | null
  needs_person: boolean
  superseded_by: string | null
  last_sequence: bigint
  read_sequence: bigint
  first_reply_at: Date | null
  route: unknown
}

/** Locks the conversation's row until the transaction ends; always before any of its messages. @throws not_found */
export async function lockConversation(tx: Tx, ctx: Ctx, id: string): Promise<LockedConversation> {
  if (!isId(id)) throw new AppError('not_found')
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT id, contact_id, status, priority, assignee_id, team_id, snoozed_until, resolved_at, waiting_since, needs_person,
      superseded_by, last_sequence, read_sequence, first_reply_at, route
    FROM conversation WHERE account_id = ${ctx.accountId}::uuid AND id = ${id}::uuid FOR UPDATE`
  if (!row) throw new AppError('not_found')
  return {
    id: row.id,
    contactId: row.contact_id,
    status: row.status,
    priority: row.priority,
    assigneeId: row.assignee_id,
    teamId: row.team_id,
    snoozedUntil: row.snoozed_until?.toISOString() ?? null,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    waitingSince: row.waiting_since?.toISOString() ?? null,
    needsPerson: row.needs_person,
    supersededBy: row.superseded_by,
    lastSequence: row.last_sequence,
    readSequence: row.read_sequence,
    firstReplyAt: row.first_reply_at,
    route: row.route,
  }
}

/** Only the part that actions move. */
export const stateOf = (now: ConversationState): ConversationState => ({
  status: now.status,
  priority: now.priority,
  assigneeId: now.assigneeId,
  teamId: now.teamId,
  snoozedUntil: now.snoozedUntil,
  resolvedAt: now.resolvedAt,
  waitingSince: now.waitingSince,
  needsPerson: now.needsPerson,
})

const dates = ['snoozedUntil', 'resolvedAt', 'waitingSince'] as const

/** State as columns for Prisma: dates as dates. */
export function columnsOf(set: Partial<ConversationState>): Record<string, unknown> {
  const columns: Record<string, unknown> = { ...set }
  for (const name of dates) {
    const value = set[name]
    if (value !== undefined) columns[name] = value === null ? null : new Date(value)
  }
  return columns
}

/** The columns of `set` that differ from now. */
function differences(now: ConversationState, set: Partial<ConversationState>): Partial<ConversationState> {
  const entries = Object.entries(set) as [keyof ConversationState, unknown][]
  return Object.fromEntries(entries.filter(([name, value]) => now[name] !== value))
}

/** What these lines tell lies outside the conversation's own columns. */
const beside: readonly ActivityLine['type'][] = ['labels', 'identified']

export const authorOf = (ctx: Ctx): string | null => (ctx.actor.kind === 'member' ? ctx.actor.membershipId : null)

/**
 * Applies `set`, writes the line, tells the news. Does nothing when the conversation is as wanted already.
 * A line does not move the conversation in lists and does not make a read one unread.
 */
export async function applyChange(
  tx: Tx,
  ctx: Ctx,
  now: LockedConversation,
  set: Partial<ConversationState>,
  line: ActivityLine | null,
): Promise<Changed> {
  const previous = stateOf(now)
  const different = differences(now, set)
  const unchanged = line === null || (!beside.includes(line.type) && Object.keys(different).length === 0)
  if (unchanged) return { id: now.id, changeId: null, previous, conversation: previous }
  const names = Object.keys(different) as (keyof ConversationState)[]
  const was = Object.fromEntries(names.map((name) => [name, previous[name]])) as Partial<ConversationState>
  const changeId = ctx.newId()
  const sequence = now.lastSequence + 1n
  const stored: StoredActivity = { ...line, was, set: different }
  await tx.message.create({
    data: {
      accountId: ctx.accountId,
      id: changeId,
      conversationId: now.id,
      sequence,
      kind: 'activity',
      private: true,
      authorId: authorOf(ctx),
      activity: stored as object,
      createdAt: ctx.now(),
    },
    select: { id: true },
  })
  await tx.conversation.updateMany({
    where: { id: now.id },
    data: {
      ...columnsOf(different),
      lastSequence: sequence,
      ...(now.readSequence === now.lastSequence ? { readSequence: sequence } : {}),
    },
  })
  await tell(tx, ctx, {
    type: 'conversation.updated',
    conversationId: now.id,
    messageId: changeId,
    data: { because: line.type },
  })
  return { id: now.id, changeId, previous, conversation: { ...previous, ...different } }
}

/** Refuses to bring a conversation to life whose visitor goes on in a newer one. */
export function refuseSuperseded(now: LockedConversation): void {
  if (now.supersededBy) throw new AppError('conversation_superseded')
}
