/** What goes out of everything that was learned from: tombstones in datasets, and examples that say the same as a message that goes. */
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { aboutExample, buryExamples, hashOf, removeExamples } from './examples'

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

/** Examples and cases with one of these texts go, and leave tombstones too. @returns how many there were */
export async function removeTwins(tx: Tx, ctx: Ctx, vault: AccountVault, texts: ReadonlySet<string>): Promise<number> {
  const { accountId } = ctx
  const hashes = [...texts].map((text) => new Uint8Array(hashOf(vault, text)))
  const twins = await tx.example.findMany({ where: { accountId, textHash: { in: hashes } }, select: { id: true } })
  const ids = twins.map(({ id }) => id)
  await buryExamples(tx, ctx, ids)
  await tx.example.deleteMany({ where: { accountId, id: { in: ids } } })
  return ids.length
}

/** More lessons than this hold it: then it is a word of the business rather than somebody. */
const mostNamed = 50
const part = 1_000

/**
 * Examples and cases that name a person in whatever words. Visitors call themselves as they like: what stands in many lessons removes none.
 *
 * @param signs which of the person's signs a text holds
 * @returns how many there were
 */
export async function removeNaming(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  signs: (text: string) => readonly string[],
): Promise<number> {
  const { accountId } = ctx
  const holding = new Map<string, string[]>()
  // What cannot be opened any more holds nobody's words, and must not keep anybody from being erased.
  const said = (id: string, text: Uint8Array): string => {
    try {
      return vault.open(text, aboutExample(id))
    } catch {
      return ''
    }
  }
  let after: string | null = null
  for (;;) {
    const rows: { id: string; text: Uint8Array }[] = await tx.example.findMany({
      where: { accountId, ...(after ? { id: { gt: after } } : {}) },
      orderBy: { id: 'asc' },
      take: part,
      select: { id: true, text: true },
    })
    for (const { id, text } of rows)
      for (const sign of signs(said(id, text))) holding.set(sign, [...(holding.get(sign) ?? []), id])
    after = rows.at(-1)?.id ?? null
    if (rows.length < part || !after) break
  }
  const ids = new Set([...holding.values()].filter((held) => held.length <= mostNamed).flat())
  return ids.size ? removeExamples(tx, ctx, [...ids]) : 0
}
