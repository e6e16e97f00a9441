/** A price that rises at Stripe before it was told of what was used: no cap is passed, nothing is billed twice, and no more is left out than that takes. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { itemOf } from '@/lib/features/billing/stripe-items'
import { billUsage } from '@/lib/flows/bill-usage'
import { refreshBilling } from '@/lib/flows/change-plan'
import { compareUsage } from '@/lib/flows/compare-usage'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readBilling } from '@/lib/flows/read-billing'
import { changeItems } from '../../kit/stripe/prorate'
import { createStripeKit, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
  kit.stripe.deliverTo('')
}, 120_000)
afterAll(() => kit.close())

const running = async () => {
  const [newest] = kit.stripe.world.of(kit.stripe.world.subscriptions, await kit.customer(kit.shop))
  if (!newest) throw new Error('no subscription')
  return newest
}

/** Of a message, hundredths. Nobody here hears of it. */
async function priceAtStripe(each: string): Promise<void> {
  const { world } = kit.stripe
  const subscription = await running()
  const item = itemOf(subscription as never, 'overage')
  const listed = [...world.prices.values()].find(({ lookup_key }) => lookup_key === 'lingxi_pro_overage_usd')
  if (!listed || !item) throw new Error('no overage')
  const price = { ...listed, id: world.id('price'), lookup_key: null, unit_amount_decimal: each }
  world.prices.set(price.id, price)
  changeItems(world, subscription, { items: [{ id: item.id, price: price.id }] })
}
const meter = (status: 'active' | 'inactive') => {
  for (const one of kit.stripe.world.meters.values()) one.status = status
}

beforeEach(async () => {
  Object.assign(await running(), { status: 'active', trial_end: null })
  await priceAtStripe('0.2')
  meter('active')
  await refreshBilling(kit.shop.as.owner)
  await limitSpend(kit.shop.as.owner, { cap: 100_000, alert: null })
  await kit.owner.query('DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report')
  kit.stripe.world.usage.clear()
})

const use = (messages: number) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages],
  )
const round = (at = new Date()) => {
  kit.stripe.world.now = Math.floor(at.getTime() / 1_000)
  return billUsage(kit.services, (accountId) => ({ ...kit.acting(accountId), now: () => at }))
}
const events = () => [...kit.stripe.world.usage.values()]
const told = () => events().reduce((sum, { value }) => sum + value, 0)
const billed = () => events().reduce((sum, { value, price }) => sum + value * Number(price?.unit_amount_decimal), 0)
const cost = async () => (await readBilling(kit.shop.as.owner)).beyond.cost

test('many reports of one message each: what was allowed is billed, whatever round refuses', async () => {
  await use(20_000)
  await round()
  meter('inactive')
  for (let one = 0; one < 40; one++) {
    await use(1)
    await round()
  }
  expect(await cost()).toBe(8)
  await priceAtStripe('0.25')
  await refreshBilling(kit.shop.as.owner)
  // Still refused, more than once.
  for (let time = 0; time < 3; time++) await round()
  meter('active')
  await round()
  await round()
  // 40 at 0.20 are 32 at 0.25.
  expect([told(), billed()]).toEqual([32, 8])
  expect(await cost()).toBe(8)
})

test('what is left out costs nothing, and uses no cap up', async () => {
  await use(20_000)
  await round()
  meter('inactive')
  await use(1)
  await round()
  await priceAtStripe('0.5')
  await refreshBilling(kit.shop.as.owner)
  meter('active')
  await round()
  expect(told()).toBe(0)
  expect(await cost()).toBe(0)
})

/** The worker died before it noted so, after Stripe was told or before. */
const forget = () => kit.owner.query('UPDATE usage_report SET sent_at = NULL')
const odd = async () => {
  const later = new Date(Date.now() + 6 * 3_600_000)
  await compareUsage(kit.services, (accountId) => ({ ...kit.acting(accountId), now: () => later }))
  const { rows } = await kit.owner.query('SELECT odd FROM billing_customer WHERE account_id = $1', [kit.shop.accountId])
  return rows[0].odd
}

test('a report that Stripe took and nobody noted counts as it was told, though the price rose since', async () => {
  await use(20_300)
  await round()
  await forget()
  await priceAtStripe('0.4')
  await refreshBilling(kit.shop.as.owner)
  await round(new Date(Date.now() + 20_000))
  expect([told(), billed(), await cost()]).toEqual([300, 60, 60])
  expect(await odd()).toEqual([])
  const { rows } = await kit.owner.query('SELECT count, price, sent_at IS NOT NULL AS sent FROM usage_report')
  expect(rows).toEqual([{ count: 300, price: 200, sent: true }])
})

test('and one that it was tried with and never got is told for no more than was allowed', async () => {
  await use(20_300)
  await round()
  await forget()
  kit.stripe.world.usage.clear()
  await priceAtStripe('0.4')
  await refreshBilling(kit.shop.as.owner)
  await round(new Date(Date.now() + 20_000))
  expect([told(), billed(), await cost()]).toEqual([150, 60, 60])
})

test('a price that rose at Stripe unheard passes no cap', async () => {
  await limitSpend(kit.shop.as.owner, { cap: 100, alert: null })
  await use(20_000)
  await round()
  await priceAtStripe('0.4')
  await use(500)
  await round()
  expect([told(), billed(), await cost()]).toEqual([250, 100, 100])
})
