/** What an account may do, as a pure function of its subscription and the time; and how a subscription without a provider's clock moves on. */
import {
  type AddOn,
  broughtBy,
  type Currency,
  type Feature,
  features,
  type Interval,
  type PlanName,
  planNames,
  plans,
} from './plans'

export const states = [
  'trialing',
  'active',
  'past_due',
  'paused',
  'unpaid',
  'canceled',
  'incomplete',
  'incomplete_expired',
] as const
/** Stripe's words for a subscription (docs.stripe.com/api/subscriptions/object). */
export type State = (typeof states)[number]

export interface Subscription {
  plan: PlanName
  interval: Interval
  currency: Currency
  state: State
  seats: number
  periodStart: Date
  periodEnd: Date
  trialEnd: Date | null
  cancelAtPeriodEnd: boolean
  pastDueSince: Date | null
  /** Of a thousand messages beyond the plan, hundredths, as it was bought; 0: it was not, and none is billed; null: the table's price. */
  overage?: number | null
  /** Of one person, hundredths, as it was bought; null: the table's price. */
  each?: number | null
}

/** What counts against a plan. */
export const measures = ['seats', 'trainings', 'intents', 'messages'] as const
export type Measure = (typeof measures)[number]

export interface Entitlements {
  plan: PlanName
  /** A payment is due: the desk goes on until then. */
  graceUntil: Date | null
  /** It was not paid in time: the desk can be read, the chat goes on. */
  readOnly: boolean
  /** Null: no limit by number. A feature that is included has none; of one that is not there are 0. */
  limits: Record<Measure | Feature, number | null>
}

/** An unpaid invoice changes nothing for so long, days. */
export const graceDays = 7
const day = 86_400_000

const paid: readonly State[] = ['trialing', 'active', 'past_due']

/** Stripe's words that say nothing about what is still open. */
export const outlived: readonly string[] = ['active', 'canceled']

/** Until when a payment may be due; null when none is. */
function graceOf({ state, pastDueSince, periodStart }: Subscription, now: Date): Date | null {
  // A debt outlives the plan, and a newer invoice of nothing. An invoice that is sent is due on a day of its own.
  const owed = outlived.includes(state) && pastDueSince !== null && pastDueSince <= now
  if (state !== 'past_due' && state !== 'unpaid' && !owed) return null
  return new Date((pastDueSince ?? periodStart).getTime() + graceDays * day)
}

/** What was bought beside a plan. */
export interface Bought {
  addOns: readonly AddOn[]
  /** Those of them that are paid in a subscription of their own: they hold without the plan, too. */
  own: readonly AddOn[]
}

/**
 * Nothing, or what has ended, is the Free plan; services that are paid on their own hold beside it. A plan whose payment is due keeps its
 * limits in grace; then it is read-only with the Free plan's, as one that ended with a debt is.
 */
export function toEntitlements(
  subscription: Subscription | null,
  now: Date,
  { addOns, own }: Bought = { addOns: [], own: [] },
): Entitlements {
  const graceUntil = subscription && graceOf(subscription, now)
  const held = subscription && (subscription.state === 'unpaid' || paid.includes(subscription.state))
  const { name, seats } = held ? plans[subscription.plan] : plans.free
  const readOnly = graceUntil !== null && (subscription?.state === 'unpaid' || now > graceUntil)
  // Its people are asked for as they were, and come back with the payment.
  const { trainings, intents, messages, ...plan } = plans[held && !readOnly ? name : 'free']
  const brought = (held && !readOnly ? addOns : own).flatMap((addOn) => broughtBy[addOn] ?? [])
  const has = new Set([...plan.features, ...brought])
  const included = Object.fromEntries(features.map((feature) => [feature, has.has(feature) ? null : 0]))
  return {
    plan: name,
    graceUntil,
    readOnly,
    limits: { seats, trainings, intents, messages, ...(included as Record<Feature, 0 | null>) },
  }
}

/** Of all this, what reads what is there, and visitors' messages, go on while a payment is overdue. */
const goesOn: readonly (Measure | Feature)[] = ['messages', 'files', 'data', 'audit']

