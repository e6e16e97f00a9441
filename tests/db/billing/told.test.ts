/** What was used is told whatever the worker went through: days away, a month's end, a plan's end, a change of price. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readOperation } from '@/lib/features/billing/operator'
import { monthOf } from '@/lib/features/billing/rules'
import { billUsage } from '@/lib/flows/bill-usage'
import { changePlan, refreshBilling } from '@/lib/flows/change-plan'
import { compareUsage } from '@/lib/flows/compare-usage'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readBilling } from '@/lib/flows/read-billing'
import { asSystem } from '@/lib/platform/db/as-system'
import type { Usage } from '../../kit/stripe/objects'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

const day = 86_400_000
const here = monthOf(new Date()).start
const before = monthOf(new Date(here.getTime() - 1)).start
const inMonth = (month: Date, days: number) => new Date(month.getTime() + days * day)

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
})
afterAll(() => kit.close())

/** The plan runs and is paid; nothing was used or told before. */
beforeEach(async () => {
  const subscription = await running()
  Object.assign(subscription, { status: 'active', trial_end: null })
  await refreshBilling(kit.shop.as.owner)
  await limitSpend(kit.shop.as.owner, { cap: 100_000, alert: null })
  await kit.owner.query('DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report')
  kit.stripe.world.usage.clear()
})

const running = async () => {
  const [newest] = kit.stripe.world.of(kit.stripe.world.subscriptions, await kit.customer(kit.shop))
  if (!newest) throw new Error('no subscription')
  return newest
}
const use = (messages: number, at: Date) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $3 FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages, at],
  )
/** The worker's round at that time, which is Stripe's time, too. */
const round = (at: Date) => {
  kit.stripe.world.now = Math.floor(at.getTime() / 1_000)
  return billUsage(kit.services, (accountId) => ({ ...kit.acting(accountId), now: () => at }))
}
const events = () => [...kit.stripe.world.usage.values()]
const told = () => events().reduce((sum, { value }) => sum + value, 0)
const untold = async () => {
  const { rows } = await kit.owner.query(
    'SELECT sum(count) FILTER (WHERE lost_at IS NULL)::int AS open, sum(count) FILTER (WHERE lost_at IS NOT NULL)::int AS lost FROM usage_report WHERE sent_at IS NULL',
  )
  return rows[0] as { open: number | null; lost: number | null }
}

test('a worker that was away over the end of a month puts down what it did not see, once', async () => {
  await use(20_000, inMonth(before, 1))
  await round(inMonth(before, 20))
  await use(700, inMonth(before, 26))
  await use(10, inMonth(here, 1))
  await round(inMonth(here, 4))
  expect(told()).toBe(700)
  // Told as used now, so that the next invoice has it: one of the month before is made already.
  expect(events().map(({ at }) => at)).toEqual([inMonth(here, 4).getTime() / 1_000])
  await round(inMonth(here, 5))
  expect(told()).toBe(700)
  // It was counted after its end: what is written there later by hand changes nothing.
  await use(5, inMonth(before, 27))
  await round(inMonth(here, 6))
  expect(told()).toBe(700)
})

test('a month that no worker saw includes what the one before did, and its rest is told', async () => {
  const first = monthOf(new Date(before.getTime() - 1)).start
  await use(1, inMonth(first, 1))
  await round(inMonth(first, 2))
  await use(20_300, inMonth(before, 10))
  await round(inMonth(here, 2))
  expect(told()).toBe(300)
})

test('what nobody could be billed for stays free when a cap is set later', async () => {
  await limitSpend(kit.shop.as.owner, { cap: 0, alert: null })
  await use(20_050, new Date())
  await limitSpend(kit.shop.as.owner, { cap: 5_000, alert: null })
  await round(new Date())
  expect(told()).toBe(0)
  await use(30, new Date())
  await round(new Date())
  expect(told()).toBe(30)
})

test('a dear price that is sold no more goes with a change to another plan, and a cap holds over both', async () => {
  const { owner } = kit.shop.as
  const overage = (await running()).items.data.find(({ price }) => price.metadata.kind === 'overage')
  if (!overage) throw new Error('no overage')
  // Bought when a thousand cost $5.
  overage.price = { ...overage.price, unit_amount_decimal: '0.5', lookup_key: null }
  await refreshBilling(owner)
  await limitSpend(owner, { cap: 1_000, alert: null })
  expect((await readBilling(owner)).beyond.price).toBe(500)
  await use(21_000, new Date())
  // The last of them were used before the change and cost what held then: $5. At the month's end a larger plan adds nothing to it.
  const last = { ...owner, now: () => new Date(monthOf(new Date()).end.getTime() - 1_000) }
  await changePlan(last, { ...pro, plan: 'business' })
  expect((await readBilling(owner)).beyond).toMatchObject({ price: 100, cost: 500, cap: 1_000 })
  await use(10_000, new Date())
  await round(new Date())
  // $5 are left, at $1 a thousand.
  expect(told()).toBe(1_000 + 5_000)
  expect((await readBilling(owner)).beyond.cost).toBe(1_000)
  await kit.owner.query('DELETE FROM usage_record')
  await changePlan(last, pro)
})

