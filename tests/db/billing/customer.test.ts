/** An account's customer at Stripe: one, with its name and language from the first moment on, whatever became of the answers. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changePlan } from '@/lib/flows/change-plan'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
}, 120_000)
afterAll(() => kit.close())

const customers = () => [...kit.stripe.world.customers.values()]

test('a Stripe that goes away right after the customer was made leaves none without name and language', async () => {
  const { shop, stripe } = kit
  const owner = { ...shop.as.owner, locale: 'zh-CN' as const }
  // Whatever else is asked breaks.
  stripe.cut(/^(?!POST \/v1\/customers$)/)
  expect(await codeOf(changePlan(owner, pro))).toBe('billing_away')
  expect(customers()).toHaveLength(1)
  stripe.cut(null)
  expect((await changePlan(owner, pro)).url).toContain('/pay/')
  expect(customers()).toMatchObject([
    { name: 'shop', preferred_locales: ['zh-CN'], metadata: { account: shop.accountId } },
  ])
})

test('two owners of two languages who press at once pay for one customer', async () => {
  const { rival, stripe } = kit
  const asks = (['en', 'zh-CN'] as const).map((locale) => changePlan({ ...rival.as.owner, locale }, pro))
  await Promise.allSettled(asks)
  const kept = await kit.customer(rival)
  const theirs = [...stripe.world.sessions.values()].filter(({ client_reference_id: id }) => id === rival.accountId)
  expect(theirs.length).toBeGreaterThan(0)
  expect(new Set(theirs.map(({ customer }) => customer))).toEqual(new Set([kept]))
  expect(stripe.faults).toEqual([])
})

test('a failure of Stripe’s, which it says again to the same key, keeps nobody from a plan for longer than an hour', async () => {
  const { rival, stripe } = kit
  // Without a customer again.
  stripe.world.deleteCustomer(await kit.customer(rival))
  await kit.work()
  const hour = 3_600_000
  const at = (hours: number) => ({
    ...rival.as.owner,
    now: () => new Date(Math.ceil(Date.now() / hour) * hour + hours * hour),
  })
  const take = (hours: number) => codeOf(changePlan(at(hours), pro))
  for (const [call, first] of [
    [/^POST \/v1\/customers$/, 1],
    [/^POST .*\/sessions$/, 2],
  ] as const) {
    stripe.fails(call)
    expect(await take(first)).toBe('billing_away')
    stripe.fails(null)
    expect(await take(first)).toBe('billing_away')
  }
  expect(await take(3)).toBe('worked')
})