/** One more of a measure when `used` are there, or a feature at all? The one question about a plan. */
export function allows({ limits, readOnly }: Entitlements, what: Measure | Feature, used = 0): boolean {
  const limit = limits[what]
  return (!readOnly || goesOn.includes(what)) && (limit === null || used < limit)
}

/** What a service gives it gives at once: one that brings something is sold when the plan is paid, not while it is tried. @param state Stripe's word */
export const waitsForTrial = (addOn: AddOn, state: string | undefined): boolean =>
  state === 'trialing' && broughtBy[addOn] !== undefined

/**
 * Whether an account may buy this. One that owes, in grace or after, buys nothing on credit: no service, no larger plan, and no other
 * interval, which would be a new period with what nobody paid taken off. Ending, and a smaller plan, stay open.
 */
export function mayBuy(
  { graceUntil }: Pick<Entitlements, 'graceUntil'>,
  held: Pick<Subscription, 'plan' | 'interval'> | null,
  wanted: Pick<Subscription, 'plan' | 'interval'> | AddOn,
): boolean {
  if (graceUntil === null) return true
  if (typeof wanted === 'string' || !held) return false
  return planNames.indexOf(wanted.plan) <= planNames.indexOf(held.plan) && wanted.interval === held.interval
}

/** The same day of the next month or year, or the month's last (UTC), counted from `anchor` so that the 31st comes back after a short month. */
export function periodAfter(anchor: Date, interval: Interval, periods: number): Date {
  const months = interval === 'year' ? 12 * periods : periods
  const last = new Date(Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + months + 1, 0)).getUTCDate()
  const next = new Date(anchor)
  next.setUTCDate(1)
  next.setUTCMonth(anchor.getUTCMonth() + months)
  next.setUTCDate(Math.min(anchor.getUTCDate(), last))
  return next
}

/** The period that holds a moment, counted from `anchor`. */
export function periodAt(anchor: Date, interval: Interval, at: Date): { start: Date; end: Date } {
  let periods = 0
  while (periodAfter(anchor, interval, periods + 1) <= at) periods++
  return { start: periodAfter(anchor, interval, periods), end: periodAfter(anchor, interval, periods + 1) }
}

/**
 * Where a subscription that no provider renews stands at `now`: a trial that ended is active from its end on, a period
 * that ended is followed by the next, and one that was cancelled has ended.
 */
export function advance(subscription: Subscription, now: Date): Subscription {
  if (now < subscription.periodEnd || !paid.includes(subscription.state)) return subscription
  if (subscription.cancelAtPeriodEnd) return { ...subscription, state: 'canceled' }
  const { interval, trialEnd } = subscription
  const { start, end } = periodAt(trialEnd ?? subscription.periodStart, interval, now)
  return { ...subscription, state: 'active', periodStart: start, periodEnd: end }
}

export interface Over {
  measure: Measure
  used: number
  limit: number
}

/** What an account has more of than a plan includes: said before it changes to it. */
export function overOf(plan: PlanName, used: Record<Measure, number>): Over[] {
  return measures.flatMap((measure) => {
    const limit = plans[plan][measure]
    return limit !== null && used[measure] > limit ? [{ measure, used: used[measure], limit }] : []
  })
}

/** What an account has now and would not have with another plan; services go on beside a paid one, those of their own beside any. */
export function lostWith(plan: PlanName, { limits }: Entitlements, { addOns, own }: Bought): Feature[] {
  const kept = (plan === 'free' ? own : addOns).flatMap((addOn) => broughtBy[addOn] ?? [])
  return features.filter(
    (feature) => limits[feature] === null && !plans[plan].features.includes(feature) && !kept.includes(feature),
  )
}

/** Usage by the month's end if it goes on as since `start`; no forecast from less than a day. */
export function forecast(used: number, start: Date, end: Date, now: Date): number | null {
  const gone = now.getTime() - start.getTime()
  if (gone < day) return null
  return Math.round((used * (end.getTime() - start.getTime())) / Math.min(gone, end.getTime() - start.getTime()))
}

/** The calendar month of `now`, UTC. */
export function monthOf(now: Date): { start: Date; end: Date } {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
  return { start: new Date(Date.UTC(year, month, 1)), end: new Date(Date.UTC(year, month + 1, 1)) }
}