test('a plan that ended while the worker was away: its last use is told with a time before the end, later use is nobody’s', async () => {
  const { world } = kit.stripe
  const end = new Date(Date.now() - 3 * day)
  await use(20_000, new Date(end.getTime() - day / 2))
  await round(new Date(end.getTime() - day / 4))
  await use(400, new Date(end.getTime() - 60_000))
  world.now = Math.floor(end.getTime() / 1_000)
  world.cancel((await running()).id)
  await use(50, new Date(end.getTime() + 60_000))
  // Stripe says so at last, and cannot be told at once.
  world.now = Math.floor(Date.now() / 1_000)
  await kit.work()
  expect((await readBilling(kit.shop.as.owner)).subscription).toMatchObject({
    state: 'canceled',
    periodEnd: new Date(Math.floor(end.getTime() / 1_000) * 1_000),
  })
  expect(await untold()).toEqual({ open: 400, lost: null })
  kit.stripe.cut(/meter_events/)
  await round(new Date())
  kit.stripe.cut(null)
  expect(told()).toBe(0)
  await round(new Date())
  expect(told()).toBe(400)
  expect(events()[0]?.at).toBe(Math.floor(end.getTime() / 1_000) - 1)
  await round(new Date())
  expect(told()).toBe(400)
  await kit.subscribe(kit.shop)
})

/** What is pointed out a few hours later. */
const look = async () => {
  const later = new Date(Date.now() + 3 * 3_600_000)
  await compareUsage(kit.services, (accountId) => ({ ...kit.acting(accountId), now: () => later }))
  // A reading in between changes nothing of it.
  await refreshBilling(kit.shop.as.owner)
  const { attention } = await asSystem(kit.services, 'test', (tx) => readOperation(tx, new Date()))
  return attention.map(({ kind }) => kind).filter((kind) => kind === 'usage')
}

test('a meter that counted other than it was told is pointed out to the operator, and no longer once it agrees', async () => {
  const { world } = kit.stripe
  await use(20_300, new Date())
  await round(new Date())
  expect(await look()).toEqual([])
  // Stripe took it and refused it afterwards; then somebody else counted into it.
  const [identifier, event] = [...world.usage.entries()][0] as [string, Usage]
  world.usage.delete(identifier)
  expect(await look()).toEqual(['usage'])
  world.usage.set(identifier, { ...event, value: 301 })
  expect(await look()).toEqual(['usage'])
  world.usage.set(identifier, event)
  expect(await look()).toEqual([])
})

test('a plan that has ended is compared, too: what was pointed out goes once it agrees', async () => {
  const { world } = kit.stripe
  await use(20_300, new Date())
  await round(new Date())
  world.now = Math.ceil(Date.now() / 1_000)
  world.cancel((await running()).id)
  await kit.work()
  const [identifier, event] = [...world.usage.entries()][0] as [string, Usage]
  world.usage.delete(identifier)
  expect(await look()).toEqual(['usage'])
  world.usage.set(identifier, event)
  expect(await look()).toEqual([])
  world.now = Math.floor(Date.now() / 1_000)
  await kit.subscribe(kit.shop)
})

test('a last use that is told after its month counts in the month that Stripe counts it in', async () => {
  const { world } = kit.stripe
  const ended = new Date(here.getTime() - 3_600_000)
  await use(20_000, inMonth(before, 20))
  await round(inMonth(before, 25))
  await use(50, inMonth(before, 26))
  world.now = Math.floor(ended.getTime() / 1_000)
  world.cancel((await running()).id)
  world.now = Math.floor(Date.now() / 1_000)
  await kit.work()
  await round(new Date(here.getTime() + 1_800_000))
  expect(events()).toMatchObject([{ value: 50, at: ended.getTime() / 1_000 - 1 }])
  world.now = Math.floor(Date.now() / 1_000)
  await kit.subscribe(kit.shop)

  // In the new month another report is told, and its worker dies before it notes so.
  await use(20_050, inMonth(here, 1))
  await round(inMonth(here, 2))
  expect(told()).toBe(100)
  await kit.owner.query('UPDATE usage_report SET sent_at = NULL, told_for = NULL WHERE month = $1::date', [
    here.toISOString(),
  ])
  const kept = [...world.usage.entries()].map(([key, event]) => [`${key} forgotten`, event] as const)
  world.usage.clear()
  for (const [key, event] of kept) world.usage.set(key, event)
  await round(new Date(inMonth(here, 3).getTime() + 3_600_000))
  expect(told()).toBe(100)
  expect(await untold()).toEqual({ open: null, lost: null })

  await compareUsage(kit.services, (accountId) => ({ ...kit.acting(accountId), now: () => inMonth(here, 8) }))
  const { attention } = await asSystem(kit.services, 'test', (tx) => readOperation(tx, new Date()))
  expect(attention.map(({ kind }) => kind)).not.toContain('usage')
  world.now = Math.floor(Date.now() / 1_000)
})

test('what can be told no more is set aside, and the round goes on', async () => {
  const { world } = kit.stripe
  const leave = async () => {
    await use(20_100, new Date())
    world.now = Math.ceil(Date.now() / 1_000)
    world.cancel((await running()).id)
    await kit.work()
  }
  await leave()
  expect(await untold()).toEqual({ open: 100, lost: null })
  await round(new Date(Date.now() + 36 * day))
  expect(await untold()).toEqual({ open: null, lost: 100 })
  expect(await round(new Date(Date.now() + 36 * day))).toBe(0)

  world.now = Math.floor(Date.now() / 1_000)
  await kit.subscribe(kit.shop)
  await kit.owner.query('DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report')
  await use(20_100, new Date())
  world.deleteCustomer(await kit.customer(kit.shop))
  await kit.work()
  expect(await untold()).toEqual({ open: null, lost: 100 })
  // It ended today, and not when its period would have.
  const { subscription } = await readBilling(kit.shop.as.owner)
  expect(subscription?.state).toBe('canceled')
  expect(Number(subscription?.periodEnd)).toBeLessThanOrEqual(Date.now())
  expect(told()).toBe(0)
  // Nothing is left there to compare with.
  await kit.owner.query("UPDATE billing_customer SET odd = '{usage}' WHERE account_id = $1", [kit.shop.accountId])
  expect(await look()).toEqual([])
  expect(kit.stripe.faults).toEqual([])
})
