/** Puts an earlier version in charge again, or the model that comes along: at once, and without a comparison. */

import { AppError, isAppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import { refuseUnaccepted } from '@/lib/features/learning/orders'
import { endTrial } from '@/lib/features/learning/trials'
import { deploy, findVersion, readChampionVersion, readPast, type Version } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { tryCases } from './judge-models'

/** The way back is wanted now: cases that are not answered by then are not waited for, milliseconds. */
const patience = 2_000

/**
 * @param id a version that was in charge before; null for the model that comes along
 * @param anyway whoever asks knows that it gave way, or gets cases wrong
 * @throws not_found, conflict, not_accepted, gave_way, cases_fail
 */
export async function rollBack(
  ctx: Ctx,
  { id, anyway = false }: { id: string | null; anyway?: boolean | undefined },
): Promise<{ id: string | null }> {
  const { membershipId } = requireMember(ctx, canTrain)
  const { expected, version, past } = await inAccount(ctx, async (tx) => {
    const champion = await readChampionVersion(tx, ctx)
    const found = id ? await findVersion(tx, ctx, id) : null
    const was = id ? await readPast(tx, ctx, id) : null
    // What never answered has to pass the comparison first.
    if ((champion?.id ?? null) === id || (id && !was)) throw new AppError('conflict')
    return { expected: champion?.id ?? null, version: found, past: was }
  })
  if (!anyway) await refuseDoubtful(ctx, version, past?.gaveWay === true)
  await inAccount(ctx, async (tx) => {
    if (version) await refuseUnaccepted(tx, ctx, version.runId)
    await deploy(tx, ctx, { versionId: id, expected, because: 'rolled_back', authorId: membershipId })
    await endTrial(tx, ctx, 'stopped')
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
    await record(tx, ctx, { act: 'model.rolled_back', thingId: id })
  })
  forgetChampion(ctx.accountId)
  return { id }
}

/** What speaks against it is said once; whoever wants it all the same says so. @throws gave_way, cases_fail */
async function refuseDoubtful(ctx: Ctx, version: Version | null, gaveWay: boolean): Promise<void> {
  if (gaveWay) throw new AppError('gave_way')
  const cases = await tryCases(ctx, version?.bundle ?? null, patience).catch((error) => {
    // Inference that is away is no reason to keep somebody with a version that does harm.
    if (isAppError(error) && error.code === 'model_away') return []
    throw error
  })
  const count = cases.filter(({ intent, guess }) => intent !== guess).length
  if (count) throw new AppError('cases_fail', { count })
}
