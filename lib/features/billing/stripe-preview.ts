/** What Stripe would charge for a change, in its own words: its invoices as they would be. */
import type StripeClient from 'stripe'
import { AppError } from '@/lib/core/errors'
import { runningIn } from './from-stripe'
import type { PlanChoice } from './input'
import { type AddOn, type Currency, trialDays } from './plans'
import type { Preview, Wish } from './preview'
import { periodAfter, waitsForTrial } from './rules'
import type { Buyer } from './stripe-checkout'
import { isNothingUpcoming, type Stripe } from './stripe-client'
import {
  firstItems,
  type ItemChange,
  itemOf,
  monthIn,
  planItems,
  prorationOf,
  refuseOwing,
  sellersOf,
  serviceItems,
} from './stripe-items'

/** Its payment is due, whether it runs or has ended. */
export interface Owing {
  owes: boolean
}

type Subscription = StripeClient.Subscription
type Invoice = StripeClient.Invoice
type Details = NonNullable<StripeClient.InvoiceCreatePreviewParams['subscription_details']>
type Tax = { automatic_tax?: { enabled: true } }

const seconds = (at: number): Date => new Date(at * 1_000)
const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0)

/** Null: none was asked for. */
const taxIn = ({ total_taxes }: Invoice, tax: Tax): number | null =>
  tax.automatic_tax || total_taxes?.length ? sum((total_taxes ?? []).map(({ amount }) => amount)) : null

/** Less than nothing is kept for later invoices. */
const shown = (invoice: Invoice, tax: Tax) => ({
  currency: invoice.currency as Currency,
  tax: taxIn(invoice, tax),
  credit: Math.max(0, -invoice.total),
  page: false,
})

/** Whole periods of an invoice, its parts of periods left out: what comes again with the next one. */
function recursIn({ lines }: Invoice, price: string): number {
  const whole = lines.data.filter(({ parent, pricing }) => {
    const by = parent?.subscription_item_details ?? parent?.invoice_item_details
    return !by?.proration && pricing?.price_details?.price === price
  })
  const onTop = whole.flatMap(({ taxes }) => (taxes ?? []).filter(({ tax_behavior }) => tax_behavior === 'exclusive'))
  const off = whole.flatMap(({ discount_amounts }) => discount_amounts ?? [])
  const all = [whole, onTop].map((list) => sum(list.map(({ amount }) => amount)))
  return sum(all) - sum(off.map(({ amount }) => amount))
}

/** A first plan, or one after another has ended: it is paid on Checkout. */
async function previewFirst(stripe: Stripe, choice: PlanChoice, buyer: Buyer, tax: Tax, now: Date): Promise<Preview> {
  const items = await firstItems(stripe, choice, buyer.seats)
  const invoice = await stripe.invoices.createPreview({
    ...(buyer.customer ? { customer: buyer.customer } : {}),
    currency: choice.currency,
    subscription_details: { items, billing_mode: { type: 'flexible' } },
  })
  const { amount_due: amount } = invoice
  // A trial begins; its end, or the day of the next period, is the next charge.
  const at = buyer.tried ? periodAfter(now, choice.interval, 1) : new Date(now.getTime() + trialDays * 86_400_000)
  const charged = { now: buyer.tried ? amount : 0, next: { amount, at } }
  return { ...shown(invoice, {}), ...charged, tax: tax.automatic_tax ? 0 : null, page: true }
}

/** When the next invoice of what runs comes: with the first of its items, the trial's end, or its own end. */
const nextAt = ({ items, cancel_at }: Subscription, month = Number.POSITIVE_INFINITY): Date =>
  seconds(Math.min(...items.data.map((item) => item.current_period_end), cancel_at ?? Number.POSITIVE_INFINITY, month))

async function ask(stripe: Stripe, one: Subscription, details: Details, tax: Tax): Promise<Invoice | null> {
  const wish = { subscription: one.id, subscription_details: details, ...tax }
  return stripe.invoices.createPreview(wish).catch((error) => {
    if (isNothingUpcoming(error)) return null
    throw error
  })
}

