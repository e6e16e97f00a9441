/**
 * What Stripe knows, in memory, with a clock that the test moves. Simplified, and so stated: no proration, no tax, no
 * discounts; an invoice is final and tried at once; a payment is tried again after 3 and 7 days, and 14 days after the
 * first failure the subscription is unpaid.
 */
import { periodAfter } from '@/lib/features/billing/rules'
import { newCharge, newInvoice, newSubscription } from './make'
import type { Charge, Customer, Event, Invoice, Item, Line, Price, Session, Subscription } from './objects'

const day = 86_400
const retries = [3 * day, 7 * day]
const unpaidAfter = 14 * day

export class StripeWorld {
  readonly customers = new Map<string, Customer | { id: string; object: 'customer'; deleted: true }>()
  readonly subscriptions = new Map<string, Subscription>()
  readonly invoices = new Map<string, Invoice>()
  readonly charges = new Map<string, Charge>()
  readonly payments = new Map<string, string>()
  readonly prices = new Map<string, Price>()
  readonly sessions = new Map<
    string,
    Session & { wish: { items: { price: string; quantity?: number }[]; trialDays: number } }
  >()
  readonly usage = new Map<string, { customer: string; value: number; at: number }>()
  readonly products = new Map<string, { id: string; object: 'product'; active: boolean; name: string }>()
  readonly meters = new Map<string, { id: string; object: 'billing.meter'; event_name: string; status: 'active' }>()
  readonly portals = new Map<string, { id: string; active: boolean; metadata: Record<string, string> }>()
  readonly events: Event[] = []
  /** Customers whose card is refused. */
  readonly declined = new Set<string>()
  /** Of the pages. */
  baseUrl = ''
  #serial = 0

  constructor(
    /** Seconds. */
    public now: number,
    /** Told of each event at once. */
    readonly onEvent: (event: Event) => void = () => {},
  ) {}

  id(prefix: string): string {
    this.#serial++
    return `${prefix}_${String(this.#serial).padStart(8, '0')}`
  }

  emit(type: string, object: Event['data']['object']): void {
    const event: Event = {
      id: this.id('evt'),
      object: 'event',
      api_version: '2026-10-28.endive',
      created: this.now,
      data: { object: structuredClone(object) },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    }
    this.events.push(event)
    this.onEvent(event)
  }

  addCustomer(asked: { name?: string; metadata?: Record<string, string>; preferred_locales?: string[] }): Customer {
    const customer: Customer = {
      id: this.id('cus'),
      object: 'customer',
      created: this.now,
      email: null,
      livemode: false,
      metadata: asked.metadata ?? {},
      name: asked.name ?? null,
      preferred_locales: asked.preferred_locales ?? [],
    }
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
    const session = this.sessions.get(sessionId)
    if (session?.status !== 'open') throw new Error('no open session')
    const subscription = this.subscribe(session.customer, session.wish.items, session.wish.trialDays)
    Object.assign(session, { status: 'complete', subscription: subscription.id, url: null })
    const { wish: _ours, ...object } = session
    this.emit('checkout.session.completed', object)
    return subscription
  }

  subscribe(customer: string, items: { price: string; quantity?: number }[], trialDays: number): Subscription {
    const id = this.id('sub')
    const trialEnd = trialDays ? this.now + trialDays * day : null
    const first = this.prices.get(items[0]?.price ?? '')
    const subscription = newSubscription({ id, customer, currency: first?.currency ?? 'usd', now: this.now, trialEnd })
    this.subscriptions.set(id, subscription)
    for (const { price, quantity } of items) this.setItem(subscription, { price, ...(quantity ? { quantity } : {}) })
    this.emit('customer.subscription.created', subscription)
    if (!trialEnd) this.bill(subscription)
    return subscription
  }

  setItem(subscription: Subscription, wish: { id?: string; price?: string; quantity?: number }): void {
    const old = subscription.items.data.find(({ id }) => id === wish.id)
    const price = (wish.price && this.prices.get(wish.price)) || old?.price
    if (!price) throw new Error('no such price')
    const start = this.now
    const end =
      subscription.trial_end && subscription.status === 'trialing' ? subscription.trial_end : this.#after(start, price)
    const keep = old && old.price.recurring.interval === price.recurring.interval
    const item: Item = {
      id: old?.id ?? this.id('si'),
      object: 'subscription_item',
      created: old?.created ?? this.now,
      current_period_start: keep ? old.current_period_start : start,
      current_period_end: keep ? old.current_period_end : end,
      metadata: {},
      price,
      ...(price.recurring.usage_type === 'metered' ? {} : { quantity: wish.quantity ?? old?.quantity ?? 1 }),
      subscription: subscription.id,
    }
    const at = subscription.items.data.findIndex(({ id }) => id === item.id)
    if (at >= 0) subscription.items.data[at] = item
    else subscription.items.data.push(item)
  }

  #after(from: number, price: Price): number {
    return periodAfter(new Date(from * 1_000), price.recurring.interval, 1).getTime() / 1_000
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

