/** New objects of the emulator, as Stripe makes them. */
import {
  type Charge,
  type Customer,
  type Dispute,
  type Event,
  type How,
  type Invoice,
  type Item,
  type Line,
  listOf,
  type Refund,
  type Subscription,
} from './objects'

export function newCustomer(
  id: string,
  asked: { name?: string; metadata?: Record<string, string>; preferred_locales?: string[] },
  now: number,
): Customer {
  return {
    id,
    object: 'customer',
    address: null,
    created: now,
    email: null,
    livemode: false,
    metadata: asked.metadata ?? {},
    name: asked.name ?? null,
    preferred_locales: asked.preferred_locales ?? [],
    discount: null,
  }
}

export function newSubscription(
  of: { id: string; customer: string; currency: string; now: number; trialEnd: number | null },
  { taxed = false, mode = 'flexible' }: How,
): Subscription {
  const { id, customer, currency, now, trialEnd } = of
  return {
    id,
    object: 'subscription',
    automatic_tax: { enabled: taxed },
    billing_mode: { type: mode },
    billing_cycle_anchor: trialEnd ?? now,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    created: now,
    currency,
    customer,
    discounts: [],
    ended_at: null,
    items: listOf<Item>([], `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    metadata: {},
    start_date: now,
    status: trialEnd ? 'trialing' : 'active',
    trial_end: trialEnd,
    trial_start: trialEnd ? now : null,
  }
}

/** What is taken everywhere, on top: a number that shows that it was asked for. */
export const taxPercent = 20

export function newInvoice(
  of: { id: string; lines: Line[]; now: number; changed: boolean; balances: Map<string, number> },
  subscription: Subscription,
): Invoice {
  const { id, lines, now, changed, balances } = of
  const first = subscription.latest_invoice === null && subscription.trial_end === null
  const net = lines.reduce((sum, { amount }) => sum + amount, 0)
  const tax = subscription.automatic_tax.enabled ? Math.round((net * taxPercent) / 100) : 0
  const total = net + tax
  // Nobody is asked for less than nothing: what is given back waits in the customer's balance.
  const own = `${subscription.customer} ${subscription.currency}`
  const balance = balances.get(own) ?? 0
  const due = Math.max(0, total + balance)
  balances.set(own, total + balance - due)
  return {
    id,
    object: 'invoice',
    amount_due: due,
    amount_paid: 0,
    amount_remaining: due,
    starting_balance: balance,
    ending_balance: total + balance - due,
    attempt_count: 0,
    attempted: false,
    billing_reason: first ? 'subscription_create' : changed ? 'subscription_update' : 'subscription_cycle',
    collection_method: 'charge_automatically',
    created: now,
    currency: subscription.currency,
    customer: subscription.customer,
    due_date: null,
    hosted_invoice_url: `https://invoice.stripe.example/${id}`,
    lines: listOf(lines, `/v1/invoices/${id}/lines`),
    livemode: false,
    metadata: {},
    number: `LX-${id.slice(-4)}`,
    parent: {
      type: 'subscription_details',
      subscription_details: { metadata: {}, subscription: subscription.id },
    },
    status: 'open',
    status_transitions: {
      finalized_at: now,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    total,
    total_taxes: tax ? [{ amount: tax, tax_behavior: 'exclusive' }] : [],
  }
}

export function newCharge(of: { id: string; intent: string; now: number }, invoice: Invoice): Charge {
  return {
    id: of.id,
    object: 'charge',
    amount: invoice.amount_due,
    amount_refunded: 0,
    created: of.now,
    currency: invoice.currency,
    customer: invoice.customer,
    disputed: false,
    livemode: false,
    metadata: {},
    paid: true,
    payment_intent: of.intent,
    refunded: false,
    status: 'succeeded',
  }
}

export function newDispute(id: string, charge: Charge, now: number): Dispute {
  return {
    id,
    object: 'dispute',
    amount: charge.amount,
    charge: charge.id,
    created: now,
    currency: charge.currency,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'general',
    status: 'needs_response',
  }
}

export function newRefund(id: string, charge: Charge, amount: number, now: number): Refund {
  return {
    id,
    object: 'refund',
    amount,
    charge: charge.id,
    created: now,
    currency: charge.currency,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: null,
    status: 'succeeded',
  }
}

export const newEvent = (id: string, type: string, object: Event['data']['object'], now: number): Event => ({
  id,
  object: 'event',
  api_version: '2026-10-28.endive',
  created: now,
  data: { object: structuredClone(object) },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type,
})

export function newLine(id: string, invoice: string, item: Item, count: number, proration = false): Line {
  const { price } = item
  return {
    id,
    object: 'line_item',
    amount: Math.round(count * Number(price.unit_amount_decimal)),
    currency: price.currency,
    description: price.lookup_key ?? price.id,
    invoice,
    livemode: false,
    metadata: {},
    parent: {
      type: 'subscription_item_details',
      subscription_item_details: { proration, subscription: item.subscription, subscription_item: item.id },
    },
    pricing: {
      type: 'price_details',
      price_details: { price: price.id, product: price.product },
      unit_amount_decimal: price.unit_amount_decimal,
    },
    quantity: count,
  }
}
