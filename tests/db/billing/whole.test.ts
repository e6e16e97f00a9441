/** What Stripe leaves out of its lists is asked for: pages after the first, whole coupons, prices in another currency. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { changePlan, refreshBilling } from '@/lib/flows/change-plan'
import type { Coupon, Item } from '../../kit/stripe/objects'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
  kit.stripe.world.advance(kit.stripe.world.now + 15 * 86_400)
  await kit.work()
})
afterAll(() => kit.close())

const running = async () => {
  const [newest] = kit.stripe.world.of(kit.stripe.world.subscriptions, await kit.customer(kit.shop))
  if (!newest) throw new Error('no subscription')
  return newest
}
const priceOf = (key: string) => {
  const price = [...kit.stripe.world.prices.values()].find(({ lookup_key }) => lookup_key === key)
  if (!price) throw new Error(key)
  return price
}
/** Reads Stripe, and returns what is stored. */
async function read() {
  await refreshBilling(kit.shop.as.owner)
  const { rows } = await kit.owner.query(
    `SELECT s.monthly, s.add_ons, i.kinds, i.total, i.refunded, i.back FROM subscription s JOIN invoice i USING (account_id)
     WHERE account_id = $1 ORDER BY i.created_at LIMIT 1`,
    [kit.shop.accountId],
  )
  return rows[0]
}
const coupon = (more: Partial<Coupon>): Coupon => ({
  id: kit.stripe.world.id('coupon'),
  object: 'coupon',
  amount_off: null,
  created: kit.stripe.world.now,
  currency: 'usd',
  duration: 'forever',
  duration_in_months: null,
  livemode: false,
  metadata: {},
  percent_off: null,
  ...more,
})

/** Four people at $19 and the data service at $99, and nothing taken off. */
beforeEach(async () => {
  const { world } = kit.stripe
  const subscription = await running()
  const itemOf = (kind: string) => subscription.items.data.find(({ price }) => price.metadata.kind === kind) as Item
  const [seat, overage] = [itemOf('plan'), itemOf('overage')]
  const data: Item = { ...seat, id: 'si_data', price: priceOf('lingxi_add_data_usd'), quantity: 1, discounts: [] }
  subscription.items.data = [{ ...seat, discounts: [] }, overage, data]
  subscription.discounts = []
  const customer = world.customers.get(subscription.customer)
  if (customer && !('deleted' in customer)) customer.discount = null
})

test('an invoice of many lines counts with all of them, whatever page they are on', async () => {
  const [invoice] = kit.stripe.world.of(kit.stripe.world.invoices, await kit.customer(kit.shop))
  const [first] = invoice?.lines.data ?? []
  if (!invoice || !first) throw new Error('no invoice')
  const { id: price, product } = priceOf('lingxi_add_data_usd')
  const more = Array.from({ length: 230 }, (_, at) => ({
    ...first,
    id: `il_more_${at}`,
    amount: 10,
    pricing: { ...first.pricing, price_details: { price, product } },
  }))
  invoice.lines.data.push(...more)
  invoice.total += 2_300
  const { kinds, total } = await read()
  expect(kinds).toMatchObject({ plan: 4 * 1_900, data: 2_300 })
  expect(total).toBe(4 * 1_900 + 2_300)
})

test('a subscription of many items is known by one on its second page', async () => {
  const subscription = await running()
  const [seat, overage, data] = subscription.items.data as [Item, Item, Item]
  const others = Array.from({ length: 12 }, (_, at) => ({
    ...data,
    id: `si_other_${at}`,
    price: { ...priceOf('lingxi_add_support_usd'), unit_amount_decimal: '100' },
  }))
  subscription.items.data = [...others, seat, overage, data]
  expect(await read()).toMatchObject({ monthly: { subscriptions: 7_600, support: 1_200, data: 9_900 } })
})

test('discounts of the whole, of an item and of the customer; for some products, or in some currencies', async () => {
  const { world } = kit.stripe
  const subscription = await running()
  const { customer } = subscription
  const monthly = async () => (await read()).monthly
  expect(await monthly()).toMatchObject({ subscriptions: 7_600, data: 9_900 })

  const forData = coupon({ percent_off: 50, applies_to: { products: ['lingxi_add_data'] } })
  subscription.discounts = [world.discount(customer, forData)]
  expect(await monthly()).toMatchObject({ subscriptions: 7_600, data: 4_950 })
  // A coupon that was removed goes on, as far as its discount tells.
  world.coupons.delete(forData.id)
  expect(await monthly()).toMatchObject({ subscriptions: 3_800, data: 4_950 })

  const yuan = coupon({ amount_off: 7_000, currency: 'cny', currency_options: { usd: { amount_off: 1_000 } } })
  const [seat] = subscription.items.data
  subscription.discounts = []
  if (seat) seat.discounts = [world.discount(customer, yuan)]
  expect(await monthly()).toMatchObject({ subscriptions: 6_600, data: 9_900 })

  const buyer = world.customers.get(customer)
  if (!buyer || 'deleted' in buyer) throw new Error('no customer')
  buyer.discount = world.discount(customer, coupon({ percent_off: 10 }))
  world.emit('customer.discount.created', { ...buyer.discount, customer })
  await kit.work()
  expect(await monthly()).toMatchObject({ subscriptions: 5_940, data: 8_910 })
})

test('a price of another currency counts as it is paid', async () => {
  const [seat] = (await running()).items.data
  if (!seat) throw new Error('no seat')
  const options = { usd: { unit_amount: 2_100, unit_amount_decimal: '2100' } }
  seat.price = {
    ...seat.price,
    id: 'price_other',
    currency: 'cny',
    unit_amount_decimal: '15000',
    currency_options: options,
  }
  kit.stripe.world.prices.set(seat.price.id, seat.price)
  expect((await read()).monthly).toMatchObject({ subscriptions: 8_400 })
  seat.price = priceOf('lingxi_pro_usd_month')
})

test('a change to a plan that includes a service ends the service at Stripe', async () => {
  const kinds = async () => (await running()).items.data.map(({ price }) => price.metadata.kind).sort()
  expect(await kinds()).toEqual(['data', 'overage', 'plan'])
  const larger = await changePlan(kit.shop.as.owner, { ...pro, plan: 'business' })
  expect(larger.addOns).toEqual([])
  expect(await kinds()).toEqual(['overage', 'plan'])
  await changePlan(kit.shop.as.owner, pro)
})

test('refunds come with their days; a lost dispute went back like one, and an inquiry took nothing', async () => {
  const { world } = kit.stripe
  const [charge] = world.of(world.charges, await kit.customer(kit.shop))
  if (!charge) throw new Error('nothing was paid')
  const iso = (seconds: number) => new Date(seconds * 1_000).toISOString()
  const days = [world.now, world.now + 40 * 86_400]
  for (const [at, amount] of [500, 700].entries()) {
    world.now = days[at] ?? 0
    world.refund(charge, amount)
  }
  const refunds = days.map((at, number) => ({ at: iso(at), amount: [500, 700][number] }))
  expect(await read()).toMatchObject({ refunded: 1_200, back: refunds })
  const dispute = world.dispute(charge)
  dispute.amount = 2_000
  dispute.status = 'warning_needs_response'
  expect(await read()).toMatchObject({ refunded: 1_200, back: refunds })
  world.decide(dispute, 'lost')
  expect(await read()).toMatchObject({ refunded: 3_200, back: [...refunds, { at: iso(world.now), amount: 2_000 }] })
  expect(kit.stripe.faults).toEqual([])
})
