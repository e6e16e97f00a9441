/** Puts a version in charge of an account's messages, if it holds against the one that is in charge now. */
import { AppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { forgetChampion } from '@/lib/features/learning/champion'
import { readRun } from '@/lib/features/learning/runs'
import { deploy, findVersion, readChampionVersion } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { judgeModels, tryCases } from './judge-models'
import { openDataset } from './open-dataset'

/** @throws not_found, gate_failed, model_away, conflict when another one was put in charge meanwhile */
export async function promoteVersion(ctx: Ctx, { id }: { id: string }): Promise<{ id: string }> {
  const { membershipId } = requireMember(ctx, canTrain)
  const { version, champion, run } = await inAccount(ctx, async (tx) => {
    const found = await findVersion(tx, ctx, id)
    return {
      version: found,
      champion: await readChampionVersion(tx, ctx),
      run: await readRun(tx, ctx, found.runId),
    }
  })
  // The comparison made after training holds while the same model is in charge; otherwise it is made anew.
  const known = run.report?.championId === (champion?.id ?? null) ? run.report.gate : undefined
  const gate = known ?? (await compareNow(ctx, run.datasetId, version.bundle, champion?.bundle ?? null))
  // Cases may have been written since; those that were removed ask for nothing any more.
  const figures = gate.faults.every(({ because }) => because === 'case')
  const cases = await tryCases(ctx, version.bundle)
  if (!figures || cases.some(({ intent, guess }) => intent !== guess)) throw new AppError('gate_failed')
  await inAccount(ctx, async (tx) => {
    await deploy(tx, ctx, {
      versionId: id,
      expected: champion?.id ?? null,
      because: 'promoted',
      authorId: membershipId,
    })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
  })
  forgetChampion(ctx.accountId)
  return { id }
}

async function compareNow(ctx: Ctx, datasetId: string, candidate: string, champion: string | null) {
  const { test } = await openDataset(ctx, datasetId)
  return (await judgeModels(ctx, test, { candidate, champion })).gate
}