/** What an owner allows for messages beyond the plan in a month, hundredths. */
export interface Spend {
  /** Nothing beyond the plan is labelled or billed until it is above 0. */
  cap: number
  /** Owners get a mail at this amount; null: none. */
  alert: number | null
}

/** As it was said. */
export interface Said extends Spend {
  /** Null: before there was a plan. */
  currency: Currency | null
}

/** An amount allows nothing in another currency. Where nothing is paid there is nothing to allow. */
export function spendFor(said: Said | null, subscription: Subscription | null): Spend {
  if (!said || (subscription && said.currency !== subscription.currency)) return { cap: 0, alert: null }
  return { cap: said.cap, alert: said.alert }
}

/** What one person more costs a period, hundredths, from the day they join (of a trial, from its end); null: nothing is paid for people. */
export function eachOf(subscription: Subscription | null): number | null {
  if (!subscription || !paid.includes(subscription.state) || subscription.plan === 'free') return null
  const { plan, currency, interval, each } = subscription
  return each ?? plans[plan].price[currency][interval]
}

/** What a thousand messages beyond the plan cost this subscription, hundredths; null: the plan sells none, or the subscription has no price for them. */
export function overageOf({ plan, currency, overage }: Subscription): number | null {
  const listed = plans[plan].overage?.[currency] ?? null
  return listed && ((overage ?? listed) || null)
}

/** Of a thousand, hundredths, where messages beyond the plan can be billed now: never in a trial, nor where the plan sells none. */
export function billablePrice(subscription: Subscription | null): number | null {
  const bills = subscription && ['active', 'past_due'].includes(subscription.state)
  return bills ? overageOf(subscription) : null
}

/**
 * What brings labels back within a month whose labels are used up: a larger plan, a higher cap, either, or its end alone.
 * @param price of a thousand beyond the plan, hundredths; null: none can be billed
 */
export function moreLabels({ plan, readOnly }: Entitlements, price: number | null): 'either' | 'plan' | 'cap' | 'wait' {
  if (readOnly) return 'wait'
  if (plan === planNames.at(-1)) return price ? 'cap' : 'wait'
  return price ? 'either' : 'plan'
}

/**
 * How many messages more the cap pays for.
 * @param price of a thousand, hundredths; null: none can be billed
 * @param spent what was put down this month, thousandths of hundredths
 */
export function extraOf(price: number | null, cap: number, spent = 0): number {
  return price ? Math.floor(Math.max(0, cap * 1_000 - spent) / price) : 0
}

/** Messages of a month that get a label: those that are not billed, those that are billed already, and those that the cap still pays for. */
export const labelsOf = (
  { included, reported, spent }: { included: number; reported: number; spent: number },
  price: number | null,
  cap: number,
): number => included + reported + extraOf(price, cap, spent)

/** Messages of a month that are billed beyond what it includes. */
export const billedOf = (used: number, included: number, extra: number): number =>
  Math.min(Math.max(0, used - included), extra)

/** Hundredths, rounded up. @param spent thousandths of hundredths */
export const costOf = (spent: number): number => Math.ceil(spent / 1_000)

/** Its price is asked for by time: a change within a period is prorated. */
export const isPaidFor = ({ state }: Pick<Subscription, 'state'>): boolean =>
  ['active', 'past_due', 'unpaid'].includes(state)

/**
 * Messages that a month includes when its plan changes now: each plan's, by the part of the month it is held.
 * @param included what it included until now
 */
export function includedAfter(included: number, was: PlanName, is: PlanName, now: Date): number {
  const { start, end } = monthOf(now)
  const rest = (end.getTime() - now.getTime()) / (end.getTime() - start.getTime())
  return Math.round(included + (plans[is].messages - plans[was].messages) * rest)
}

/**
 * From when a smaller plan can be taken: as soon as it would include what was used of the month, the next one at the latest. Else a day
 * of a larger plan would buy a month of its messages. Null: now.
 */
export function smallerFrom(included: number, used: number, was: PlanName, is: PlanName, now: Date): Date | null {
  const less = plans[was].messages - plans[is].messages
  if (less <= 0 || includedAfter(included, was, is, now) >= used) return null
  const { start, end } = monthOf(now)
  const rest = Math.max(0, included - used) / less
  return new Date(Math.ceil(end.getTime() - rest * (end.getTime() - start.getTime())))
}
