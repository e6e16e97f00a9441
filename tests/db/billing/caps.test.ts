/** What an owner allowed holds as they said it: in its currency, and for messages that were used under the plan that included them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { billUsage } from '@/lib/flows/bill-usage'
import { changePlan } from '@/lib/flows/change-plan'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readBilling } from '@/lib/flows/read-billing'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
}, 120_000)
afterAll(() => kit.close())

const pay = async (currency: 'usd' | 'cny') => {
  const { url } = await changePlan(kit.shop.as.owner, { ...pro, currency })
  const subscription = kit.stripe.world.complete(String(url).split('/').at(-1) ?? '')
  Object.assign(subscription, { status: 'active', trial_end: null })
  await kit.work()
  return subscription.id
}
const use = (messages: number) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages],
  )
const told = () => [...kit.stripe.world.usage.values()].reduce((sum, { value }) => sum + value, 0)

test('a cap in one currency allows nothing in another, and what was spent in one does not count in another', async () => {
  const { shop, stripe } = kit
  const yuan = await pay('cny')
  await limitSpend(shop.as.owner, { cap: 50_000, alert: 40_000 })
  expect((await readBilling(shop.as.owner)).beyond).toMatchObject({ cap: 50_000, alert: 40_000 })
  stripe.world.cancel(yuan)
  await kit.work()
  const dollars = await pay('usd')
  const { beyond } = await readBilling(shop.as.owner)
  expect(beyond).toMatchObject({ cap: 0, alert: null, said: { cap: 50_000, currency: 'cny' } })
  await use(20_500)
  await billUsage(kit.services, kit.acting)
  expect(told()).toBe(0)
  // What is spent in one currency counts in that one only.
  await limitSpend(shop.as.owner, { cap: 50_000, alert: null })
  await use(500)
  await billUsage(kit.services, kit.acting)
  expect((await readBilling(shop.as.owner)).beyond.cost).toBe(100)
  stripe.world.cancel(dollars)
  await kit.work()
  await pay('cny')
  expect((await readBilling(shop.as.owner)).beyond).toMatchObject({ cap: 0, cost: 0 })
  await limitSpend(shop.as.owner, { cap: 50_000, alert: null })
  expect((await readBilling(shop.as.owner)).beyond).toMatchObject({ cap: 50_000, cost: 0 })
  expect(stripe.faults).toEqual([])
})

test('what was used before a plan changes is told before it, so that it is billed at its price', async () => {
  const { shop, stripe } = kit
  await limitSpend(shop.as.owner, { cap: 50_000, alert: null })
  await use(200)
  const asked = stripe.asked.length
  await changePlan(shop.as.owner, { ...pro, currency: 'cny', plan: 'business' })
  const told = stripe.asked.slice(asked).filter((line) => line.startsWith('POST'))
  expect(told[0]).toBe('POST /v1/billing/meter_events')
  expect(told[1]).toMatch(/^POST \/v1\/subscriptions\/sub_/)
  const { rows } = await kit.owner.query(
    "SELECT count, price, sent_at IS NOT NULL AS told FROM usage_report WHERE currency = 'cny'",
  )
  expect(rows).toEqual([{ count: 200, price: 1_400, told: true }])
})

test('two payments of one invoice that went back are one sum', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  world.advance(world.now + 32 * 86_400)
  const [charge] = world.of(world.charges, await kit.customer(shop))
  if (!charge) throw new Error('nothing was paid')
  const other = { ...charge, id: world.id('ch'), payment_intent: world.id('pi') }
  world.charges.set(other.id, other)
  world.payments.set(other.payment_intent, world.payments.get(charge.payment_intent) ?? '')
  world.refund(charge, 300)
  world.refund(other, 500)
  await kit.work()
  const invoice = world.payments.get(charge.payment_intent)
  expect((await readBilling(shop.as.owner)).invoices.find(({ id }) => id === invoice)?.refunded).toBe(800)
  expect(stripe.faults).toEqual([])
})
