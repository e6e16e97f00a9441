/** Reads everything that Stripe knows about a customer. */
import type StripeClient from 'stripe'
import type { Ctx } from '@/lib/platform/context'
import { overageKey, type PriceKind } from './catalog'
import type { Reading } from './customers'
import {
  endsEarly,
  hasEnded,
  invoiceOf,
  lacksOverage,
  oddOf,
  type Returned,
  type StripeTruth,
  subscriptionOf,
} from './from-stripe'
import type { Currency } from './plans'
import { hourOf, isMissing, isUnanswered, type Stripe } from './stripe-client'
import { pricesOf } from './stripe-prices'
import { completeInvoices, completeSubscriptions, couponsOf, pageSize } from './stripe-whole'

const nothing: StripeTruth = {
  subscriptions: [],
  invoices: [],
  charges: new Map(),
  coupons: new Map(),
  inherited: null,
}

/** The customer's whole truth; null when the customer is gone. */
async function readTruth(stripe: Stripe, customer: string): Promise<StripeTruth | null> {
  const found = await stripe.customers.retrieve(customer, { expand: ['discount.source.coupon'] }).catch((error) => {
    if (isMissing(error)) return { deleted: true as const }
    throw error
  })
  if (found.deleted) return null
  const [subscriptions, invoices, charges] = await Promise.all([
    stripe.subscriptions.list({
      customer,
      status: 'all',
      limit: pageSize,
      expand: ['data.discounts.source.coupon'],
    }),
    // The newest ones are kept up to date.
    stripe.invoices.list({ customer, limit: pageSize }),
    stripe.charges.list({ customer, limit: pageSize }),
  ])
  const changed = charges.data.filter((charge) => charge.amount_refunded > 0 || charge.disputed)
  const byInvoice = new Map<string, Returned>()
  for (const charge of changed) {
    const invoice = await invoiceOfCharge(stripe, charge)
    if (invoice) byInvoice.set(invoice, addReturned(byInvoice.get(invoice), await returnedOf(stripe, charge)))
  }
  const whole = await completeSubscriptions(stripe, subscriptions.data)
  const inherited = found.discount ?? null
  return {
    subscriptions: whole,
    invoices: await completeInvoices(stripe, invoices.data),
    charges: byInvoice,
    coupons: await couponsOf(stripe, whole, inherited),
    inherited,
  }
}

const day = (seconds: number): Date => new Date(seconds * 1_000)
/** Nothing was taken: an inquiry, or a dispute that came to nothing. */
const harmless: readonly string[] = [
  'won',
  'prevented',
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
]
const decided: readonly string[] = ['won', 'lost', 'prevented', 'warning_closed']

/** A charge stays "disputed" for ever; one that was decided is disputed no more, and what was lost went back like a refund. */
async function returnedOf(stripe: Stripe, charge: StripeClient.Charge): Promise<Returned> {
  const refunds = charge.amount_refunded > 0 ? await stripe.refunds.list({ charge: charge.id, limit: pageSize }) : null
  const disputes = charge.disputed ? (await stripe.disputes.list({ charge: charge.id, limit: pageSize })).data : []
  const given = (refunds?.data ?? []).filter(({ status }) => status !== 'failed' && status !== 'canceled')
  const taken = disputes.filter(({ status }) => !harmless.includes(status))
  const lost = disputes.filter(({ status }) => status === 'lost').reduce((sum, { amount }) => sum + amount, 0)
  return {
    refunded: Math.min(charge.amount, charge.amount_refunded + lost),
    disputed: disputes.some(({ status }) => !decided.includes(status)),
    back: [...given, ...taken].map(({ created, amount }) => ({ at: day(created), amount })),
  }
}

/** Several payments make one invoice. */
const addReturned = (one: Returned | undefined, more: Returned): Returned =>
  one
    ? {
        refunded: one.refunded + more.refunded,
        disputed: one.disputed || more.disputed,
        back: [...one.back, ...more.back],
      }
    : more

/** The account that we wrote into a customer when we made it; null for a stranger's, and for one that is gone. */
export async function accountBehind(stripe: Stripe, customer: string): Promise<string | null> {
  const found = await stripe.customers.retrieve(customer).catch((error) => {
    if (isMissing(error)) return null
    throw error
  })
  return !found || found.deleted ? null : (found.metadata.account ?? null)
}

/** Customers with a subscription that was taken here, running or over. */
export async function customersOfOurs(stripe: Stripe): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const { customer, metadata } of stripe.subscriptions.list({ status: 'all', limit: pageSize }))
    if (metadata.account) found.add(typeof customer === 'string' ? customer : customer.id)
  return found
}

