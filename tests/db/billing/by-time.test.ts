/** A day of a larger plan buys a day of its messages: what a month includes, what is said of it, and when the smaller plan opens. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { monthOf } from '@/lib/features/billing/rules'
import { billUsage } from '@/lib/flows/bill-usage'
import { changePlan, refreshBilling } from '@/lib/flows/change-plan'
import { readBilling } from '@/lib/flows/read-billing'
import { forgetStanding, mayLabel } from '@/lib/flows/standing'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

const month = monthOf(new Date())
const part = (of: number) => new Date(month.start.getTime() + of * (month.end.getTime() - month.start.getTime()))

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
}, 120_000)
afterAll(() => kit.close())

const at = (of: number) => ({ ...kit.shop.as.owner, now: () => part(of) })
const use = (messages: number, of: number) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $3 FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages, part(of)],
  )
const labels = async (of: number) => {
  forgetStanding(kit.shop.accountId)
  return mayLabel({ ...kit.acting(kit.shop.accountId), now: () => part(of) })
}

test('in a trial nothing is paid by time, and a plan includes what it says', async () => {
  await changePlan(at(0.4), { ...pro, plan: 'business' })
  expect((await readBilling(at(0.4))).after).toMatchObject({
    business: { includes: 200_000, opens: null },
    pro: { includes: 20_000, opens: null },
  })
  await changePlan(at(0.4), pro)
  const [subscription] = kit.stripe.world.subscriptions.values()
  Object.assign(subscription ?? {}, { status: 'active', trial_end: null })
  await refreshBilling(at(0.4))
})

test('a larger plan adds its messages for the rest of the month, and says how many before', async () => {
  await use(20_000, 0.1)
  expect(await labels(0.5)).toBe(false)
  expect((await readBilling(at(0.5))).after).toMatchObject({
    pro: { includes: 20_000 },
    business: { includes: 110_000, opens: null },
  })
  await changePlan(at(0.5), { ...pro, plan: 'business' })
  expect((await readBilling(at(0.5))).beyond.labels).toBe(110_000)
  expect(await labels(0.5)).toBe(true)
  // Without any use of it the way back is open, and leaves what was.
  expect((await readBilling(at(0.5))).after.pro).toEqual({ includes: 20_000, opens: null })
})

test('who used a larger plan keeps it as long as that takes; then the smaller one opens', async () => {
  await use(45_000, 0.5)
  const { after } = await readBilling(at(0.51))
  // 65,000 are 20,000 and a quarter of the month's 180,000 more.
  const opens = after.pro.opens ?? new Date(0)
  expect(Math.abs(opens.getTime() - part(0.75).getTime())).toBeLessThan(60_000)
  expect(await codeOf(changePlan(at(0.51), pro))).toBe('plan_used')
  expect((await readBilling(at(0.51))).entitlements.plan).toBe('business')
  const smaller = await changePlan({ ...kit.shop.as.owner, now: () => opens }, pro)
  expect(smaller).toMatchObject({ entitlements: { plan: 'pro' }, after: { pro: { includes: 65_000 } } })
  expect(await labels(0.8)).toBe(false)
  await billUsage(kit.services, kit.acting)
  expect(kit.stripe.world.usage.size).toBe(0)
})

test('the next month includes what its plan says, and another subscription is paid as a whole', async () => {
  const next = { ...kit.shop.as.owner, now: () => new Date(month.end.getTime() + 1_000) }
  expect((await readBilling(next)).after).toMatchObject({
    pro: { includes: 20_000, opens: null },
    business: { opens: null },
  })
  const [running] = kit.stripe.world.subscriptions.values()
  const planned = async () => (await kit.owner.query('SELECT planned FROM usage_month ORDER BY month')).rows
  expect(await planned()).toEqual([{ planned: 65_000 }])
  kit.stripe.world.cancel(running?.id ?? '')
  await kit.work()
  // What ended leaves the Free plan's number, and what was used.
  expect(await planned()).toEqual([{ planned: null }])
  expect((await readBilling(at(0.9))).after.free).toEqual({ includes: 1_000, opens: null })
  await kit.subscribe(kit.shop)
  expect((await readBilling(at(0.9))).after.pro).toEqual({ includes: 20_000, opens: null })
  expect(kit.stripe.faults).toEqual([])
})
