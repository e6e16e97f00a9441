/**
 * What Stripe knows, in memory, with a clock that the test moves. Simplified, and so stated (tests/kit/stripe/README.md says all of it):
 * one rate of tax, discounts that change no invoice, and invoices that are final and tried at once, then after 3 and 7 days.
 */
import { closePages, firstPeriod, nextDue } from './clock'
import { newCharge, newCustomer, newDispute, newEvent, newInvoice, newLine, newRefund, newSubscription } from './make'
import type {
  Charge,
  Coupon,
  Customer,
  Discount,
  Dispute,
  Event,
  How,
  Invoice,
  Item,
  Line,
  Price,
  Refund,
  Session,
  Subscription,
  Usage,
  WebhookEndpoint,
  Wish,
} from './objects'

const day = 86_400

export class StripeWorld {
  readonly customers = new Map<string, Customer | { id: string; object: 'customer'; deleted: true }>()
  readonly subscriptions = new Map<string, Subscription>()
  readonly invoices = new Map<string, Invoice>()
  readonly charges = new Map<string, Charge>()
  readonly disputes = new Map<string, Dispute>()
  readonly refunds = new Map<string, Refund>()
  readonly coupons = new Map<string, Coupon>()
  readonly payments = new Map<string, string>()
  /** What is a customer's own, by customer and currency: less than nothing, as at Stripe. */
  readonly balances = new Map<string, number>()
  /** What changes within a period cost or give back, by subscription: lines of its next invoice. */
  readonly pending = new Map<string, Line[]>()
  readonly prices = new Map<string, Price>()
  readonly sessions = new Map<string, Session & { wish: Wish }>()
  readonly usage = new Map<string, Usage>()
  readonly products = new Map<string, { id: string; object: 'product'; active: boolean; name: string }>()
  readonly meters = new Map<string, { id: string; object: 'billing.meter'; event_name: string; status: string }>()
  readonly portals = new Map<string, { id: string; active: boolean; metadata: Record<string, string> }>()
  readonly hooks = new Map<string, WebhookEndpoint>()
  readonly events: Event[] = []
  /** Customers whose card is refused. */
  readonly declined = new Set<string>()
  /** Customers whose bank wants to be asked for each payment. */
  readonly asking = new Set<string>()
  /** The seller's setting: a subscription whose last try failed ends, instead of being unpaid. */
  endsUnpaid = false
  /** The seller's Stripe Tax is set up. */
  taxed = true
  /** Of the pages. */
  baseUrl = ''
  serial = 0

  constructor(
    /** Seconds. */
    public now: number,
    /** Told of each event at once. */
    readonly onEvent: (event: Event) => void = () => {},
  ) {}

  id(prefix: string): string {
    return `${prefix}_${String(++this.serial).padStart(8, '0')}`
  }

  emit(type: string, object: Event['data']['object']): void {
    const event = newEvent(this.id('evt'), type, object, this.now)
    this.events.push(event)
    this.onEvent(event)
  }

  addCustomer(asked: Parameters<typeof newCustomer>[1]): Customer {
    const customer = newCustomer(this.id('cus'), asked, this.now)
    this.customers.set(customer.id, customer)
    return customer
  }

  deleteCustomer(id: string): void {
    const customer = this.customers.get(id)
    if (!customer || 'deleted' in customer) return
    for (const subscription of this.of(this.subscriptions, id)) this.cancel(subscription.id)
    this.customers.set(id, { id, object: 'customer', deleted: true })
    this.emit('customer.deleted', customer)
  }

