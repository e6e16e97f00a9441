/** What an account reads of its own use: a forecast that holds beyond the plan, too, and files that say what was billed. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { spendChoice } from '@/lib/features/billing/input'
import { billedDays } from '@/lib/features/billing/usage'
import { billUsage } from '@/lib/flows/bill-usage'
import { refreshBilling } from '@/lib/flows/change-plan'
import { limitSpend } from '@/lib/flows/limit-spend'
import { exportUsage, exportUsageRows, readBilling } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { createStripeKit, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
  const { world } = kit.stripe
  const [plan] = world.of(world.subscriptions, await kit.customer(kit.shop))
  Object.assign(plan ?? {}, { status: 'active', trial_end: null })
  await refreshBilling(kit.shop.as.owner)
}, 120_000)
afterAll(() => kit.close())
beforeEach(async () => {
  await kit.owner.query('DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report')
  kit.stripe.world.usage.clear()
})

/** A month of thirty days and the one after it, whatever month it is today. */
const june = (day: number, hour = 0): Date => new Date(Date.UTC(2031, 5, day, hour))
const at = (now: Date): Ctx => ({ ...kit.shop.as.owner, now: () => now })
const use = (messages: number, when: Date) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $3 FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages, when],
  )
const round = (now: Date) => billUsage(kit.services, (accountId) => ({ ...kit.acting(accountId), now: () => now }))
const rows = async (month: Date): Promise<string[]> => {
  let text = ''
  for await (const part of exportUsageRows(at(june(20)), month)) text += part
  return text.trimEnd().split('\n').slice(1)
}

test('the forecast goes on beyond the plan, in messages and in money, as far as the cap lets it', async () => {
  await limitSpend(at(june(1)), { cap: 100_000, alert: null })
  await use(15_000, june(2))
  const half = await readBilling(at(june(16)))
  expect(half).toMatchObject({ forecast: 30_000, beyond: { cost: 0, forecast: 2_000 } })
  await use(9_000, june(17))
  const beyond = await readBilling(at(june(19)))
  expect(beyond).toMatchObject({ forecast: 40_000, beyond: { cost: 800, forecast: 4_000, bills: true } })
  // A cap is as far as labels go, and at it nothing more is to be expected.
  await limitSpend(at(june(19)), { cap: 1_000, alert: null })
  expect(await readBilling(at(june(19)))).toMatchObject({ forecast: 25_000, beyond: { forecast: 1_000 } })
  await use(1_000, june(19))
  expect(await readBilling(at(june(20)))).toMatchObject({ forecast: null, beyond: { cost: 1_000 } })
})

test('an account that began within the month is measured from then on', async () => {
  await use(600, june(22))
  expect((await readBilling(at(june(26)))).forecast).toBe(720)
  const began = (when: Date) =>
    kit.owner.query('UPDATE account SET created_at = $2 WHERE id = $1', [kit.shop.accountId, when])
  await began(june(21))
  expect((await readBilling(at(june(26)))).forecast).toBe(1_200)
  await began(new Date('2026-01-01T00:00:00Z'))
})

test('an alert that could never come is refused', () => {
  const takes = (cap: number, alert: number | null) => spendChoice.safeParse({ cap, alert }).success
  expect([takes(2_500, 2_500), takes(0, null), takes(2_500, 2_501), takes(0, 1)]).toEqual([true, true, false, false])
})

test('both files say how many were billed, and agree with what was told; a month is whole from its first minute on', async () => {
  await limitSpend(at(june(1)), { cap: 100_000, alert: null })
  await use(3, june(1))
  await use(20_000, june(5))
  await use(40, june(6))
  // A worker that was away: the fifth and the sixth are put down together.
  await round(june(7, 3))
  await use(10, june(8))
  // And the last ones when the month is over.
  await use(5, june(30, 23))
  await round(new Date(Date.UTC(2031, 6, 1, 1)))
  const told = [...kit.stripe.world.usage.values()].reduce((sum, { value }) => sum + value, 0)
  expect(told).toBe(58)
  expect(await exportUsage(at(june(20)))).toBe(
    'day,messages,billed\n2031-06-01,3,0\n2031-06-05,20000,3\n2031-06-06,40,40\n2031-06-08,10,10\n2031-06-30,5,5\n',
  )
  const billed = (await rows(june(1))).filter((line) => line.endsWith(',billed'))
  expect(billed).toHaveLength(told)
  expect(billed.filter((line) => line.includes(',2031-06-05'))).toHaveLength(3)
  expect((await rows(june(1))).length).toBe(20_058)
  expect(await rows(new Date(Date.UTC(2031, 6, 1)))).toEqual([])
})

test('what is labelled while the file is read is in it and not called billed, on a day that had some and on one that had none', async () => {
  await limitSpend(at(june(1)), { cap: 100_000, alert: null })
  await use(20_000, june(5))
  await use(2, june(6))
  await round(june(6, 3))
  let text = ''
  for await (const part of exportUsageRows(at(june(20)), june(1))) {
    // The days were counted before the first part.
    if (!text) {
      await use(3, june(6, 5))
      await use(4, june(7))
    }
    text += part
  }
  const charged = (day: string) =>
    text.split('\n').flatMap((line) => (line.includes(`,${day}`) ? [line.split(',')[2]] : []))
  expect(charged('2031-06-06')).toEqual(['billed', 'billed', 'included', 'included', 'included'])
  expect(charged('2031-06-07')).toEqual(Array(4).fill('included'))
})

test('what a month put down is billed in that month, however few days it had', () => {
  const day = (name: string, messages: number) => ({ day: name, messages })
  const used = [day('2031-05-31', 9), day('2031-06-01', 2), day('2031-06-02', 4)]
  expect(billedDays(used, [day('2031-06-03', 5)])).toEqual([
    { ...used[0], billed: 0 },
    { ...used[1], billed: 1 },
    { ...used[2], billed: 4 },
  ])
})
