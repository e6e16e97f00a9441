/** Removes messages and their threads for good. Predictions, corrections, labels and search tokens go with their rows. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export interface SealedMessage {
  id: string
  body: Uint8Array | null
}

/** Some messages of these threads, in no particular order. */
export const someMessages = (
  tx: Tx,
  ctx: Ctx,
  conversationIds: readonly string[],
  take: number,
): Promise<SealedMessage[]> =>
  tx.message.findMany({
    where: { accountId: ctx.accountId, conversationId: { in: [...conversationIds] } },
    select: { id: true, body: true },
    take,
  })

/** Some messages of one thread, in its order, behind one of them. */
export const messagesBehind = (
  tx: Tx,
  ctx: Ctx,
  conversationId: string,
  after: bigint,
  take: number,
): Promise<(SealedMessage & { sequence: bigint })[]> =>
  tx.message.findMany({
    where: { accountId: ctx.accountId, conversationId, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    select: { id: true, body: true, sequence: true },
    take,
  })

export async function removeMessages(tx: Tx, ctx: Ctx, ids: readonly string[]): Promise<void> {
  await tx.message.deleteMany({ where: { accountId: ctx.accountId, id: { in: [...ids] } } })
}

/** Threads without messages. Who follows one hears that it moved, and finds it gone. */
export async function removeThreads(tx: Tx, ctx: Ctx, ids: readonly string[]): Promise<void> {
  await tx.conversation.deleteMany({ where: { accountId: ctx.accountId, id: { in: [...ids] } } })
}

/** Every thread of a contact, in the order in which they are locked. */
export async function threadsOf(tx: Tx, ctx: Ctx, contactId: string): Promise<string[]> {
  const rows = await tx.conversation.findMany({
    where: { accountId: ctx.accountId, contactId },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}
