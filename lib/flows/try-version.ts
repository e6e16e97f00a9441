/** A version is tried beside the one in charge: silently, or for a share of the contacts; and the trial is ended. */

import { AppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import { refuseUnaccepted } from '@/lib/features/learning/orders'
import { beginTrial, changeShare, endTrial, readTrial, trials } from '@/lib/features/learning/trials'
import { findVersion, readChampionVersion, requireChampion } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { requireGate } from './promote-version'

/**
 * Begins a trial, or changes the share of the one that runs for this version. Nobody is answered by what has not passed the gate.
 * @param share percent of contacts, 0 … 50; 0 is silent
 * @param unjudged also where there are too few texts to tell
 * @throws not_found, conflict (it is in charge, or another one is meanwhile), gate_failed, cases_fail, not_judged, not_accepted, model_away
 */
export async function tryVersion(
  ctx: Ctx,
  { id, share, unjudged }: { id: string; share: number; unjudged?: boolean | undefined },
): Promise<void> {
  const { membershipId } = requireMember(ctx, canTrain)
  const judged = share > 0 ? await requireGate(ctx, id, { unjudged }) : undefined
  await inAccount(ctx, async (tx) => {
    const version = await findVersion(tx, ctx, id)
    await refuseUnaccepted(tx, ctx, version.runId)
    // What it was held to is still in charge, and stays so until the trial has begun.
    if (judged !== undefined) await requireChampion(tx, ctx, judged?.id ?? null)
    const champion = await readChampionVersion(tx, ctx)
    if (champion?.id === version.id) throw new AppError('conflict')
    const running = await readTrial(tx, ctx)
    const same = running?.versionId === id && (running.rival?.id ?? null) === (champion?.id ?? null)
    if (same) await changeShare(tx, ctx, share)
    else await beginTrial(tx, ctx, { versionId: id, championId: champion?.id ?? null, share, authorId: membershipId })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
    await record(tx, ctx, { act: 'model.trial_begun', thingId: id, facts: { share } })
  })
  forgetChampion(ctx.accountId)
}

/** @throws not_found */
export async function stopTrial(ctx: Ctx): Promise<void> {
  requireMember(ctx, canTrain)
  await inAccount(ctx, async (tx) => {
    if (!(await endTrial(tx, ctx, 'stopped', trials))) throw new AppError('not_found')
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
    await record(tx, ctx, { act: 'model.trial_stopped' })
  })
  forgetChampion(ctx.accountId)
}
