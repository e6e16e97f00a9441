/** Shapes of the emulator's objects: the parts of Stripe's that the product reads, under Stripe's names. */

export interface List<T> {
  object: 'list'
  data: T[]
  has_more: boolean
  url: string
}
export type Metadata = Record<string, string>

export interface Price {
  id: string
  object: 'price'
  active: boolean
  created: number
  currency: string
  livemode: false
  lookup_key: string | null
  metadata: Metadata
  product: string
  recurring: { interval: 'month' | 'year'; interval_count: number; meter: string | null; usage_type: string }
  /** Told only when one asks for it. */
  currency_options?: Record<string, { unit_amount: number | null; unit_amount_decimal: string }>
  type: 'recurring'
  unit_amount: number | null
  unit_amount_decimal: string
}

/** What a meter was told. */
export interface Usage {
  customer: string
  value: number
  at: number
  /** Of a message, as it was told: flexible billing bills by that one (docs.stripe.com/billing/subscriptions/billing-mode/compare). */
  price: Price | undefined
  /** Its price went with a change that prorates nothing: the meter counted it, and nobody bills it. */
  dropped?: boolean
}

export interface Item {
  id: string
  object: 'subscription_item'
  created: number
  current_period_start: number
  current_period_end: number
  discounts: Discount[]
  metadata: Metadata
  price: Price
  quantity?: number
  subscription: string
}

export interface Coupon {
  id: string
  object: 'coupon'
  amount_off: number | null
  /** Told only when one asks for it. */
  applies_to?: { products: string[] }
  created: number
  currency: string | null
  /** As above. */
  currency_options?: Record<string, { amount_off: number }>
  duration: string
  duration_in_months: number | null
  livemode: false
  metadata: Metadata
  percent_off: number | null
}

export interface Discount {
  id: string
  object: 'discount'
  customer: string
  end: number | null
  /** Whole here; answers hold its id where nobody asked for more. */
  source: { coupon: Coupon; type: 'coupon' }
  start: number
  subscription: string | null
}

export interface Subscription {
  id: string
  object: 'subscription'
  billing_mode: { type: 'classic' | 'flexible' }
  billing_cycle_anchor: number
  cancel_at: number | null
  cancel_at_period_end: boolean
  canceled_at: number | null
  cancellation_details: { comment: null; feedback: null; reason: string | null }
  created: number
  currency: string
  customer: string
  discounts: Discount[]
  ended_at: number | null
  items: List<Item>
  latest_invoice: string | null
  livemode: false
  metadata: Metadata
  start_date: number
  automatic_tax: { enabled: boolean }
  status: string
  trial_end: number | null
  trial_start: number | null
}

export interface Line {
  id: string
  object: 'line_item'
  amount: number
  currency: string
  description: string
  invoice: string
  livemode: false
  metadata: Metadata
  /** Of a change within a period: a part of it. */
  parent: {
    type: 'subscription_item_details'
    subscription_item_details: { proration: boolean; subscription: string; subscription_item: string }
  }
  pricing: { type: 'price_details'; price_details: { price: string; product: string }; unit_amount_decimal: string }
  quantity: number
}

export interface Invoice {
  id: string
  object: 'invoice'
  amount_due: number
  amount_paid: number
  amount_remaining: number
  /** The customer's balance before and after it: less than nothing is theirs. */
  starting_balance: number
  ending_balance: number
  attempt_count: number
  attempted: boolean
  billing_reason: string
  collection_method: 'charge_automatically' | 'send_invoice'
  created: number
  currency: string
  customer: string
  due_date: number | null
  hosted_invoice_url: string
  lines: List<Line>
  livemode: false
  metadata: Metadata
  number: string
  parent: { type: 'subscription_details'; subscription_details: { metadata: Metadata; subscription: string } }
  status: 'open' | 'paid' | 'void' | 'uncollectible'
  status_transitions: {
    finalized_at: number
    marked_uncollectible_at: number | null
    paid_at: number | null
    voided_at: number | null
  }
  total: number
  /** What comes on top of the lines. */
  total_taxes: { amount: number; tax_behavior: 'exclusive' }[]
}

export interface Charge {
  id: string
  object: 'charge'
  amount: number
  amount_refunded: number
  created: number
  currency: string
  customer: string
  disputed: boolean
  livemode: false
  metadata: Metadata
  paid: boolean
  payment_intent: string
  refunded: boolean
  status: string
}

export interface Refund {
  id: string
  object: 'refund'
  amount: number
  charge: string
  created: number
  currency: string
  metadata: Metadata
  payment_intent: string
  reason: string | null
  status: string
}

/** It names a charge, and no customer. */
export interface Dispute {
  id: string
  object: 'dispute'
  amount: number
  charge: string
  created: number
  currency: string
  is_charge_refundable: boolean
  livemode: false
  metadata: Metadata
  payment_intent: string
  reason: string
  status: string
}

export interface Customer {
  id: string
  object: 'customer'
  address: { country: string } | null
  created: number
  email: string | null
  livemode: false
  metadata: Metadata
  name: string | null
  preferred_locales: string[]
  discount: Discount | null
}

export interface Session {
  id: string
  object: 'checkout.session'
  automatic_tax: { enabled: boolean }
  cancel_url: string | null
  client_reference_id: string | null
  created: number
  customer: string
  expires_at: number
  livemode: false
  metadata: Metadata
  mode: 'subscription'
  status: 'open' | 'complete' | 'expired'
  subscription: string | null
  success_url: string
  url: string | null
}

/** What a page of Checkout sells; the emulator's own. */
export interface Wish {
  items: { price: string; quantity?: number }[]
  trialDays: number
  taxed: boolean
  metadata: Metadata
  mode: Subscription['billing_mode']['type']
}
/** How a subscription is billed; one that nobody says more of takes several intervals, as Stripe's own pages make it. */
export type How = Partial<Pick<Wish, 'taxed' | 'mode'>>

export interface WebhookEndpoint {
  id: string
  object: 'webhook_endpoint'
  api_version: string | null
  created: number
  description: string | null
  enabled_events: string[]
  livemode: false
  metadata: Metadata
  status: 'enabled' | 'disabled'
  url: string
}

export interface Event {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: { id: string; object: string; customer?: string } }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}

export const listOf = <T>(data: T[], url: string, more = false): List<T> => ({
  object: 'list',
  data,
  has_more: more,
  url,
})
