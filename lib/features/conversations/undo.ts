/** Takes a change back exactly, as long as nobody has changed the same things since. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import type { ConversationState, StoredActivity } from './activity'
import { authorOf, type Changed, columnsOf, lockConversation, stateOf } from './change'

/** Restores the columns and labels a change of one's own replaced, and removes its line. @throws not_found, conflict */
export async function undoChange(tx: Tx, ctx: Ctx, id: string, changeId: string): Promise<Changed> {
  const now = await lockConversation(tx, ctx, id)
  const row = await tx.message.findFirst({
    where: { id: changeId, conversationId: id, kind: 'activity', authorId: authorOf(ctx) },
    select: { activity: true },
  })
  const line = row?.activity as StoredActivity | null | undefined
  if (!line) throw new AppError('not_found')
  const { was = {}, set = {} } = line
  const names = Object.keys(set) as (keyof ConversationState)[]
  if (names.some((name) => now[name] !== set[name])) throw new AppError('conflict')
  // A conversation that goes on elsewhere must not be reopened by undoing its end.
  if (now.supersededBy && was.status !== undefined && was.status !== 'resolved')
    throw new AppError('conversation_superseded')
  await refuseGone(tx, was)
  await tx.conversation.updateMany({ where: { id }, data: columnsOf(was) })
  if (line.type === 'labels') await restoreLabels(tx, ctx, id, line)
  await tx.message.deleteMany({ where: { id: changeId } })
  await tell(tx, ctx, {
    type: 'conversation.updated',
    conversationId: id,
    data: { because: 'undone', removed: changeId, ...whatMoved(was, set) },
  })
  const previous = stateOf(now)
  return { id, changeId: null, previous, conversation: { ...previous, ...was } }
}

/** The line is gone: followers learn from the news what it had moved. */
const whatMoved = (was: Partial<ConversationState>, set: Partial<ConversationState>) => ({
  ...(was.status && set.status ? { from: set.status, to: was.status } : {}),
  ...('assigneeId' in was || 'teamId' in was ? { assigned: true } : {}),
})

/** Who or what was there before may have been removed meanwhile. */
async function refuseGone(tx: Tx, was: Partial<ConversationState>): Promise<void> {
  if (was.teamId && !(await tx.team.findFirst({ where: { id: was.teamId }, select: { id: true } })))
    throw new AppError('conflict')
  if (was.assigneeId) {
    const alive = await tx.membership.findFirst({
      where: { id: was.assigneeId, disabledAt: null },
      select: { id: true },
    })
    if (!alive) throw new AppError('conflict')
  }
}

async function restoreLabels(
  tx: Tx,
  ctx: Ctx,
  conversationId: string,
  { added, removed }: Extract<StoredActivity, { type: 'labels' }>,
): Promise<void> {
  await tx.conversationLabel.deleteMany({ where: { conversationId, labelId: { in: added.map((label) => label.id) } } })
  const still = await tx.label.findMany({
    where: { id: { in: removed.map((label) => label.id) } },
    select: { id: true },
  })
  await tx.conversationLabel.createMany({
    data: still.map((label) => ({ accountId: ctx.accountId, conversationId, labelId: label.id })),
    skipDuplicates: true,
  })
}
