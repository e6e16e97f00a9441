/** Items of subscriptions at Stripe, and what a change makes of them: one way for a change and for what it would cost. */
import type StripeClient from 'stripe'
import { AppError } from '@/lib/core/errors'
import { addOnKey, overageKey, planKey } from './catalog'
import { hasEnded, seatItem } from './from-stripe'
import type { PlanChoice } from './input'
import { type AddOn, addOnNames, type Currency, type Interval, includesAddOn, type PlanName } from './plans'
import { isWhole } from './preview'
import { mayBuy, periodAt } from './rules'
import type { Stripe } from './stripe-client'
import { pricesOf } from './stripe-prices'

type Subscription = StripeClient.Subscription
export type Item = StripeClient.SubscriptionItem
export type ItemChange = StripeClient.SubscriptionUpdateParams.Item

/** All there is, by Stripe's own word: a purchase or an end may be younger than the last reading. */
export async function subscriptionsOf(stripe: Stripe, customer: string | null): Promise<Subscription[]> {
  return customer ? (await stripe.subscriptions.list({ customer, status: 'all', limit: 100 })).data : []
}

export const itemOf = ({ items }: Subscription, kind: string): Item | undefined =>
  items.data.find(({ price }) => price.metadata.kind === kind)

/** What is sold beside a plan, in its own subscription or in one beside it. */
export const sellersOf = (all: readonly Subscription[], name: AddOn): { seller: Subscription; item: Item }[] =>
  all.flatMap((seller) => {
    const item = hasEnded(seller.status) ? undefined : itemOf(seller, name)
    return item ? [{ seller, item }] : []
  })

/** Its payment is due, by what is stored or by Stripe's own word, which may be younger. */
export const owesFor = ({ status }: Subscription, owes: boolean): boolean =>
  owes || status === 'past_due' || status === 'unpaid'

/** Nothing is given back of a time that nobody has paid: it would pay the debt. */
export const prorationOf = (one: Subscription, owes: boolean, less = true, next = nextInvoice(one)) =>
  owesFor(one, owes) && less ? ('none' as const) : isLast(one, next) && !less ? ('always_invoice' as const) : later

const later = 'create_prorations' as const

/** Seconds: with the first end of its items' periods. */
const nextInvoice = ({ items }: Subscription): number =>
  Math.min(...items.data.map(({ current_period_end }) => current_period_end))

/** It ends before another invoice would come: what is added then is asked for at once. */
const isLast = ({ status, cancel_at, cancel_at_period_end }: Subscription, next: number): boolean =>
  status !== 'trialing' && (cancel_at_period_end || (cancel_at !== null && cancel_at <= next))

/** Nobody buys on credit. @throws account_unpaid */
export function refuseOwing(one: Subscription, owes: boolean, wanted: PlanChoice | AddOn): void {
  const { metadata, recurring } = seatItem(one)?.price ?? {}
  const held = { plan: metadata?.plan as PlanName, interval: recurring?.interval as Interval }
  if (!mayBuy({ graceUntil: owesFor(one, owes) ? new Date(0) : null }, held, wanted))
    throw new AppError('account_unpaid')
}

/** Prices of a plan: of a person, and of a message beyond it. */
async function planPrices(
  stripe: Stripe,
  { plan, currency, interval }: PlanChoice,
): Promise<{ seat: string; overage: string }> {
  const [seat, overage] = await pricesOf(stripe, [planKey(plan, currency, interval), overageKey(plan, currency)])
  return { seat: seat as string, overage: overage as string }
}

/**
 * What is asked for where a plan is taken. Checkout sells prices of one interval only (docs.stripe.com/billing/subscriptions/mixed-interval):
 * a plan by the year gets the price of its messages with the first reading.
 */
export async function firstItems(stripe: Stripe, choice: PlanChoice, seats: number) {
  const { seat, overage } = await planPrices(stripe, choice)
  const people = { price: seat, quantity: Math.max(1, seats) }
  // Metered prices take no quantity.
  return choice.interval === 'year' ? [people] : [people, { price: overage }]
}

/** Another plan in the place of the one that runs. */
export async function planItems(
  stripe: Stripe,
  running: Subscription,
  choice: PlanChoice,
  seats: number,
): Promise<ItemChange[]> {
  const { seat, overage } = await planPrices(stripe, choice)
  const named = (kind: string) => {
    const id = itemOf(running, kind)?.id
    return id ? { id } : {}
  }
  return [
    { ...named('plan'), price: seat, quantity: Math.max(1, seats) },
    { ...named('overage'), price: overage },
    // Nobody pays beside a plan for what it includes.
    ...addOnNames.flatMap((addOn) => {
      const item = includesAddOn(choice.plan, addOn) ? itemOf(running, addOn) : undefined
      return item ? [{ id: item.id, deleted: true }] : []
    }),
  ]
}

interface Added {
  items: ItemChange[]
  proration_behavior: ReturnType<typeof prorationOf>
  proration_date?: number
}

/** The month that runs, seconds; null in a trial. A year without an item by the month yet has one counted from its own day. */
export function monthIn(plan: Subscription, now: Date): { start: number; end: number } | null {
  if (plan.status === 'trialing') return null
  const item = plan.items.data.find(({ price }) => price.recurring?.interval === 'month')
  if (item) return { start: item.current_period_start, end: item.current_period_end }
  const { start, end } = periodAt(
    new Date((seatItem(plan)?.current_period_start ?? plan.created) * 1_000),
    'month',
    now,
  )
  return { start: start.getTime() / 1_000, end: end.getTime() / 1_000 }
}

/** A service beside a plan: the rest of the month that runs, or all of it. */
export async function serviceItems(stripe: Stripe, plan: Subscription, name: AddOn, now: Date): Promise<Added> {
  const [price] = await pricesOf(stripe, [addOnKey(name, plan.currency as Currency)])
  const month = monthIn(plan, now)
  return {
    items: [{ price: price as string, quantity: 1 }],
    proration_behavior: prorationOf(plan, false, false, month?.end),
    ...(isWhole(name) && month ? { proration_date: month.start } : {}),
  }
}