/** Whose a charge is; null for a stranger's, and for one that is not there. */
export async function customerOfCharge(stripe: Stripe, charge: string): Promise<string | null> {
  const found = await stripe.charges.retrieve(charge).catch((error) => {
    if (isMissing(error)) return null
    throw error
  })
  const customer = found?.customer
  return typeof customer === 'string' ? customer : (customer?.id ?? null)
}

async function invoiceOfCharge(stripe: Stripe, charge: StripeClient.Charge): Promise<string | null> {
  const intent = typeof charge.payment_intent === 'string' ? charge.payment_intent : charge.payment_intent?.id
  if (!intent) return null
  const { data } = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent } })
  const invoice = data[0]?.invoice
  return typeof invoice === 'string' ? invoice : (invoice?.id ?? null)
}

/** What each price on the invoices is for: the subscriptions' items tell most, Stripe the rest. */
async function kindsOf(stripe: Stripe, { subscriptions, invoices }: StripeTruth): Promise<Map<string, PriceKind>> {
  const kinds = new Map<string, PriceKind>()
  const keep = ({ id, metadata }: StripeClient.Price) => kinds.set(id, (metadata.kind ?? 'plan') as PriceKind)
  for (const { items } of subscriptions) for (const { price } of items.data) keep(price)
  const lines = invoices.flatMap((invoice) => invoice.lines.data)
  for (const line of lines) {
    const price = line.pricing?.price_details?.price
    if (typeof price === 'string' && !kinds.has(price)) keep(await stripe.prices.retrieve(price))
  }
  return kinds
}

const earlyIn = ({ subscriptions }: StripeTruth) =>
  subscriptions.filter((one) => !hasEnded(one.status) && endsEarly(one))

/**
 * The portal ends a plan with the earliest period of its items, which for a yearly plan is the usage's month: it is told to end
 * with the period that was paid. If Stripe does not take it, the earlier end is what is shown.
 */
async function endWithPaid(stripe: Stripe, truth: StripeTruth): Promise<boolean> {
  const early = earlyIn(truth)
  for (const { id } of early) await stripe.subscriptions.update(id, { cancel_at: 'max_period_end' })
  return early.length > 0
}

/**
 * Checkout sells a year without the monthly price of messages beyond the plan: it is added here, whichever reading comes first. Where
 * Stripe does not take it nothing beyond the plan is labelled or billed, the operator reads so, and the next reading tries again.
 */
async function addOverage(stripe: Stripe, { now }: Ctx, { subscriptions }: StripeTruth): Promise<boolean> {
  let added = false
  for (const one of subscriptions) {
    const plan = lacksOverage(one)
    if (!plan) continue
    const [price = ''] = await pricesOf(stripe, [overageKey(plan, one.currency as Currency)])
    const change = { items: [{ price }], proration_behavior: 'none' as const }
    // Of two readings at once both ask for the same.
    await stripe.subscriptions.update(one.id, change, { idempotencyKey: `overage-${one.id}-${price}-${hourOf(now())}` })
    added = true
  }
  return added
}

/** True: there is something new to be read. Behind a refusal, too, there may be: another reading did the same a moment before. */
async function tried({ accountId, services }: Ctx, work: Promise<boolean>): Promise<boolean> {
  return work.catch((error) => {
    services.log.warn({ accountId, reason: String(error) }, 'a subscription was not made whole at Stripe')
    return !isUnanswered(error)
  })
}

/** What is to be stored of a customer; of one that is gone, nothing but that. */
export async function readStripe(stripe: Stripe, ctx: Ctx, customer: string): Promise<Omit<Reading, 'began'>> {
  let truth = await readTruth(stripe, customer)
  // First what is missing: an end "with the period" is then one with the month.
  if (truth && (await tried(ctx, addOverage(stripe, ctx, truth)))) truth = await readTruth(stripe, customer)
  if (truth && (await tried(ctx, endWithPaid(stripe, truth)))) truth = await readTruth(stripe, customer)
  const known = truth ?? nothing
  const kinds = await kindsOf(stripe, known)
  const invoices = known.invoices.flatMap((invoice) => invoiceOf(invoice, known.charges, (id) => kinds.get(id)) ?? [])
  return {
    subscription: subscriptionOf(known),
    invoices,
    gone: truth === null,
    early: earlyIn(known).length > 0,
    odd: oddOf(known.subscriptions),
  }
}
