/** What goes out of everything that was learned from: tombstones in datasets, and examples that say the same as a message that goes. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { buryExamples } from './examples'

/** Rows of datasets that name these messages become tombstones. @returns how many messages were learned from */
export async function buryMessages(tx: Tx, ctx: Ctx, messageIds: readonly string[]): Promise<number> {
  const [row] = await tx.$queryRaw<{ n: number }[]>`
    WITH buried AS (
      UPDATE dataset_row d SET message_id = NULL, erased_at = ${ctx.now()}
      FROM unnest(${messageIds}::uuid[]) AS gone(id) WHERE d.account_id = ${ctx.accountId}::uuid AND d.message_id = gone.id
      RETURNING gone.id
    ) SELECT count(DISTINCT id)::int AS n FROM buried`
  return row?.n ?? 0
}

/**
 * After a word was taken back: rows that say what nobody says of their message any more become tombstones. A dataset that holds
 * an earlier word which still stands, by whatever name it goes since a merge, never held the one that was taken back.
 */
export async function buryUnsaid(tx: Tx, ctx: Ctx, messageIds: readonly string[]): Promise<void> {
  const { accountId } = ctx
  await tx.$executeRaw`
    UPDATE dataset_row d SET message_id = NULL, erased_at = ${ctx.now()}
    WHERE d.account_id = ${accountId}::uuid AND d.message_id = ANY(${messageIds}::uuid[]) AND NOT EXISTS (
      SELECT FROM correction r LEFT JOIN intent a ON a.account_id = r.account_id AND a.key = r.now
        LEFT JOIN intent b ON b.account_id = r.account_id AND b.key = d.intent
      WHERE r.account_id = ${accountId}::uuid AND r.message_id = d.message_id AND r.field = 'intent' AND r.undone_at IS NULL
        AND coalesce(a.merged_into, r.now) = coalesce(b.merged_into, d.intent))`
}

/** Examples and cases with one of these texts' hashes go, and leave tombstones too. @returns how many there were */
export async function removeTwins(tx: Tx, ctx: Ctx, hashes: readonly Buffer[]): Promise<number> {
  const { accountId } = ctx
  const textHash = { in: hashes.map((hash) => new Uint8Array(hash)) }
  const twins = await tx.example.findMany({ where: { accountId, textHash }, select: { id: true } })
  const ids = twins.map(({ id }) => id)
  await buryExamples(tx, ctx, ids)
  await tx.example.deleteMany({ where: { accountId, id: { in: ids } } })
  return ids.length
}

/** Some examples and cases, sealed, behind one of them. */
export const someExamples = (
  tx: Tx,
  ctx: Ctx,
  after: string | null,
  take: number,
): Promise<{ id: string; text: Uint8Array }[]> =>
  tx.example.findMany({
    where: { accountId: ctx.accountId, ...(after ? { id: { gt: after } } : {}) },
    orderBy: { id: 'asc' },
    take,
    select: { id: true, text: true },
  })
