/** What Stripe's objects say where several of them speak: old debts beside new ones, several subscriptions, and values that nobody expected. */
import { expect, test } from 'vitest'
import {
  endedAt,
  invoiceOf,
  oddOf,
  runningIn,
  type StripeTruth,
  subscriptionOf,
} from '@/lib/features/billing/from-stripe'
import { flowOf, mrrOf, noRevenue, paidByWay } from '@/lib/features/billing/revenue'
import { allows, toEntitlements } from '@/lib/features/billing/rules'
import type { Invoice, Subscription } from '../../kit/stripe/objects'
import { changeItems } from '../../kit/stripe/prorate'
import { sellEverything } from '../../kit/stripe/sell'
import { StripeWorld } from '../../kit/stripe/world'

const day = 86_400
const start = Date.UTC(2026, 0, 1) / 1_000

class Shop {
  readonly world = new StripeWorld(start)
  readonly customer: string
  constructor() {
    sellEverything(this.world)
    this.customer = this.world.addCustomer({}).id
  }
  take(...keys: string[]): Subscription {
    const items = keys.map((key) => {
      const price = [...this.world.prices.values()].find(({ lookup_key }) => lookup_key === `lingxi_${key}`)
      return { price: price?.id ?? '', quantity: 2 }
    })
    // Each at another second, as people do.
    this.world.advance(this.world.now + 1)
    return this.world.subscribe(this.customer, items, 0)
  }
  get truth(): StripeTruth {
    const { world, customer } = this
    return {
      subscriptions: world.of(world.subscriptions, customer) as unknown as StripeTruth['subscriptions'],
      invoices: world.of(world.invoices, customer) as unknown as StripeTruth['invoices'],
      charges: new Map(),
      coupons: new Map(),
      inherited: null,
    }
  }
  get held() {
    return subscriptionOf(this.truth)
  }
  get entitled() {
    return toEntitlements(this.held, new Date(this.world.now * 1_000))
  }
}

const boughtIn = ({ held }: Shop) => ({ addOns: held?.addOns ?? [], own: held?.ownAddOns ?? [] })

test('an old debt beside a newer paid invoice takes no grace from the next failure', () => {
  const shop = new Shop()
  const { world } = shop
  shop.take('pro_usd_month')
  world.declined.add(shop.customer)
  world.advance(start + 50 * day)
  expect(shop.entitled.readOnly).toBe(true)
  world.declined.clear()
  world.advance(start + 75 * day)
  // The newest was paid; the one before stays open.
  expect([...world.invoices.values()].map(({ status }) => status)).toEqual(['paid', 'open', 'paid'])
  expect(shop.entitled).toMatchObject({ plan: 'pro', graceUntil: null, readOnly: false })
  world.declined.add(shop.customer)
  world.advance(start + 91 * day)
  const [newest] = shop.truth.invoices
  expect(shop.held).toMatchObject({ state: 'past_due', pastDueSince: new Date((newest?.created ?? 0) * 1_000) })
  expect(shop.entitled.readOnly).toBe(false)
  world.advance(start + 99 * day)
  expect(shop.entitled.readOnly).toBe(true)
})

test('an invoice that is sent is due on its day, not on the day it was made', () => {
  const shop = new Shop()
  const subscription = shop.take('pro_usd_year')
  const [invoice] = shop.world.invoices.values()
  shop.world.advance(start + 32 * day)
  const due = start + 30 * day
  Object.assign(subscription, { status: 'past_due' })
  Object.assign(invoice as object, {
    status: 'open',
    attempted: false,
    collection_method: 'send_invoice',
    due_date: due,
  })
  expect(shop.held?.pastDueSince).toEqual(new Date(due * 1_000))
  expect(shop.entitled.readOnly).toBe(false)
  // Written off: owed since it was final, not since the year began, which is the same here.
  Object.assign(invoice as object, { status: 'uncollectible', status_transitions: { finalized_at: due } })
  expect(shop.held?.pastDueSince).toEqual(new Date(due * 1_000))
})

test.each([
  ['active', 'pro', 2 * 1_900 + 2 * 4_900],
  ['incomplete', 'pro', 2 * 1_900],
  ['paused', 'pro', 2 * 1_900],
  ['unpaid', 'pro', 2 * 1_900],
  ['trialing', 'pro', 2 * 1_900],
  ['past_due', 'pro', 2 * 1_900 + 2 * 4_900],
  ['canceled', 'pro', 2 * 1_900],
])('an older plan that is paid counts beside a newer one that is %s', (status, plan, monthly) => {
  const shop = new Shop()
  const old = shop.take('pro_usd_month')
  const newer = shop.take('business_usd_month')
  newer.status = status
  // Two that are paid: the newer one is gone by.
  const best = status === 'active' ? newer : old
  expect(shop.held).toMatchObject({ stripeId: best.id, state: 'active', monthly: { subscriptions: monthly } })
  expect(shop.entitled).toMatchObject({ plan: status === 'active' ? 'business' : plan, readOnly: false })
  expect(runningIn(shop.truth.subscriptions)?.id).toBe(best.id)
  expect(oddOf(shop.truth.subscriptions)).toEqual(status === 'canceled' ? [] : ['several'])
})

