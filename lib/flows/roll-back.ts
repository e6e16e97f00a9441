/** Puts an earlier version in charge again, or the model that comes along: at once, and without a comparison. */

import { AppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import { endTrial } from '@/lib/features/learning/trials'
import { deploy, findVersion, readChampionVersion, wasInCharge } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** @param id a version that was in charge before; null for the model that comes along @throws not_found, conflict */
export async function rollBack(ctx: Ctx, { id }: { id: string | null }): Promise<{ id: string | null }> {
  const { membershipId } = requireMember(ctx, canTrain)
  await inAccount(ctx, async (tx) => {
    const champion = await readChampionVersion(tx, ctx)
    if (id) await findVersion(tx, ctx, id)
    // What never answered has to pass the comparison first.
    if ((champion?.id ?? null) === id || (id && !(await wasInCharge(tx, ctx, id)))) throw new AppError('conflict')
    const expected = champion?.id ?? null
    await deploy(tx, ctx, { versionId: id, expected, because: 'rolled_back', authorId: membershipId })
    await endTrial(tx, ctx, 'stopped')
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
    await record(tx, ctx, { act: 'model.rolled_back', thingId: id })
  })
  forgetChampion(ctx.accountId)
  return { id }
}
