/** Whether the messages still are what the model in charge knows: for the page, and once a day as an alarm by mail. */
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { type Latency, readSpans } from '@/lib/features/learning/drift'
import { type Drift, driftMeasures, driftOf, hasLeftBand } from '@/lib/features/learning/drift-rules'
import { enough } from '@/lib/features/learning/trial-rules'
import { beginTrial, endTrial, readFigures, readWatch, watches } from '@/lib/features/learning/trials'
import { listPredecessors, readChampionVersion, requireChampion } from '@/lib/features/learning/versions'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
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

/**
 * A version in charge that people correct more than they did, or that became slow, is watched beside its predecessor again: whether
 * that would do better is told by the same messages, and not by others of long ago. Returns how many are watched anew.
 */
export async function watchBands(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const accounts = await asSystem(services, 'look for versions that do worse than they did', (tx) =>
    tx.account.findMany({ select: { id: true } }),
  )
  let watched = 0
  for (const { id } of accounts) {
    const ctx = ctxOf(id)
    await inAccount(ctx, async (tx) => {
      const champion = await readChampionVersion(tx, ctx)
      const watch = await readWatch(tx, ctx)
      // One that has compared all that it compares sees nothing of what came since.
      if (!champion || (watch && (await readFigures(tx, ctx, watch.id)).both < enough)) return
      const { recent, before } = await readSpans(tx, ctx, champion.bundle)
      if (!hasLeftBand(recent, before)) return
      await requireChampion(tx, ctx, champion.id)
      const [predecessor] = await listPredecessors(tx, ctx, 1)
      const beside = { versionId: champion.id, championId: predecessor?.id ?? null }
      await endTrial(tx, ctx, 'held', watches)
      await beginTrial(tx, ctx, { ...beside, share: 100, authorId: null })
      await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
      await record(tx, ctx, { act: 'model.trial_begun', thingId: champion.id, facts: { share: 100 } })
      watched++
    }).catch((error) =>
      services.log.warn({ accountId: id, reason: String(error) }, 'a version in charge was not watched'),
    )
  }
  return watched
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
