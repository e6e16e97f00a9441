/** What falls due in the emulator's world as its clock moves: renewals, ends, further tries of a payment. */
import { periodAfter, periodAt } from '@/lib/features/billing/rules'
import type { Price, Subscription } from './objects'
import type { StripeWorld } from './world'

const day = 86_400
const retries = [3 * day, 7 * day]
const unpaidAfter = 14 * day
/** A first payment that was never made lets the subscription go after 23 hours. */
const incompleteFor = 23 * 3_600

/** The end of a price's period that begins then, seconds. */
export const after = (from: number, price: Price): number =>
  periodAfter(new Date(from * 1_000), price.recurring.interval, 1).getTime() / 1_000

/** The first period of a price that joins: a trial's, or from now on; a month beside a year is counted from the year's day. */
export function firstPeriod({ status, trial_end, items }: Subscription, price: Price, now: number): [number, number] {
  if (trial_end && status === 'trialing') return [now, trial_end]
  const year = items.data.find((one) => one.price.recurring.interval === 'year')
  if (!year || price.recurring.interval !== 'month') return [now, after(now, price)]
  const { start, end } = periodAt(new Date(year.current_period_start * 1_000), 'month', new Date(now * 1_000))
  return [start.getTime() / 1_000, end.getTime() / 1_000]
}

/** A page of Checkout can be paid for a day. */
export function closePages(world: StripeWorld): void {
  for (const session of world.sessions.values())
    if (session.status === 'open' && session.expires_at <= world.now)
      Object.assign(session, { status: 'expired', url: null })
}

interface Due {
  at: number
  act: () => void
}

/** What comes first until then; null when nothing does. */
export function nextDue(world: StripeWorld, to: number): Due | null {
  const due = [...[...world.subscriptions.values()].map((one) => ofPlan(world, one)), ...ofPayments(world)]
  const [first] = due.filter((one): one is Due => one !== null && one.at <= to).sort((a, b) => a.at - b.at)
  return first ?? null
}

function ofPlan(world: StripeWorld, one: Subscription): Due | null {
  if (one.status === 'incomplete') return { at: one.created + incompleteFor, act: () => letGo(world, one) }
  if (!['trialing', 'active', 'past_due', 'unpaid'].includes(one.status)) return null
  const at = Math.min(...one.items.data.map((item) => item.current_period_end))
  const end = one.cancel_at ?? (one.cancel_at_period_end ? at : Number.POSITIVE_INFINITY)
  return end <= at ? { at: end, act: () => finish(world, one) } : { at, act: () => renew(world, one) }
}

function ofPayments(world: StripeWorld): Due[] {
  const due: Due[] = []
  for (const one of world.invoices.values()) {
    const subscription = world.subscriptions.get(one.parent.subscription_details.subscription)
    if (one.status !== 'open' || !one.attempted || subscription?.status === 'incomplete') continue
    const since = one.status_transitions.finalized_at
    const wait = retries[one.attempt_count - 1]
    if (wait) due.push({ at: since + wait, act: () => world.tryToPay(one) })
    if (subscription?.status === 'past_due' && subscription.latest_invoice === one.id)
      due.push({ at: since + unpaidAfter, act: () => giveUp(world, subscription) })
  }
  return due
}

function setStatus(world: StripeWorld, subscription: Subscription, status: string): void {
  subscription.status = status
  world.update(subscription)
}

/** As the seller's setting says. */
function giveUp(world: StripeWorld, subscription: Subscription): void {
  if (world.endsUnpaid) world.cancel(subscription.id, 'payment_failed')
  else setStatus(world, subscription, 'unpaid')
}

/** Parts of periods that wait are asked for at the end, and go where it comes at once (docs.stripe.com/api/subscriptions/cancel). */
function finish(world: StripeWorld, subscription: Subscription): void {
  if (world.pending.get(subscription.id)?.length) world.bill(subscription, [])
  world.cancel(subscription.id)
}

function letGo(world: StripeWorld, subscription: Subscription): void {
  const invoice = world.invoices.get(subscription.latest_invoice ?? '')
  if (invoice) invoice.status = 'void'
  setStatus(world, subscription, 'incomplete_expired')
}

function renew(world: StripeWorld, subscription: Subscription): void {
  const due = subscription.items.data.filter(({ current_period_end }) => current_period_end <= world.now)
  for (const item of due)
    while (item.current_period_end <= world.now) {
      item.current_period_start = item.current_period_end
      item.current_period_end = after(item.current_period_start, item.price)
    }
  if (subscription.status === 'trialing') subscription.status = 'active'
  world.bill(subscription, due)
  world.update(subscription)
}