  of<T extends { customer: string; created: number; id: string }>(kept: Map<string, T>, customer: string): T[] {
    const found = [...kept.values()].filter((one) => one.customer === customer)
    return found.sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1))
  }

  addPrice(price: Omit<Price, 'id' | 'object' | 'created' | 'livemode' | 'type'>): Price {
    for (const other of this.prices.values())
      if (price.lookup_key && other.lookup_key === price.lookup_key) other.lookup_key = null
    const made: Price = {
      id: this.id('price'),
      object: 'price',
      created: this.now,
      livemode: false,
      type: 'recurring',
      ...price,
    }
    this.prices.set(made.id, made)
    return made
  }

  /** The person on the Checkout page has paid (or begun the trial). */
  complete(sessionId: string): Subscription {
    closePages(this)
    const session = this.sessions.get(sessionId)
    if (session?.status !== 'open') throw new Error('no open session')
    const { items, trialDays, metadata, taxed, mode } = session.wish
    const customer = this.customers.get(session.customer)
    if (taxed && customer && !('deleted' in customer)) customer.address = { country: 'DE' }
    const subscription = this.subscribe(session.customer, items, trialDays, metadata, { taxed, mode })
    Object.assign(session, { status: 'complete', subscription: subscription.id, url: null })
    const { wish: _ours, ...object } = session
    this.emit('checkout.session.completed', object)
    return subscription
  }

  subscribe(customer: string, items: Wish['items'], trialDays: number, metadata = {}, how: How = {}): Subscription {
    const id = this.id('sub')
    const trialEnd = trialDays ? this.now + trialDays * day : null
    const currency = this.prices.get(items[0]?.price ?? '')?.currency ?? 'usd'
    const subscription = newSubscription({ id, customer, currency, now: this.now, trialEnd }, how)
    this.subscriptions.set(id, Object.assign(subscription, { metadata }))
    for (const { price, quantity } of items) this.setItem(subscription, { price, ...(quantity ? { quantity } : {}) })
    this.emit('customer.subscription.created', subscription)
    if (!trialEnd) this.bill(subscription)
    return subscription
  }

  setItem(subscription: Subscription, wish: { id?: string; price?: string; quantity?: number }): void {
    const old = subscription.items.data.find(({ id }) => id === wish.id)
    const price = (wish.price && this.prices.get(wish.price)) || old?.price
    if (!price) throw new Error('no such price')
    const [start, end] = firstPeriod(subscription, price, this.now)
    // What is added shares the period of what is there.
    const beside =
      old ?? subscription.items.data.find((one) => one.price.recurring.interval === price.recurring.interval)
    const keep = beside?.price.recurring.interval === price.recurring.interval ? beside : undefined
    const item: Item = {
      id: old?.id ?? this.id('si'),
      object: 'subscription_item',
      created: old?.created ?? this.now,
      current_period_start: keep?.current_period_start ?? start,
      current_period_end: keep?.current_period_end ?? end,
      discounts: old?.discounts ?? [],
      metadata: {},
      price,
      ...(price.recurring.usage_type === 'metered' ? {} : { quantity: wish.quantity ?? old?.quantity ?? 1 }),
      subscription: subscription.id,
    }
    const at = subscription.items.data.findIndex(({ id }) => id === item.id)
    if (at >= 0) subscription.items.data[at] = item
    else subscription.items.data.push(item)
  }

  update(subscription: Subscription): void {
    this.emit('customer.subscription.updated', subscription)
  }

  /** As after a trial that ended without a card. */
  pause(subscription: Subscription): void {
    subscription.status = 'paused'
    this.emit('customer.subscription.paused', subscription)
  }

  resume(subscription: Subscription): void {
    subscription.status = 'active'
    this.emit('customer.subscription.resumed', subscription)
  }

  cancel(id: string, reason: 'cancellation_requested' | 'payment_failed' = 'cancellation_requested'): void {
    const subscription = this.subscriptions.get(id)
    if (!subscription || subscription.status === 'canceled') return
    Object.assign(subscription, { status: 'canceled', canceled_at: this.now, ended_at: this.now })
    subscription.cancellation_details.reason = reason
    this.pending.delete(id)
    this.emit('customer.subscription.deleted', subscription)
  }

  /** An invoice for the period that begins, and for the usage of the one that ended. */
  bill(subscription: Subscription, items: readonly Item[] = subscription.items.data, changed = false): Invoice {
    const id = this.id('in')
    const first = subscription.latest_invoice === null && subscription.trial_end === null
    const lines = items.map((item) => this.#line(id, subscription.customer, item))
    lines.push(...(this.pending.get(subscription.id) ?? []).map((line) => ({ ...line, invoice: id })))
    this.pending.delete(subscription.id)
    const invoice = newInvoice({ id, lines, now: this.now, changed, balances: this.balances }, subscription)
    this.invoices.set(id, invoice)
    subscription.latest_invoice = id
    this.emit('invoice.finalized', invoice)
    if (first) subscription.status = 'incomplete'
    this.tryToPay(invoice)
    return invoice
  }

  #line(invoice: string, customer: string, item: Item): Line {
    const { price, quantity, current_period_start } = item
    const metered = price.recurring.usage_type === 'metered'
    const used = [...this.usage.values()].filter(
      ({ customer: whose, at, dropped }) =>
        whose === customer && !dropped && at < this.now && at >= current_period_start - 31 * day,
    )
    const count = metered ? used.reduce((sum, { value }) => sum + value, 0) : (quantity ?? 1)
    return newLine(this.id('il'), invoice, item, count)
  }

  tryToPay(invoice: Invoice): void {
    const subscription = this.subscriptions.get(invoice.parent.subscription_details.subscription)
    if (invoice.status !== 'open') return
    // Nothing to pay is paid without an attempt.
    if (invoice.amount_due === 0) {
      this.#paid(invoice, subscription)
      return
    }
    invoice.attempted = true
    invoice.attempt_count++
    if (this.declined.has(invoice.customer) || this.asking.has(invoice.customer)) {
      // An older one that is tried again says nothing about where the subscription stands.
      const newest = subscription?.latest_invoice === invoice.id
      if (newest && ['trialing', 'active'].includes(subscription.status)) subscription.status = 'past_due'
      if (!this.declined.has(invoice.customer)) this.emit('invoice.payment_action_required', invoice)
      this.emit('invoice.payment_failed', invoice)
      if (subscription) this.update(subscription)
      return
    }
    const charge = newCharge({ id: this.id('ch'), intent: this.id('pi'), now: this.now }, invoice)
    this.charges.set(charge.id, charge)
    this.payments.set(charge.payment_intent, invoice.id)
    this.#paid(invoice, subscription)
  }

  #paid(invoice: Invoice, subscription: Subscription | undefined): void {
    Object.assign(invoice, { status: 'paid', amount_paid: invoice.amount_due, amount_remaining: 0 })
    invoice.status_transitions.paid_at = this.now
    this.emit('invoice.paid', invoice)
    // The newest one decides; older ones may stay open.
    const newest = subscription?.latest_invoice === invoice.id
    if (newest && ['incomplete', 'past_due', 'unpaid'].includes(subscription.status)) {
      subscription.status = 'active'
      this.update(subscription)
    }
  }

  /** The person confirms the payment at their bank. */
  confirm(invoice: Invoice): void {
    const asks = this.asking.delete(invoice.customer)
    this.tryToPay(invoice)
    if (asks) this.asking.add(invoice.customer)
  }

  /** A price reduction for a customer, a subscription or an item of one; it changes no invoice here. */
  discount(customer: string, coupon: Coupon, end: number | null = null): Discount {
    this.coupons.set(coupon.id, coupon)
    const source = { coupon, type: 'coupon' as const }
    return { id: this.id('di'), object: 'discount', customer, end, source, start: this.now, subscription: null }
  }

  refund(charge: Charge, amount = charge.amount - charge.amount_refunded): Refund {
    const refunded = charge.amount_refunded + amount
    Object.assign(charge, { amount_refunded: refunded, refunded: refunded === charge.amount })
    const refund = newRefund(this.id('re'), charge, amount, this.now)
    this.refunds.set(refund.id, refund)
    this.emit('charge.refunded', charge)
    return refund
  }

  dispute(charge: Charge): Dispute {
    charge.disputed = true
    const dispute = newDispute(this.id('du'), charge, this.now)
    this.disputes.set(dispute.id, dispute)
    this.emit('charge.dispute.created', dispute)
    return dispute
  }

  /** The bank has decided. The charge stays marked as disputed. */
  decide(dispute: Dispute, status: 'won' | 'lost'): void {
    dispute.status = status
    this.emit('charge.dispute.closed', dispute)
  }

  /** Moves the clock; everything that falls due on the way happens in its order. */
  advance(to: number): void {
    for (let next = nextDue(this, to); next; next = nextDue(this, to)) {
      this.now = Math.max(this.now, next.at)
      next.act()
    }
    this.now = Math.max(this.now, to)
  }
}
