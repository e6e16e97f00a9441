/** Which sentence of the billing page holds, where several could stand in one place. */
import { endsWithTrial, hasEnded } from '@/lib/features/billing/from-stripe'
import { type AddOn, type PlanName, plans } from '@/lib/features/billing/plans'
import { isWhole } from '@/lib/features/billing/preview'
import { mayBuy, periodAt, type Subscription, waitsForTrial } from '@/lib/features/billing/rules'
import type { Billing } from '@/lib/flows/read-billing'

type Of<Name extends keyof Billing> = Pick<Billing, Name>

/** What the plan's line says, and the day that it speaks of: of a plan that ends the end, of a payment that is due its last day. */
export function planSaid({ entitlements, subscription, managed }: Of<'entitlements' | 'subscription' | 'managed'>) {
  const { readOnly, graceUntil } = entitlements
  if (subscription?.state === 'canceled' && graceUntil) {
    const said = readOnly ? 'state.readOnlyEnded' : 'state.endedDue'
    return { said, day: subscription.periodEnd, due: graceUntil } as const
  }
  if (readOnly) return { said: 'state.readOnly', day: null, due: null } as const
  if (!subscription) return { said: 'state.free', day: null, due: null } as const
  const { state, periodEnd, cancelAtPeriodEnd } = subscription
  if (!managed && !hasEnded(state)) {
    const [said, day] = cancelAtPeriodEnd
      ? (['state.unmanagedUntil', periodEnd] as const)
      : (['state.unmanaged', null] as const)
    return { said, day, due: null } as const
  }
  if (cancelAtPeriodEnd && !hasEnded(state)) {
    const due = graceUntil
    // What is due may be lost before the end: both days count.
    return due
      ? ({ said: 'state.endingDue', day: periodEnd, due } as const)
      : ({ said: 'state.ending', day: periodEnd, due: null } as const)
  }
  // Stripe calls it active again after a newer invoice of nothing.
  if (graceUntil) return { said: 'state.past_due', day: graceUntil, due: null } as const
  return { said: `state.${state}`, day: periodEnd, due: null } as const
}

/** What is charged next, each with its day; none where nothing will be. */
export function paidSaid({ subscription, charges }: Of<'subscription' | 'charges'>) {
  // With a plan that is over, what is charged are services that are paid on their own.
  const runs =
    subscription && (hasEnded(subscription.state) || ['trialing', 'active', 'past_due'].includes(subscription.state))
  return (runs ? charges : []).map(({ interval, ...charge }) => ({ said: `pays.${interval}`, ...charge }) as const)
}

/** What becomes of further messages, once there are as many as the plan includes. */
export function messagesSaid({
  entitlements,
  used: { messages: used },
  beyond: { labels, bills, price },
  subscription,
  after,
}: Of<'entitlements' | 'used' | 'beyond' | 'subscription' | 'after'>) {
  const { plan, readOnly, limits } = entitlements
  if (used < (readOnly ? (limits.messages ?? 0) : after[plan].includes)) return null
  if (labels === null) return 'beyond.demo'
  if (used >= labels)
    return readOnly || price === null || subscription?.state === 'trialing' ? 'beyond.usedUp' : 'beyond.capped'
  return bills ? 'beyond.billed' : 'beyond.kept'
}

/** No plan runs: none was taken, it has ended, or nothing is paid for it. */
export const isOver = ({ subscription, managed }: Of<'subscription' | 'managed'>): boolean =>
  !subscription || hasEnded(subscription.state) || !managed

/** Stripe changes and ends no plan whose first payment is open. */
export const mayChange = ({ subscription }: Of<'subscription'>): boolean => subscription?.state !== 'incomplete'

/** The day on which the plan was to end, which a change to another one takes back; null: it goes on already, or nothing runs. */
export const takenBack = (billing: Of<'subscription' | 'managed'>): Date | null =>
  !isOver(billing) && billing.subscription?.cancelAtPeriodEnd ? billing.subscription.periodEnd : null

