/** What Stripe's objects say about an account, as pure functions: its plan with all that runs beside it, and invoices by kind. */
import type StripeClient from 'stripe'
import type { PriceKind } from './catalog'
import { type Charge, chargesOf, type Discounts, monthlyOf, netOf, netShares } from './monthly'
import {
  type AddOn,
  addOnNames,
  type Currency,
  currencies,
  type Interval,
  type PlanName,
  planNames,
  plans,
} from './plans'
import { type ByWay, noRevenue, type Way, ways } from './revenue'
import { outlived, type State, type Subscription, states } from './rules'

/** What went back of a payment. */
export interface Returned {
  /** Refunds, hundredths. */
  refunded: number
  disputed: boolean
  /** Refunds and what the bank has taken back, each with its day. */
  back: { at: Date; amount: number }[]
}

export interface StripeTruth extends Discounts {
  /** With all of their items. */
  subscriptions: readonly StripeClient.Subscription[]
  /** With all of their lines. */
  invoices: readonly StripeClient.Invoice[]
  /** By invoice. */
  charges: ReadonlyMap<string, Returned>
}

export interface Held extends Subscription {
  stripeId: string
  addOns: AddOn[]
  /** Those of them that are paid in a subscription of their own. */
  ownAddOns: AddOn[]
  monthly: ByWay
  /** What is charged next, where it goes on. */
  charges: Charge[]
}

const time = (seconds: number): Date => new Date(seconds * 1_000)
const ended: readonly string[] = ['canceled', 'incomplete_expired']
/** Nothing comes of it any more. @param state Stripe's word */
export const hasEnded = (state: string): boolean => ended.includes(state)

const idOf = (object: string | { id: string } | null | undefined): string | null =>
  typeof object === 'string' ? object : (object?.id ?? null)

interface Priced {
  recurring: { interval: string } | null
}

/** What is paid for people: the item that says which plan it is. */
export const seatItem = (subscription: StripeClient.Subscription) =>
  subscription.items.data.find(({ price }) => price.metadata.kind === 'plan')

const overageItem = ({ items }: StripeClient.Subscription) =>
  items.data.find(({ price }) => price.metadata.kind === 'overage')

/** Of a thousand messages beyond the plan, hundredths: what this customer's own price says, whatever is sold today. Without one nothing can be billed: 0. */
function overagePrice(subscription: StripeClient.Subscription): number | null {
  const item = overageItem(subscription)
  if (!item) return 0
  const { unit_amount_decimal: each } = item.price
  return each ? Number(each) * 1_000 : null
}

/** The plan whose messages beyond it have no price in its subscription yet, as when it was taken by the year on Checkout; null: none is missing. */
export function lacksOverage(subscription: StripeClient.Subscription): PlanName | null {
  const { status, metadata } = subscription
  const plan = seatItem(subscription)?.price.metadata.plan
  // One that was made by hand has what the operator agreed on.
  if (!metadata.account || !isKnown(subscription) || !['trialing', 'active', 'past_due'].includes(status)) return null
  return isPlan(plan) && plans[plan].overage && !overageItem(subscription) ? plan : null
}

/** When it ends, if that was asked for; "at the period's end" is the earliest end of its items there. */
function endOf({ cancel_at, cancel_at_period_end, items }: StripeClient.Subscription): number | null {
  if (cancel_at !== null || !cancel_at_period_end) return cancel_at
  return Math.min(...items.data.map((item) => item.current_period_end))
}

/** It was told to end before the period that is paid for people does, as the portal does with a yearly plan. */
export function endsEarly(subscription: StripeClient.Subscription): boolean {
  const [seat, end] = [seatItem(subscription), endOf(subscription)]
  return Boolean(seat && end && subscription.cancel_at_period_end && end < seat.current_period_end)
}

/** What runs counts most, then what is owed, then what waits for somebody, then what is over. */
const ranks: Partial<Record<string, number>> = { active: 4, trialing: 3, past_due: 2, unpaid: 1 }
const rankOf = ({ status }: StripeClient.Subscription): number => (hasEnded(status) ? -1 : (ranks[status] ?? 0))

const isKnown = ({ currency, status }: StripeClient.Subscription): boolean =>
  currencies.some((one) => one === currency) && states.some((one) => one === status)

/** Ours, the one to go by first. One of another product's, or in a currency that is not sold, says nothing. */
const ranked = (subscriptions: readonly StripeClient.Subscription[]): StripeClient.Subscription[] =>
  subscriptions
    .filter((one) => isKnown(one) && isPlan(seatItem(one)?.price.metadata.plan))
    .sort((a, b) => rankOf(b) - rankOf(a) || b.created - a.created || (a.id < b.id ? 1 : -1))

