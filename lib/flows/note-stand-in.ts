/** Notices that a version in charge cannot be opened and another answers in its place: pages say so, and owners hear of it once. */
import { type Champion, forgetChampion } from '@/lib/features/learning/champion'
import { putStandIn } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { promiseOf } from '@/models/bundle/name'
import { tellOwners } from './tell-owners'

/** Deployments that are being written about: many messages notice at once. */
const underWay = new Set<string>()

/** Holds nobody up: whoever is answered does not wait for this. @param modelVersion of what answered */
export function noteStandIn(ctx: Ctx, { bundle, deployment }: Champion, modelVersion: string): void {
  if (!deployment) return
  const standIn = promiseOf(bundle)?.digest.startsWith(modelVersion) ? null : modelVersion
  if (standIn === deployment.standIn || underWay.has(deployment.id)) return
  underWay.add(deployment.id)
  void keep(ctx, deployment, standIn)
    .catch((error) => ctx.services.log.warn({ err: error }, 'what stands in for a model was not written down'))
    .finally(() => underWay.delete(deployment.id))
}

async function keep(
  ctx: Ctx,
  { id, version }: NonNullable<Champion['deployment']>,
  standIn: string | null,
): Promise<void> {
  await inAccount(ctx, async (tx) => {
    if (!(await putStandIn(tx, ctx, id, standIn))) return
    if (standIn) await tellOwners(tx, ctx, 'versionRefused', `refused ${id}`, { version })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
  })
  forgetChampion(ctx.accountId)
}