test('a service that is sold as a subscription of its own counts, as long as it runs', () => {
  const shop = new Shop()
  const plan = shop.take('pro_usd_month', 'add_support_usd')
  const service = shop.take('add_data_usd')
  const monthly = { subscriptions: 3_800, data: 19_800, support: 39_800 }
  expect(shop.held).toMatchObject({ plan: 'pro', addOns: ['data', 'support'], ownAddOns: ['data'], monthly })
  const has = () => allows(toEntitlements(shop.held, new Date(shop.world.now * 1_000), boughtIn(shop)), 'data')
  expect(has()).toBe(true)
  // What is paid holds: the plan ends, and the service of its own goes on; the one that stood on the plan has ended with it.
  shop.world.cancel(plan.id)
  expect(shop.held).toMatchObject({ state: 'canceled', addOns: ['data'], monthly: { subscriptions: 0, support: 0 } })
  expect(mrrOf(shop.held?.monthly)).toMatchObject({ subscriptions: 0, data: 19_800 })
  expect([shop.entitled.plan, has()]).toEqual(['free', true])
  expect(oddOf(shop.truth.subscriptions)).toEqual([])
  shop.world.cancel(service.id)
  expect(shop.held).toMatchObject({ plan: 'pro', addOns: [], ownAddOns: [], monthly: { data: 0 } })
  expect(has()).toBe(false)
})

test.each(['trialing', 'unpaid', 'paused', 'incomplete'])(
  'a plan that is %s brings nothing, and a service that is paid on its own what it costs',
  (status) => {
    const shop = new Shop()
    const plan = shop.take('pro_usd_month', 'add_support_usd')
    shop.take('add_data_usd')
    plan.status = status
    expect(shop.held?.state).toBe(status)
    expect(mrrOf(shop.held?.monthly)).toEqual({ subscriptions: 0, model: 0, data: 19_800, support: 0 })
  },
)

test('a currency that is not sold and a plan for nobody stop no reading', () => {
  const shop = new Shop()
  const subscription = shop.take('pro_usd_month')
  if (subscription.items.data[0]) subscription.items.data[0].quantity = 0
  expect(shop.held?.seats).toBe(1)
  subscription.currency = 'eur'
  expect(shop.held).toBeNull()
  expect(oddOf(shop.truth.subscriptions)).toEqual(['currency'])
})

test.each(['paid', 'void', 'uncollectible'] as const)(
  'who ends a plan with a debt has seven days, then a desk to be read, until the invoice is %s',
  (status) => {
    const shop = new Shop()
    const { world } = shop
    const subscription = shop.take('pro_usd_month')
    world.declined.add(shop.customer)
    world.advance(start + 33 * day)
    expect(shop.held?.state).toBe('past_due')
    const grace = shop.entitled.graceUntil
    world.cancel(subscription.id)
    expect(subscription.cancellation_details.reason).toBe('cancellation_requested')
    // Nothing that was promised ends sooner: the same day, and messages are taken.
    expect(shop.entitled).toMatchObject({ plan: 'free', readOnly: false, graceUntil: grace })
    world.advance(start + 45 * day)
    expect(shop.entitled).toMatchObject({ plan: 'free', readOnly: true, graceUntil: grace })
    expect([allows(shop.entitled, 'messages'), allows(shop.entitled, 'seats')]).toEqual([true, false])
    const [open] = [...world.invoices.values()].filter((invoice) => invoice.status === 'open')
    if (open) open.status = status
    expect(shop.held).toMatchObject({ state: 'canceled', pastDueSince: null })
    expect(shop.entitled).toMatchObject({ plan: 'free', readOnly: false, graceUntil: null })
  },
)

test('a last invoice of nothing pays no debt, and one of something does', () => {
  const shop = new Shop()
  const { world } = shop
  const subscription = shop.take('pro_usd_month')
  world.declined.add(shop.customer)
  world.advance(start + 33 * day)
  world.cancel(subscription.id)
  const owed = shop.held?.pastDueSince
  expect(owed).toBeInstanceOf(Date)
  const [newest] = shop.world.of(world.invoices, shop.customer)
  if (!newest) throw new Error('no invoice')
  const times = { ...newest.status_transitions, finalized_at: world.now, paid_at: world.now }
  const last = { ...newest, id: 'in_last', created: world.now, status: 'paid' as const, status_transitions: times }
  world.invoices.set(last.id, { ...last, total: 0 })
  expect(shop.held?.pastDueSince).toEqual(owed)
  world.invoices.set(last.id, { ...last, amount_paid: last.total })
  expect(shop.held?.pastDueSince).toBeNull()
})