/** Of those that are not over, the one to change; null when nothing runs. */
export const runningIn = (subscriptions: readonly StripeClient.Subscription[]): StripeClient.Subscription | null =>
  ranked(subscriptions).find(({ status }) => !hasEnded(status)) ?? null

/**
 * What an operator should look at: a customer pays for more than one plan, or in a currency that the plans do not have, or Stripe did not
 * take the price of messages beyond the plan, or the meter counted other than it was told.
 */
export type Odd = 'several' | 'currency' | 'overage' | 'usage'
export function oddOf(subscriptions: readonly StripeClient.Subscription[]): Odd[] {
  const running = subscriptions.filter((one) => seatItem(one) && !hasEnded(one.status))
  const found: Odd[] = []
  if (ranked(running).length > 1) found.push('several')
  if (running.some(({ currency }) => !currencies.some((one) => one === currency))) found.push('currency')
  if (running.some(lacksOverage)) found.push('overage')
  return found
}

/** When an invoice was to be paid, seconds: one that is sent has a day for it. */
const dueAt = ({ due_date, created, status_transitions: { finalized_at } }: StripeClient.Invoice): number =>
  due_date ?? finalized_at ?? created

const finalAt = ({ created, status_transitions: { finalized_at } }: StripeClient.Invoice): number =>
  finalized_at ?? created

/**
 * Invoices that were to be paid and were not, after the last one that was: with that one an account was square again. One of nothing
 * or less is "paid" without anybody paying.
 */
function owedOf({ id }: StripeClient.Subscription, invoices: readonly StripeClient.Invoice[]): StripeClient.Invoice[] {
  const own = invoices.filter((invoice) => subscriptionIdOf(invoice) === id)
  const paid = own.filter(({ status, amount_paid }) => status === 'paid' && amount_paid > 0)
  const square = Math.max(0, ...paid.map(finalAt))
  return own.filter(
    (invoice) =>
      invoice.status === 'open' &&
      // A first payment that was tried and never made began nothing.
      (invoice.collection_method === 'send_invoice' ||
        (invoice.attempted && invoice.billing_reason !== 'subscription_create')) &&
      finalAt(invoice) > square,
  )
}

/** Where none of them is open any more (written off, for instance) it is owed since the last one. */
const lastFinal = (id: string, invoices: readonly StripeClient.Invoice[], since: number): number => {
  const final = invoices.filter((invoice) => invoice.status !== 'draft' && subscriptionIdOf(invoice) === id)
  return final.length ? Math.max(...final.map(finalAt)) : since
}

/**
 * Something is to be paid: Stripe says so of what runs; or it goes on, as after a newer invoice of nothing, or has ended, whoever ended it,
 * and what was to be paid is still open.
 */
const isDue = ({ status }: StripeClient.Subscription, owed: readonly unknown[]): boolean =>
  status === 'past_due' || status === 'unpaid' || (outlived.includes(status) && owed.length > 0)

/** When a plan ended, so that no later use is its; null while it goes on. */
export const endedAt = ({ state, periodEnd }: Pick<Held, 'state' | 'periodEnd'>): Date | null =>
  hasEnded(state) ? periodEnd : null

/** A trial that does not run on: nothing of the plan, or beside it, is ever charged. */
export const endsWithTrial = ({
  state,
  cancelAtPeriodEnd,
  periodEnd,
  trialEnd,
}: Pick<Held, 'state' | 'cancelAtPeriodEnd' | 'periodEnd' | 'trialEnd'>): boolean =>
  state === 'trialing' && cancelAtPeriodEnd && trialEnd !== null && new Date(periodEnd) <= new Date(trialEnd)

const sumOf = (amounts: readonly ByWay[]): ByWay =>
  amounts.reduce(
    (sum, one) => Object.fromEntries(ways.map((way): [Way, number] => [way, sum[way] + one[way]])) as ByWay,
    noRevenue(),
  )

/** Its money is in what recurs a month. */
const pays = ({ status }: StripeClient.Subscription): boolean => status === 'active' || status === 'past_due'

const servicesIn = (subscriptions: readonly StripeClient.Subscription[]): AddOn[] => {
  const kinds = subscriptions.flatMap(({ items }) => items.data.map(({ price }) => price.metadata.kind))
  return addOnNames.filter((name) => kinds.includes(name))
}

