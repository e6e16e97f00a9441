/** What Stripe's objects say about an account, as pure functions: the newest subscription that is not over, and invoices by kind. */
import type StripeClient from 'stripe'
import type { PriceKind } from './catalog'
import { type Discounts, monthlyOf } from './monthly'
import { type AddOn, addOnNames, type Currency, type Interval, type PlanName, planNames } from './plans'
import type { ByWay } from './revenue'
import { type State, type Subscription, states } from './rules'

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
  monthly: ByWay
}

const time = (seconds: number): Date => new Date(seconds * 1_000)
const ended: readonly string[] = ['canceled', 'incomplete_expired']
/** Nothing comes of it any more. @param state Stripe's word */
export const hasEnded = (state: string): boolean => ended.includes(state)

const idOf = (object: string | { id: string } | null | undefined): string | null =>
  typeof object === 'string' ? object : (object?.id ?? null)

interface Priced {
  metadata: StripeClient.Metadata
  recurring: { interval: string } | null
}

/** What is paid for people: the item that says which plan it is. */
export const seatItem = (subscription: StripeClient.Subscription) =>
  subscription.items.data.find(({ price }) => price.metadata.kind === 'plan')

/** Of a thousand messages beyond the plan, hundredths: what this customer's own price says, whatever is sold today. */
function overagePrice({ items }: StripeClient.Subscription): number | null {
  const price = items.data.find((item) => item.price.metadata.kind === 'overage')?.price
  return price?.unit_amount_decimal ? Number(price.unit_amount_decimal) * 1_000 : null
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

/** The subscription to go by: those that run before those that are over, then the newest. Null when none is one of ours. */
export function subscriptionOf({ subscriptions, invoices, ...discounts }: StripeTruth): Held | null {
  const ours = subscriptions.filter((one) => seatItem(one) && (states as readonly string[]).includes(one.status))
  const [best] = [...ours].sort(
    (a, b) =>
      Number(hasEnded(a.status)) - Number(hasEnded(b.status)) || b.created - a.created || (a.id < b.id ? 1 : -1),
  )
  const seat = best && seatItem(best)
  if (!best || !seat) return null
  const { metadata, recurring } = seat.price as Priced
  const plan = planNames.find((name) => name === metadata.plan)
  if (!plan) return null
  const unpaid = invoices
    .filter((invoice) => invoice.status === 'open' && invoice.attempted && subscriptionIdOf(invoice) === best.id)
    .map((invoice) => invoice.status_transitions.finalized_at ?? invoice.created)
  const due = best.status === 'past_due' || best.status === 'unpaid'
  const kinds = best.items.data.map(({ price }) => price.metadata.kind)
  return {
    stripeId: best.id,
    plan,
    interval: recurring?.interval === 'year' ? 'year' : ('month' satisfies Interval),
    currency: best.currency as Currency,
    state: best.status as State,
    seats: seat.quantity ?? 1,
    periodStart: time(seat.current_period_start),
    // One that is over went until then, whatever its period.
    periodEnd: time(best.ended_at ?? endOf(best) ?? seat.current_period_end),
    trialEnd: best.trial_end === null ? null : time(best.trial_end),
    cancelAtPeriodEnd: best.cancel_at_period_end || best.cancel_at !== null,
    pastDueSince: due ? time(unpaid.length ? Math.min(...unpaid) : seat.current_period_start) : null,
    addOns: addOnNames.filter((name) => kinds.includes(name)),
    monthly: monthlyOf(best, discounts),
    overage: overagePrice(best),
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
    // A line's amount is before its discounts.
    const off = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)
    kinds[kind] = (kinds[kind] ?? 0) + line.amount - off
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