  cancel(id: string): void {
    const subscription = this.subscriptions.get(id)
    if (!subscription || subscription.status === 'canceled') return
    Object.assign(subscription, { status: 'canceled', canceled_at: this.now, ended_at: this.now })
    this.emit('customer.subscription.deleted', subscription)
  }

  /** An invoice for the period that begins, and for the usage of the one that ended. */
  bill(subscription: Subscription, items: readonly Item[] = subscription.items.data): Invoice {
    const id = this.id('in')
    const lines = items.map((item) => this.#line(id, item))
    const total = lines.reduce((sum, { amount }) => sum + amount, 0)
    const invoice = newInvoice({ id, lines, total, now: this.now }, subscription)
    this.invoices.set(id, invoice)
    subscription.latest_invoice = id
    this.emit('invoice.finalized', invoice)
    this.tryToPay(invoice)
    return invoice
  }

  #line(invoice: string, { price, quantity, current_period_start }: Item): Line {
    const metered = price.recurring.usage_type === 'metered'
    const used = [...this.usage.values()].filter(({ at }) => at < this.now && at >= current_period_start - 31 * day)
    const count = metered ? used.reduce((sum, { value }) => sum + value, 0) : (quantity ?? 1)
    return {
      id: this.id('il'),
      object: 'line_item',
      amount: Math.round(count * Number(price.unit_amount_decimal)),
      currency: price.currency,
      description: price.lookup_key ?? price.id,
      invoice,
      livemode: false,
      metadata: {},
      pricing: {
        type: 'price_details',
        price_details: { price: price.id, product: price.product },
        unit_amount_decimal: price.unit_amount_decimal,
      },
      quantity: count,
    }
  }

  tryToPay(invoice: Invoice): void {
    const subscription = this.subscriptions.get(invoice.parent.subscription_details.subscription)
    if (invoice.status !== 'open') return
    invoice.attempted = true
    invoice.attempt_count++
    if (this.declined.has(invoice.customer)) {
      if (subscription && subscription.status !== 'canceled') subscription.status = 'past_due'
      this.emit('invoice.payment_failed', invoice)
      if (subscription) this.update(subscription)
      return
    }
    Object.assign(invoice, { status: 'paid', amount_paid: invoice.total, amount_remaining: 0 })
    invoice.status_transitions.paid_at = this.now
    const charge = newCharge({ id: this.id('ch'), intent: this.id('pi'), now: this.now }, invoice)
    this.charges.set(charge.id, charge)
    this.payments.set(charge.payment_intent, invoice.id)
    this.emit('invoice.paid', invoice)
    const open = [...this.invoices.values()].some(
      (one) => one.status === 'open' && one.parent.subscription_details.subscription === subscription?.id,
    )
    if (subscription && !open && ['past_due', 'unpaid'].includes(subscription.status)) {
      subscription.status = 'active'
      this.update(subscription)
    }
  }

  refund(charge: Charge): void {
    Object.assign(charge, { amount_refunded: charge.amount, refunded: true })
    this.emit('charge.refunded', charge)
  }

  dispute(charge: Charge): void {
    charge.disputed = true
    this.emit('charge.dispute.created', { ...charge, id: this.id('du'), object: 'dispute' })
  }

  /** Moves the clock; everything that falls due on the way happens in its order. */
  advance(to: number): void {
    for (let next = this.#nextDue(to); next; next = this.#nextDue(to)) {
      this.now = Math.max(this.now, next.at)
      next.act()
    }
    this.now = Math.max(this.now, to)
  }

  #nextDue(to: number): { at: number; act: () => void } | null {
    const due: { at: number; act: () => void }[] = []
    for (const one of this.subscriptions.values()) {
      if (!['trialing', 'active', 'past_due', 'unpaid'].includes(one.status)) continue
      const at = Math.min(...one.items.data.map((item) => item.current_period_end))
      due.push({ at, act: () => this.#renew(one) })
    }
    for (const one of this.invoices.values()) {
      if (one.status !== 'open' || !one.attempted) continue
      const since = one.status_transitions.finalized_at
      const wait = retries[one.attempt_count - 1]
      if (wait) due.push({ at: since + wait, act: () => this.tryToPay(one) })
      const subscription = this.subscriptions.get(one.parent.subscription_details.subscription)
      if (subscription?.status === 'past_due')
        due.push({ at: since + unpaidAfter, act: () => this.#giveUp(subscription) })
    }
    const [first] = due.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)
    return first ?? null
  }

  #giveUp(subscription: Subscription): void {
    subscription.status = 'unpaid'
    this.update(subscription)
  }

  #renew(subscription: Subscription): void {
    if (subscription.cancel_at_period_end) {
      this.cancel(subscription.id)
      return
    }
    const due = subscription.items.data.filter(({ current_period_end }) => current_period_end <= this.now)
    for (const item of due)
      while (item.current_period_end <= this.now) {
        item.current_period_start = item.current_period_end
        item.current_period_end = this.#after(item.current_period_start, item.price)
      }
    if (subscription.status === 'trialing') subscription.status = 'active'
    this.bill(subscription, due)
    this.update(subscription)
  }
}
