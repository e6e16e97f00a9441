/** Owners hear once for each plan that ended that the Free one includes fewer people than there are: who can only read from now on. */
import { beyond, readPlaced } from '@/lib/features/billing/places'
import { readSubscription } from '@/lib/features/billing/read'
import { toEntitlements } from '@/lib/features/billing/rules'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { tellOwners } from './tell-owners'

export async function tellOfPlaces(tx: Tx, ctx: Ctx): Promise<void> {
  const subscription = await readSubscription(tx, ctx)
  if (!subscription) return
  const { plan, limits } = toEntitlements(subscription, ctx.now())
  if (limits.seats === null) return
  const waiting = beyond(await readPlaced(tx, ctx), limits.seats)
  if (!waiting.length) return
  const cause = `people wait ${ctx.accountId} ${subscription.periodEnd.toISOString()}`
  const names = waiting.map(({ name }) => name)
  // Desks that are open ask again what they may do.
  if (await tellOwners(tx, ctx, 'peopleWait', cause, { plan, count: limits.seats, names }))
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
}
