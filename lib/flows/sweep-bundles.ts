/** Removes bundles that no version names: a worker that died between making one and writing it down leaves such. */
import type { Ctx, Services } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** A younger one may belong to a run that is still being judged; milliseconds. */
const young = 24 * 60 * 60_000

/** Returns how many were removed. */
export async function sweepBundles(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const before = ctxOf('').now().getTime() - young
  const old = (await services.trainer.list()).filter(({ madeAt }) => madeAt.getTime() < before)
  let removed = 0
  for (const accountId of new Set(old.map((one) => one.accountId))) {
    const ctx = ctxOf(accountId)
    const named = await inAccount(ctx, (tx) =>
      tx.modelVersion.findMany({ where: { accountId }, select: { bundle: true } }),
    )
    const wanted = new Set(named.map(({ bundle }) => bundle))
    const orphans = old.filter((one) => one.accountId === accountId && !wanted.has(one.digest))
    for (const { digest } of orphans) await services.trainer.remove(accountId, digest)
    removed += orphans.length
  }
  return removed
}
