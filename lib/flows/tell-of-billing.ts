/** Owners hear of a trial that ends, a payment that is due and a desk that can only be read: from what is stored, so that no lost event keeps it from them. */
import { subscriptionIdOf } from '@/lib/features/billing/customers'
import { readCharges, readSubscription } from '@/lib/features/billing/read'
import { toEntitlements } from '@/lib/features/billing/rules'
import { readChoices } from '@/lib/features/privacy/choices'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { tellOwners } from './tell-owners'

/** So long before a trial's end its owners hear of it, as Stripe's own word of it comes; an hour for clocks, milliseconds. */
const ahead = 3 * 86_400_000 + 3_600_000

/** One mail for a trial, one for a debt and one for the moment from which on the desk is read-only, however often this is called. */
export async function tellOfBilling(tx: Tx, ctx: Ctx): Promise<void> {
  const subscription = await readSubscription(tx, ctx)
  const stripeId = await subscriptionIdOf(tx, ctx)
  if (!subscription || !stripeId) return
  // Of what was bought: a debt outlives its plan.
  const { plan, state, trialEnd, cancelAtPeriodEnd, interval, currency, pastDueSince } = subscription
  const { graceUntil, readOnly } = toEntitlements(subscription, ctx.now())
  if (state === 'trialing' && trialEnd && !cancelAtPeriodEnd && trialEnd.getTime() - ctx.now().getTime() < ahead) {
    const first = (await readCharges(tx, ctx)).filter(({ at }) => at.getTime() === trialEnd.getTime())
    const amount = first.reduce((sum, charge) => sum + charge.amount, 0)
    await tellOwners(tx, ctx, 'trialEnds', stripeId, { plan, date: trialEnd, amount, currency, every: interval })
  }
  if (!graceUntil) return
  // A debt is known by its first day.
  const debt = `${stripeId} ${(pastDueSince ?? graceUntil).toISOString()}`
  const keeps = (await readChoices(tx, ctx)).keepMonths !== null
  if (readOnly) await tellOwners(tx, ctx, 'deskReadOnly', `read-only ${debt}`, { plan, keeps })
  else await tellOwners(tx, ctx, 'paymentFailed', `due ${debt}`, { plan, date: graceUntil, keeps })
}