test('a debt stays one beside a newer invoice of nothing, though Stripe calls the plan active', () => {
  const shop = new Shop()
  const { world } = shop
  const subscription = shop.take('pro_usd_year', 'pro_overage_usd')
  world.advance(start + 20 * day)
  world.declined.add(shop.customer)
  const item = subscription.items.data[0]?.id
  const price = (key: string) => [...world.prices.values()].find(({ lookup_key }) => lookup_key === key)?.id
  changeItems(world, subscription, { items: [{ id: item, price: price('lingxi_business_usd_year'), quantity: 90 }] })
  // The difference is asked for with the usage's month, and refused; the month after there is nothing to pay.
  world.advance(start + 33 * day)
  expect(subscription.status).toBe('past_due')
  const since = shop.held?.pastDueSince
  world.bill(subscription, [])
  expect(shop.held).toMatchObject({ state: 'active', pastDueSince: since })
  expect(shop.entitled).toMatchObject({ plan: 'business', graceUntil: expect.any(Date), readOnly: false })
  world.advance(start + 45 * day)
  expect(shop.entitled.readOnly).toBe(true)
  // An invoice of less than nothing is no payment; the debt's own payment is.
  world.declined.clear()
  for (const open of shop.truth.invoices.filter(({ status }) => status === 'open'))
    world.tryToPay(world.invoices.get(open.id ?? '') as Invoice)
  expect(shop.entitled).toMatchObject({ plan: 'business', graceUntil: null })
})

test('a service that is paid in another currency holds, and its money is not added to the plan’s', () => {
  const shop = new Shop()
  shop.take('pro_usd_month')
  shop.take('add_data_cny')
  expect(shop.held).toMatchObject({ addOns: ['data'], ownAddOns: ['data'], monthly: { subscriptions: 3_800, data: 0 } })
})

test('a first payment that was never made is no debt, and an invoice that was sent is one from its day on', () => {
  const shop = new Shop()
  const { world } = shop
  world.declined.add(shop.customer)
  const { id } = shop.take('pro_usd_month')
  world.cancel(id)
  const [invoice] = world.invoices.values()
  expect(invoice).toMatchObject({ status: 'open', attempted: true })
  expect(shop.held).toMatchObject({ state: 'canceled', pastDueSince: null })
  Object.assign(invoice as object, {
    attempted: false,
    collection_method: 'send_invoice',
    due_date: start + 30 * day,
  })
  expect(shop.held?.pastDueSince).toEqual(new Date((start + 30 * day) * 1_000))
  expect(shop.entitled.graceUntil).toBeNull()
  world.advance(start + 36 * day)
  expect(shop.entitled).toMatchObject({ graceUntil: expect.any(Date), readOnly: false })
  world.advance(start + 38 * day)
  expect(shop.entitled.readOnly).toBe(true)
})

test('where Stripe ends what nobody paid, it is owed until the invoice is paid or written off', () => {
  const shop = new Shop()
  const { world } = shop
  world.endsUnpaid = true
  const subscription = shop.take('pro_usd_month')
  world.declined.add(shop.customer)
  world.advance(start + 50 * day)
  expect(subscription.status).toBe('canceled')
  expect(shop.held).toMatchObject({ state: 'canceled', plan: 'pro', pastDueSince: expect.any(Date) })
  expect(shop.entitled).toMatchObject({ plan: 'free', readOnly: true })
  expect(shop.held && endedAt(shop.held)).toEqual(new Date((subscription.ended_at ?? 0) * 1_000))
  const [open] = [...world.invoices.values()].filter(({ status }) => status === 'open')
  world.declined.clear()
  if (open) world.tryToPay(open)
  expect(shop.held?.state).toBe('canceled')
  expect(shop.entitled).toMatchObject({ plan: 'free', readOnly: false })
})

test('tax that is in a price is no revenue: neither in what recurs a month nor in what was paid', () => {
  const shop = new Shop()
  shop.take('pro_usd_month', 'add_support_usd')
  const { truth } = shop
  const [invoice] = truth.invoices
  if (!invoice) throw new Error('no invoice')
  const span = { start: new Date(0), end: new Date(2 * start * 1_000) }
  /** A fifth on top of the net amount: a sixth of the price. */
  const taxed = (tax_behavior: 'inclusive' | 'exclusive') => {
    const lines = invoice.lines.data.map((line) => ({ ...line, taxes: [{ amount: line.amount / 6, tax_behavior }] }))
    const onTop = tax_behavior === 'exclusive' ? invoice.total / 6 : 0
    const [total, amount_paid] = [invoice.total + onTop, invoice.total + onTop]
    const read = { ...invoice, total, amount_paid, lines: { ...invoice.lines, data: lines } }
    const stored = invoiceOf(read as never, new Map(), (id) => shop.world.prices.get(id)?.metadata.kind as never)
    if (!stored) throw new Error('not stored')
    return {
      paid: paidByWay([flowOf(stored, span)]),
      monthly: subscriptionOf({ ...truth, invoices: [read as never] })?.monthly,
    }
  }
  const [seats, support] = [2 * 1_900, 2 * 19_900]
  const gross = { ...noRevenue(), subscriptions: seats, support }
  const net = { ...noRevenue(), subscriptions: Math.round((seats * 5) / 6), support: Math.round((support * 5) / 6) }
  expect(taxed('exclusive')).toEqual({ paid: gross, monthly: gross })
  expect(taxed('inclusive')).toEqual({ paid: net, monthly: net })
})