/** When a chosen plan holds, and when its price is charged. */
export function chargeSaid(
  { provider, subscription, managed }: Of<'provider' | 'subscription' | 'managed'>,
  interval: Subscription['interval'],
) {
  const first = !subscription || !managed
  if (first || hasEnded(subscription.state))
    return provider === 'stripe' ? 'dialog.leaves' : first ? 'dialog.trial' : 'dialog.now'
  if (subscription.state === 'trialing') return 'dialog.tried'
  if (subscription.state === 'paused') return 'dialog.resumed'
  // Stripe charges at once where the interval changes, and a new period begins; else what differs waits for the next invoice.
  return subscription.interval === interval ? 'dialog.prorated' : 'dialog.anew'
}

/** What becomes of further messages this month with a plan that includes fewer than there were; null where all get a label. */
export function messagesAfter(
  { provider, subscription, trial, beyond }: Of<'provider' | 'subscription' | 'trial' | 'beyond'>,
  plan: PlanName,
  currency?: Subscription['currency'],
) {
  // In demo billing the Free plan goes on labelling.
  if (plan === 'free') return provider === 'demo' ? null : 'dialog.overFree'
  // A trial sells nothing beyond the plan.
  const tried = trial || subscription?.state === 'trialing'
  const { said } = beyond
  const cap = said && said.currency === currency ? said.cap : 0
  return !tried && cap > 0 && plans[plan].overage ? 'dialog.overBilled' : 'dialog.overUsedUp'
}

/** The cap up to which a plan that ends bills messages beyond it, after its end, too; null: none can be. */
export function lastUse({ subscription, managed, beyond }: Of<'subscription' | 'managed' | 'beyond'>): number | null {
  const bills = managed && (subscription?.state === 'active' || subscription?.state === 'past_due')
  return bills && beyond.price !== null && beyond.cap > 0 ? beyond.cap : null
}

/** What is said where no charge comes after a change. */
export const afterwards = (billing: Of<'subscription' | 'managed' | 'beyond'>) =>
  lastUse(billing) === null ? 'none' : 'beyondOnly'

/** Why a service cannot begin now, as the server would say; null: it can. */
export function refusal({ entitlements, subscription }: Of<'entitlements' | 'subscription'>, name: AddOn) {
  if (waitsForTrial(name, subscription?.state)) return 'afterTrial'
  return mayBuy(entitlements, subscription, name) ? null : 'owed'
}

const longestMonth = 31 * 86_400_000

/** The plan ends before another invoice of Stripe's would come, a year's messages by the month included: what is added is asked for at once. */
function isLast({ provider, subscription: held }: Of<'provider' | 'subscription'>, now: Date): boolean {
  if (provider === 'demo' || !held?.cancelAtPeriodEnd) return false
  const [start, end] = [new Date(held.periodStart), new Date(held.periodEnd)]
  // A month that began on a shorter one's last day ends later than on that day of the next: 28 February to 31 March.
  if (held.interval === 'month' && end.getTime() - start.getTime() <= longestMonth) return true
  return end <= periodAt(start, 'month', now).end
}

/** When a service is charged that begins; of one that ends nothing comes back. */
export function serviceSaid(billing: Of<'provider' | 'subscription'>, name: AddOn, on: boolean, now = new Date()) {
  const { subscription } = billing
  if (subscription?.state === 'trialing')
    return on ? (endsWithTrial(subscription) ? 'addOn.triedOnly' : 'addOn.tried') : 'addOn.over'
  if (subscription?.state === 'paused') return on ? 'addOn.paused' : 'addOn.over'
  // What gives all it has at once costs the month that runs.
  if (!on) return 'addOn.kept'
  if (isLast(billing, now)) return isWhole(name) ? 'addOn.wholeNow' : 'addOn.chargedNow'
  return isWhole(name) ? 'addOn.whole' : 'addOn.charged'
}