/** The plan to go by, and what is paid beside it in any other subscription that runs. Null when none is one of ours. */
export function subscriptionOf({ subscriptions, invoices, ...discounts }: StripeTruth): Held | null {
  const [best] = ranked(subscriptions)
  const seat = best && seatItem(best)
  const plan = seat?.price.metadata.plan
  if (!best || !seat || !isPlan(plan)) return null
  const { recurring } = seat.price as Priced
  const owed = owedOf(best, invoices)
  const since = owed.length ? Math.min(...owed.map(dueAt)) : lastFinal(best.id, invoices, seat.current_period_start)
  const others = subscriptions.filter((one) => one !== best && isKnown(one))
  const beside = others.filter(({ status }) => status === 'trialing' || status === 'active' || status === 'past_due')
  // What is paid holds in any currency; amounts of different ones are never added up.
  const alike = beside.filter(({ currency }) => currency === best.currency)
  const goesOn = hasEnded(best.status) ? [] : [best]
  const own = servicesIn(beside)
  const shares = netShares(invoices)
  return {
    stripeId: best.id,
    plan,
    interval: recurring?.interval === 'year' ? 'year' : ('month' satisfies Interval),
    currency: best.currency as Currency,
    state: best.status as State,
    // A plan without a person is nobody's; Stripe lets one put 0.
    seats: Math.max(1, seat.quantity ?? 1),
    periodStart: time(seat.current_period_start),
    // One that is over went until then, whatever its period.
    periodEnd: time(best.ended_at ?? endOf(best) ?? seat.current_period_end),
    trialEnd: best.trial_end === null ? null : time(best.trial_end),
    cancelAtPeriodEnd: best.cancel_at_period_end || best.cancel_at !== null,
    pastDueSince: isDue(best, owed) ? time(since) : null,
    addOns: servicesIn([...goesOn, ...beside]),
    ownAddOns: own,
    monthly: sumOf([best, ...alike].filter(pays).map((one) => monthlyOf(one, discounts, shares))),
    charges: [...goesOn, ...alike]
      .filter((one) => pays(one) || one.status === 'trialing')
      .flatMap((one) => chargesOf(one, discounts, endOf(one)))
      .sort((a, b) => a.at.getTime() - b.at.getTime() || a.amount - b.amount),
    overage: overagePrice(best),
    each: seat.price.unit_amount_decimal === null ? null : Number(seat.price.unit_amount_decimal),
  }
}

const subscriptionIdOf = (invoice: StripeClient.Invoice): string | null =>
  idOf(invoice.parent?.subscription_details?.subscription)

export type InvoiceState = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'
export interface StoredInvoice extends Returned {
  stripeId: string
  number: string | null
  state: InvoiceState
  currency: string
  total: number
  paid: number
  /** Left to pay: credit from before is no part of it. */
  due: number
  paidAt: Date | null
  /** The newest day of what went back. */
  backAt: Date | null
  kinds: Partial<Record<PriceKind, number>>
  url: string | null
  createdAt: Date
}

/** @param kindOf what a price is for, by its id; lines of prices that are not ours count as the plan's */
export function invoiceOf(
  invoice: StripeClient.Invoice,
  charges: StripeTruth['charges'],
  kindOf: (price: string) => PriceKind | undefined,
): StoredInvoice | null {
  if (!invoice.id || !invoice.status) return null
  const kinds: StoredInvoice['kinds'] = {}
  for (const line of invoice.lines.data) {
    const kind = kindOf(idOf(line.pricing?.price_details?.price) ?? '') ?? 'plan'
    kinds[kind] = (kinds[kind] ?? 0) + netOf(line).net
  }
  const returned = charges.get(invoice.id) ?? { refunded: 0, disputed: false, back: [] }
  const days = returned.back.map(({ at }) => at.getTime())
  const paidAt = invoice.status_transitions.paid_at
  return {
    stripeId: invoice.id,
    number: invoice.number,
    // A closed list at Stripe; the table's check holds it.
    state: invoice.status as InvoiceState,
    currency: invoice.currency,
    total: invoice.total,
    paid: invoice.amount_paid,
    due: invoice.amount_remaining,
    paidAt: paidAt === null ? null : time(paidAt),
    ...returned,
    backAt: days.length ? new Date(Math.max(...days)) : null,
    kinds,
    url: invoice.hosted_invoice_url ?? null,
    createdAt: time(invoice.created),
  }
}

/** Plan names are a closed list; anything else at Stripe is not ours. */
export const isPlan = (name: string | undefined): name is PlanName => planNames.some((one) => one === name)