const none = ({ currency }: Subscription): Preview => ({
  currency: currency as Currency,
  ...{ now: 0, credit: 0, next: null, tax: null, page: false },
})

/** What waits for the next invoice. @param month the end of the month that is billed with it, seconds */
async function previewNext(
  stripe: Stripe,
  one: Subscription,
  details: Details,
  tax: Tax,
  month?: number,
): Promise<Preview> {
  const invoice = await ask(stripe, one, details, tax)
  if (!invoice) return none(one)
  // It ends before the next one.
  if (details.proration_behavior === 'always_invoice')
    return { ...shown(invoice, tax), now: invoice.amount_due, next: null }
  const next = { amount: invoice.amount_due, at: nextAt(one, month) }
  return { ...shown(invoice, tax), now: 0, credit: next.amount ? 0 : shown(invoice, tax).credit, next }
}

async function previewPlan(
  stripe: Stripe,
  running: Subscription,
  choice: PlanChoice,
  { seats, owes }: Buyer & Owing,
  tax: Tax,
  now: Date,
): Promise<Preview> {
  if (running.currency !== choice.currency) throw new AppError('plan_currency')
  refuseOwing(running, owes, choice)
  const items = await planItems(stripe, running, choice, seats)
  const paused = running.status === 'paused'
  const ends = running.cancel_at !== null || running.cancel_at_period_end
  const details: Details = {
    items,
    proration_behavior: prorationOf(running, owes),
    // The change takes an end back.
    ...(ends ? { cancel_at: '' as const } : {}),
    ...(paused ? { resume_at: 'now' as const } : {}),
  }
  const anew = itemOf(running, 'plan')?.price.recurring?.interval !== choice.interval
  if (running.status === 'trialing' || !(anew || paused))
    return previewNext(stripe, { ...running, cancel_at: null }, details, tax)
  // It is charged at once, and a new period begins.
  const invoice = await ask(stripe, running, details, tax)
  if (!invoice) return none(running)
  const amount = recursIn(invoice, items[0]?.price ?? '')
  return { ...shown(invoice, tax), now: invoice.amount_due, next: { amount, at: periodAfter(now, choice.interval, 1) } }
}

async function previewService(
  stripe: Stripe,
  all: readonly Subscription[],
  name: AddOn,
  on: boolean,
  owes: boolean,
  tax: Tax,
  now: Date,
): Promise<Preview> {
  const [sold] = sellersOf(all, name)
  if (!on) {
    if (!sold) throw new AppError('not_found')
    // One that sells nothing else ends as a whole.
    if (sold.seller.items.data.length === 1) return none(sold.seller)
    const items: ItemChange[] = [{ id: sold.item.id, deleted: true }]
    return previewNext(stripe, sold.seller, { items, proration_behavior: 'none' }, tax)
  }
  const plan = runningIn(all)
  if (!plan || sold) throw new AppError('not_found')
  if (waitsForTrial(name, plan.status)) throw new AppError('service_trial')
  refuseOwing(plan, owes, name)
  return previewNext(stripe, plan, await serviceItems(stripe, plan, name, now), tax, monthIn(plan, now)?.end)
}

/** @throws not_found (nothing runs that could change), plan_currency, service_trial, account_unpaid */
export async function previewAt(
  stripe: Stripe,
  wish: Wish,
  all: readonly Subscription[],
  buyer: Buyer & Owing,
  tax: Tax,
  now: Date,
): Promise<Preview> {
  if (wish.of === 'service') return previewService(stripe, all, wish.addOn, wish.on, buyer.owes, tax, now)
  const running = runningIn(all)
  if (wish.of === 'plan')
    return running ? previewPlan(stripe, running, wish, buyer, tax, now) : previewFirst(stripe, wish, buyer, tax, now)
  const item = running && itemOf(running, 'plan')
  if (!item) throw new AppError('not_found')
  const items = [{ id: item.id, quantity: Math.max(1, wish.people) }]
  const proration_behavior = prorationOf(running, buyer.owes, wish.people < (item.quantity ?? 1))
  return previewNext(stripe, running, { items, proration_behavior }, tax)
}
