/** Puts a version in charge of an account's messages, if it holds against the one that is in charge now. */

import { AppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetChampion, isMergedAlike, readNames } from '@/lib/features/learning/champion'
import { refuseUnaccepted } from '@/lib/features/learning/orders'
import { readRun } from '@/lib/features/learning/runs'
import { beginTrial, endTrial } from '@/lib/features/learning/trials'
import { deploy, findVersion, readChampionVersion, type Version } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { judgeModels, tryCases } from './judge-models'
import { openDataset } from './open-dataset'

interface Wanted {
  /** Whoever asks knows that there are too few held-out texts to tell whether it is any good. */
  unjudged?: boolean | undefined
}

/** @throws not_found, gate_failed, cases_fail, not_judged, model_away, conflict when another one was put in charge meanwhile */
export async function promoteVersion(ctx: Ctx, { id, ...wanted }: { id: string } & Wanted): Promise<{ id: string }> {
  const { membershipId } = requireMember(ctx, canTrain)
  const champion = await requireGate(ctx, id, wanted)
  // Pressed twice: one that watched itself beside itself could never give way.
  if (champion?.id === id) return { id }
  await inAccount(ctx, async (tx) => {
    await deploy(tx, ctx, {
      versionId: id,
      expected: champion?.id ?? null,
      because: 'promoted',
      authorId: membershipId,
    })
    // Its predecessor goes on beside it for a while, silently: if people's word is against the new one, it comes back.
    await endTrial(tx, ctx, 'promoted', { versionId: id })
    // Another one was tried beside a version that does not answer any more.
    await endTrial(tx, ctx, 'stopped')
    await beginTrial(tx, ctx, { versionId: id, championId: champion?.id ?? null, share: 100, authorId: membershipId })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
    await record(tx, ctx, { act: 'model.promoted', thingId: id })
  })
  forgetChampion(ctx.accountId)
  return { id }
}

/** The version holds against the one in charge, which comes back. @throws not_found, not_accepted, gate_failed, cases_fail, not_judged, model_away */
export async function requireGate(ctx: Ctx, id: string, { unjudged = false }: Wanted = {}): Promise<Version | null> {
  const { version, champion, run, names } = await inAccount(ctx, async (tx) => {
    const found = await findVersion(tx, ctx, id)
    await refuseUnaccepted(tx, ctx, found.runId)
    return {
      version: found,
      champion: await readChampionVersion(tx, ctx),
      run: await readRun(tx, ctx, found.runId),
      names: await readNames(tx, ctx),
    }
  })
  if (champion?.id === id) return champion
  // The comparison made after training holds while the same model is in charge and intents are merged as then; else it is made anew.
  const then = run.report?.championId === (champion?.id ?? null) && isMergedAlike(run.report?.merged, names)
  // One of before did not look at what the champion cannot know.
  const kept = then && run.report?.gate.grown !== undefined ? run.report.gate : null
  const gate = kept ?? (await compareNow(ctx, run.datasetId, version.bundle, champion?.bundle ?? null))
  // Cases may have been written since; those that were removed ask for nothing any more.
  const faults = gate.faults.filter(({ because }) => because !== 'case')
  if (faults.length) throw new AppError('gate_failed', { faults })
  const cases = await tryCases(ctx, version.bundle)
  const count = cases.filter(({ intent, guess }) => intent !== guess).length
  if (count) throw new AppError('cases_fail', { count })
  if (gate.unjudged && !unjudged) throw new AppError('not_judged')
  return champion
}

async function compareNow(ctx: Ctx, datasetId: string, candidate: string, champion: string | null) {
  const { test } = await openDataset(ctx, datasetId)
  return (await judgeModels(ctx, test, { candidate, champion })).gate
}
