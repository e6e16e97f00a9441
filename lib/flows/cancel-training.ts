/** A training run that nobody wants any more ends; its worker notices within a second. */

import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { cancelRun } from '@/lib/features/learning/runs'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** @throws not_found, conflict when it has ended already */
export async function cancelTraining(ctx: Ctx, { id }: { id: string }): Promise<{ id: string }> {
  requireMember(ctx, canTrain)
  return inAccount(ctx, async (tx) => {
    await cancelRun(tx, ctx, id)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'training', runId: id } })
    await record(tx, ctx, { act: 'training.cancelled', thingId: id })
    return { id }
  })
}
