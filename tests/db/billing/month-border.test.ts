/** A message labelled around the turn of a month counts in one month, and each month includes its plan's messages once: on whatever day periods begin, and whatever time the database keeps. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMail } from '@/lib/features/mail/sealed'
import { billUsage } from '@/lib/flows/bill-usage'
import { refreshBilling } from '@/lib/flows/change-plan'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readBilling } from '@/lib/flows/read-billing'
import { createStripeKit, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
}, 120_000)
afterAll(() => kit.close())

const running = async () => {
  const [plan] = kit.stripe.world.of(kit.stripe.world.subscriptions, await kit.customer(kit.shop))
  if (!plan) throw new Error('no subscription')
  return plan
}
const at = (now: Date) => ({ ...kit.shop.as.owner, now: () => now })
const use = (messages: number, when: Date) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $3 FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages, when],
  )
const round = (now: Date) => billUsage(kit.services, (accountId) => ({ ...kit.acting(accountId), now: () => now }))

/** As a server of the operator's own may keep it. */
async function keepTime(zone: string): Promise<void> {
  const { rows } = await kit.owner.query('SELECT current_database() AS name')
  await kit.owner.query(`ALTER DATABASE "${rows[0].name}" SET timezone = '${zone}'`)
  await kit.owner.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [rows[0].name],
  )
  await expect
    .poll(() =>
      readBilling(kit.shop.as.owner).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
}

test.each([
  ['UTC', 1, 2031],
  ['UTC', 15, 2032],
  ['America/New_York', 31, 2033],
  ['Asia/Shanghai', 1, 2034],
])('with the database’s time that of %s, and periods that begin on day %i', async (zone, day, year) => {
  await keepTime(zone)
  const turn = Date.UTC(year, 6, 1)
  const [before, after] = [(ms: number) => new Date(turn - ms), (ms: number) => new Date(turn + ms)]
  const plan = await running()
  Object.assign(plan, { status: 'active', trial_end: null })
  const [start, end] = [4, 5].map((month) => Date.UTC(year, month, day) / 1_000)
  for (const item of plan.items.data) Object.assign(item, { current_period_start: start, current_period_end: end })
  await refreshBilling(kit.shop.as.owner)
  await kit.owner.query('DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report')
  await limitSpend(at(before(86_400_000)), { cap: 100_000, alert: null })
  await use(20_100, before(86_400_000))
  await use(7, before(1))
  await round(before(1))
  await use(5, after(0))
  await round(after(0))
  // Written by a transaction that began before.
  await use(3, before(1))
  await use(20_006, after(500))
  for (const later of [600, 3_000_000, 7_200_000]) await round(after(later))
  const { rows } = await kit.owner.query(
    'SELECT month::text, sum(count)::int AS count FROM usage_report GROUP BY month ORDER BY month',
  )
  expect(rows).toEqual([
    { month: `${year}-06-01`, count: 110 },
    { month: `${year}-07-01`, count: 11 },
  ])
  const { used, days, month } = await readBilling(at(after(7_200_000)))
  expect([used.messages, month.start]).toEqual([20_011, after(0)])
  expect(days).toEqual([{ day: `${year}-07-01`, messages: 20_011 }])
  expect((await readBilling(at(before(1)))).used.messages).toBe(20_110)
})

test.each(['the rounds', 'a reading'])(
  'an alert that is reached at the very end of a month comes with its month, by %s',
  async (who) => {
    await keepTime('UTC')
    const turn = Date.UTC(who === 'a reading' ? 2037 : 2036, 6, 1)
    const at = (ms: number) => ({ ...kit.shop.as.owner, now: () => new Date(turn + ms) })
    await kit.owner.query(
      'DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report; DELETE FROM mail',
    )
    await limitSpend(at(-86_400_000), { cap: 10_000, alert: 100 })
    await use(20_000, new Date(turn - 86_400_000))
    await round(new Date(turn - 30_000))
    await use(1_000, new Date(turn - 10_000))
    if (who === 'a reading') await refreshBilling(at(7_200_000))
    else await round(new Date(turn + 10_000))
    await round(new Date(turn + 7_300_000))
    const alerts = (await kit.services.database.system.mail.findMany()).map(
      (mail) => openMail(kit.services.vault, mail).text,
    )
    expect(alerts).toEqual([expect.stringMatching(/\$2\.00 in June 20/)])
  },
)

test('an alert that is set in a new month says nothing of the one before', async () => {
  const turn = Date.UTC(2038, 6, 1)
  const at = (ms: number) => ({ ...kit.shop.as.owner, now: () => new Date(turn + ms) })
  await kit.owner.query('DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report; DELETE FROM mail')
  await limitSpend(at(-86_400_000), { cap: 10_000, alert: null })
  await use(21_000, new Date(turn - 30_000))
  await round(new Date(turn - 20_000))
  await limitSpend(at(10_000), { cap: 10_000, alert: 100 })
  await round(new Date(turn + 20_000))
  expect(await kit.services.database.system.mail.count()).toBe(0)
})
