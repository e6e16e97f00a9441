/** Whether the messages still are what the model in charge knows: for the page, and once a day as an alarm by mail. */
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { type Latency, readSpans } from '@/lib/features/learning/drift'
import { type Drift, driftMeasures, driftOf } from '@/lib/features/learning/drift-rules'
import { readChampionVersion } from '@/lib/features/learning/versions'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tellOwners } from './tell-owners'

export type LiveHealth = Drift & { latency: Latency | null }

export async function readDrift(ctx: Ctx): Promise<LiveHealth> {
  requireMember(ctx, canTrain)
  return inAccount(ctx, async (tx) => {
    const { drift, latency } = await driftNow(tx, ctx)
    return { ...drift, latency }
  })
}

async function driftNow(tx: Tx, ctx: Ctx) {
  const champion = await readChampionVersion(tx, ctx)
  const { recent, before, latency } = await readSpans(tx, ctx, champion?.bundle ?? null)
  return { champion, drift: driftOf(recent, before), latency }
}

/** One mail per model and month says that something has shifted. Returns how many accounts have. */
export async function watchDrift(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const accounts = await asSystem(services, 'look for drift in every account', (tx) =>
    tx.account.findMany({ select: { id: true } }),
  )
  let shifted = 0
  for (const { id } of accounts) {
    const ctx = ctxOf(id)
    await inAccount(ctx, async (tx) => {
      const { champion, drift } = await driftNow(tx, ctx)
      if (!driftMeasures.some((measure) => drift.levels[measure] === 'shifted')) return
      shifted++
      const month = ctx.now().toISOString().slice(0, 7)
      await tellOwners(tx, ctx, 'modelDrift', `drift ${id} ${champion?.id ?? 'base'} ${month}`, {})
    }).catch((error) => services.log.warn({ accountId: id, reason: String(error) }, 'drift was not looked for'))
  }
  return shifted
}
