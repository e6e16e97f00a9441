/** What the world's objects mean for an account, said a second time and in other words than the product's: by lookup keys and the plans' table. */
import { type AddOn, addOns, type Currency, type Interval, type PlanName, plans } from '@/lib/features/billing/plans'
import type { Invoice, Subscription } from './objects'
import type { StripeWorld } from './world'

const day = 86_400
const at = (seconds: number) => new Date(seconds * 1_000)

/** The first row in which there is one; of a row the newest. */
const rows = [
  ['active'],
  ['trialing'],
  ['past_due'],
  ['unpaid'],
  ['paused', 'incomplete'],
  ['canceled', 'incomplete_expired'],
]

/** `lingxi_pro_usd_year`, `lingxi_pro_overage_usd`, `lingxi_add_data_usd`. */
const words = (key: string | null): string[] => (key ?? '').split('_').slice(1)

const services = ({ items }: Subscription): AddOn[] =>
  items.data.flatMap(({ price }) => (words(price.lookup_key)[0] === 'add' ? [words(price.lookup_key)[1] as AddOn] : []))

function bought(one: Subscription) {
  const [seat] = one.items.data.filter(({ price }) => /_(month|year)$/.test(price.lookup_key ?? ''))
  const [plan, currency, interval] = words(seat?.price.lookup_key ?? null) as [PlanName, Currency, Interval]
  return { seat, plan, currency, interval, seats: seat?.quantity ?? 0 }
}

function monthlyPlan(one: Subscription): number {
  if (!bought(one).seat) return 0
  const { plan, currency, interval, seats } = bought(one)
  return Math.round((plans[plan].price[currency][interval] * seats) / (interval === 'year' ? 12 : 1))
}

/** What is charged next: of what is paid by the month, and by the year, its sum at the table's prices and its first day before the end. */
function chargedNext(one: Subscription) {
  const end = one.cancel_at_period_end ? Math.min(...one.items.data.map((item) => item.current_period_end)) : null
  const parts = one.items.data.flatMap((item) => {
    const [first, second, third] = words(item.price.lookup_key)
    if (second === 'overage' || (end !== null && item.current_period_end >= end)) return []
    if (first === 'add') return [{ interval: 'month', item, each: addOns[second as AddOn][third as Currency] }]
    const each = plans[first as PlanName].price[second as Currency][third as Interval]
    return [{ interval: third, item, each }]
  })
  return ['month', 'year'].flatMap((interval) => {
    const own = parts.filter((part) => part.interval === interval)
    if (!own.length) return []
    const amount = own.reduce((sum, { item, each }) => sum + each * (item.quantity ?? 0), 0)
    return [{ interval, amount, at: at(Math.min(...own.map(({ item }) => item.current_period_end))) }]
  })
}

const sorted = (world: StripeWorld, customer: string): Subscription[] =>
  rows.flatMap((row) => world.of(world.subscriptions, customer).filter(({ status }) => row.includes(status)))

/** Plans; one of services alone is none. */
export const subscriptionsBy = (world: StripeWorld, customer: string): Subscription[] =>
  sorted(world, customer).filter((one) => bought(one).seat)

const isOver = ({ status }: Subscription) => rows[5]?.includes(status)

/** Invoices that nobody paid since the last one that was paid: the newest first, as far as they go. */
function openSince(world: StripeWorld, customer: string, id: string): Invoice[] {
  const own = world.of(world.invoices, customer).filter(({ parent }) => parent.subscription_details.subscription === id)
  // One of nothing, or less, is paid by nobody.
  const paid = own.findIndex(({ status, amount_paid }) => status === 'paid' && amount_paid > 0)
  return (paid < 0 ? own : own.slice(0, paid)).filter(
    // What was never begun is not owed.
    ({ status, billing_reason }) => status === 'open' && billing_reason !== 'subscription_create',
  )
}

/** What an account's plan must be read as. Null: none was ever taken. */
export function saidOf(world: StripeWorld, customer: string) {
  const [best] = subscriptionsBy(world, customer)
  if (!best) return null
  const rest = sorted(world, customer).filter((one) => one !== best)
  const { seat, plan, currency, interval, seats } = bought(best)
  const beside = rest.filter(({ status }) => ['active', 'trialing', 'past_due'].includes(status))
  const going = isOver(best) ? [] : [best]
  const paying = [best, ...beside].filter(
    ({ status, currency: other }) => ['active', 'past_due'].includes(status) && other === currency,
  )
  const ends = best.items.data.map(({ current_period_end }) => current_period_end)
  const open = openSince(world, customer, best.id)
  const due =
    ['past_due', 'unpaid'].includes(best.status) || (['active', 'canceled'].includes(best.status) && open.length > 0)
  const since = Math.min(...open.map(({ created }) => created))
  const end = best.cancel_at_period_end ? Math.min(...ends) : (seat?.current_period_end ?? 0)
  return {
    stripeId: best.id,
    plan,
    currency,
    interval,
    seats,
    state: best.status,
    periodStart: at(seat?.current_period_start ?? 0),
    periodEnd: at(best.ended_at ?? end),
    trialEnd: best.trial_end ? at(best.trial_end) : null,
    cancelAtPeriodEnd: best.cancel_at_period_end,
    pastDueSince: due ? at(since) : null,
    overage: plans[plan].overage?.[currency] ?? null,
    each: plans[plan].price[currency][interval],
    services: [...new Set([...going, ...beside].flatMap(services))].sort(),
    own: [...new Set(beside.flatMap(services))].sort(),
    charges: [...going, ...beside.filter(({ currency: other }) => other === currency)]
      .filter(({ status }) => ['active', 'trialing', 'past_due'].includes(status))
      .flatMap(chargedNext)
      .sort((a, b) => Number(a.at) - Number(b.at) || a.amount - b.amount),
    monthly: paying.reduce((sum, one) => sum + monthlyPlan(one), 0),
    monthlyServices: paying.flatMap(services).reduce((sum, name) => sum + addOns[name][currency], 0),
    several: subscriptionsBy(world, customer).filter((one) => !isOver(one)).length > 1,
    /** What it comes to for whoever works there. */
    entitled: {
      plan: ['active', 'trialing', 'past_due', 'unpaid'].includes(best.status) ? plan : 'free',
      readOnly: best.status === 'unpaid' || (due && world.now - since > 7 * day),
    },
  }
}

/** What an invoice must be stored as. */
export function invoiceSaid(world: StripeWorld, invoice: Invoice) {
  const kinds: Record<string, number> = {}
  for (const { amount, pricing } of invoice.lines.data) {
    const [first, second] = words(world.prices.get(pricing.price_details.price)?.lookup_key ?? null)
    const kind = first === 'add' ? (second ?? '') : second === 'overage' ? 'overage' : 'plan'
    kinds[kind] = (kinds[kind] ?? 0) + amount
  }
  const charges = [...world.charges.values()].filter((one) => world.payments.get(one.payment_intent) === invoice.id)
  return {
    stripeId: invoice.id,
    state: invoice.status,
    total: invoice.total,
    paid: invoice.amount_paid,
    due: invoice.amount_remaining,
    currency: invoice.currency,
    createdAt: at(invoice.created),
    refunded: charges.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0),
    disputed: charges.some(({ disputed }) => disputed),
    kinds,
  }
}
