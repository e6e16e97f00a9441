/** The cap holds: whatever plans, prices, caps and outages follow each other, a month's messages beyond the plan are billed for no more than was allowed in it. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plans } from '@/lib/features/billing/plans'
import { itemOf } from '@/lib/features/billing/stripe-items'
import { billUsage } from '@/lib/flows/bill-usage'
import { changePlan, refreshBilling } from '@/lib/flows/change-plan'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readBilling } from '@/lib/flows/read-billing'
import { amount } from '../../kit/guarantee'
import { changeItems } from '../../kit/stripe/prorate'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

const day = 86_400_000
const runs = amount(100, 6)

let kit: StripeKit
let now = new Date()
/** Small plans, so that few messages are beyond them. */
const was = { pro: plans.pro.messages, business: plans.business.messages }
beforeAll(async () => {
  Object.assign(plans.pro, { messages: 20 })
  Object.assign(plans.business, { messages: 60 })
  kit = await createStripeKit()
}, 120_000)
afterAll(async () => {
  Object.assign(plans.pro, { messages: was.pro })
  Object.assign(plans.business, { messages: was.business })
  await kit.close()
})

const plan = fc.constantFrom('pro' as const, 'business' as const)
const currencies = fc.constantFrom('usd' as const, 'cny' as const)
const weighed = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary })
const step = fc.oneof(
  weighed(4, fc.record({ do: fc.constant('use' as const), count: fc.integer({ min: 1, max: 90 }) })),
  weighed(1, fc.record({ do: fc.constant('cap' as const), cap: fc.integer({ min: 0, max: 9 }) })),
  weighed(
    1,
    fc.record({
      do: fc.constant('change' as const),
      plan,
      interval: fc.constantFrom('month' as const, 'year' as const),
    }),
  ),
  // By the operator, at Stripe: another plan's price, or one of this customer's own.
  weighed(
    1,
    fc.record({
      do: fc.constant('at Stripe' as const),
      plan,
      each: fc.constantFrom(null, '0.07', '0.25', '0.5'),
      heard: fc.boolean(),
    }),
  ),
  weighed(1, fc.record({ do: fc.constant('again' as const), currency: currencies })),
  weighed(3, fc.record({ do: fc.constant('round' as const) })),
  // Stripe takes no usage until it is mended.
  weighed(1, fc.record({ do: fc.constant('refuse' as const), on: fc.boolean() })),
  weighed(2, fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(0.2, 5, 13) })),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const owner = () => ({ ...kit.shop.as.owner, now: () => now })
const acting = (accountId: string) => ({ ...kit.acting(accountId), now: () => now })
const monthNow = () => now.toISOString().slice(0, 7)
const running = async () => {
  const { world } = kit.stripe
  return world.of(world.subscriptions, await kit.customer(kit.shop)).find(({ status }) => status !== 'canceled')
}

async function subscribe(currency: 'usd' | 'cny'): Promise<void> {
  const { url } = await changePlan(owner(), { ...pro, currency })
  if (!url) return
  const subscription = kit.stripe.world.complete(url.split('/').at(-1) ?? '')
  Object.assign(subscription, { status: 'active', trial_end: null })
  await refreshBilling(owner())
}

async function priceAtStripe(name: 'pro' | 'business', each: string | null): Promise<void> {
  const { world } = kit.stripe
  const subscription = await running()
  const item = subscription && itemOf(subscription as never, 'overage')
  if (!subscription || !item) return
  const key = `lingxi_${name}_overage_${subscription.currency}`
  const listed = [...world.prices.values()].find(({ lookup_key }) => lookup_key === key)
  if (!listed) throw new Error(key)
  if (each === null) return changeItems(world, subscription, { items: [{ id: item.id, price: listed.id }] })
  const price = { ...listed, id: world.id('price'), lookup_key: null, unit_amount_decimal: each }
  world.prices.set(price.id, price)
  changeItems(world, subscription, { items: [{ id: item.id, price: price.id }] })
}

async function act(one: Step): Promise<unknown> {
  const { world } = kit.stripe
  if (one.do === 'use')
    return kit.owner.query(
      'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $3 FROM generate_series(1, $2::int)',
      [kit.shop.accountId, one.count, now],
    )
  if (one.do === 'cap') return limitSpend(owner(), { cap: one.cap, alert: null })
  if (one.do === 'change') {
    const { currency = 'usd' } = (await running()) ?? {}
    return codeOf(changePlan(owner(), { plan: one.plan, interval: one.interval, currency: currency as 'usd' }))
  }
  if (one.do === 'at Stripe') {
    await priceAtStripe(one.plan, one.each)
    return one.heard ? refreshBilling(owner()) : null
  }
  if (one.do === 'round') return billUsage(kit.services, acting)
  if (one.do === 'refuse') for (const meter of world.meters.values()) meter.status = one.on ? 'inactive' : 'active'
  if (one.do === 'wait') {
    now = new Date(now.getTime() + one.days * day)
    world.advance(now.getTime() / 1_000)
    return refreshBilling(owner())
  }
  if (one.do === 'again') {
    const held = await running()
    if (held) world.cancel(held.id)
    await refreshBilling(owner())
    return subscribe(one.currency)
  }
  return null
}

test('what is billed of a month’s messages is at most what was allowed in it, in each currency', async () => {
  let billed = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), async (steps) => {
      const { world } = kit.stripe
      const table =
        'DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report; DELETE FROM spend_limit'
      await kit.owner.query(table)
      world.usage.clear()
      now = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 20))
      world.advance(now.getTime() / 1_000)
      await act({ do: 'refuse', on: false })
      await act({ do: 'again', currency: 'usd' })
      const allowed = new Map<string, number>()
      const note = async () => {
        const { subscription, beyond } = await readBilling(owner())
        const key = `${monthNow()} ${subscription?.currency}`
        allowed.set(key, Math.max(allowed.get(key) ?? 0, beyond.cap))
        if (beyond.price) expect(beyond.cost).toBeLessThanOrEqual(allowed.get(key) ?? 0)
      }
      await act({ do: 'cap', cap: 4 })
      await act({ do: 'use', count: 30 })
      await note()
      for (const one of [...steps, { do: 'refuse', on: false }, { do: 'round' }, { do: 'wait', days: 0.2 }] as Step[]) {
        await act(one)
        await note()
      }
      await act({ do: 'round' })
      const sums = new Map<string, number>()
      for (const [identifier, { value, price }] of world.usage) {
        const key = `${identifier.slice(kit.shop.accountId.length + 1).slice(0, 7)} ${price?.currency}`
        sums.set(key, (sums.get(key) ?? 0) + value * Number(price?.unit_amount_decimal))
      }
      for (const [key, sum] of sums) {
        billed++
        expect(sum, key).toBeLessThanOrEqual((allowed.get(key) ?? 0) + 1e-6)
      }
    }),
    { numRuns: runs, seed: 5 },
  )
  expect(billed).toBeGreaterThan(runs)
}, 600_000)
