/** Demo billing is as complete as Stripe's, but for the money: invoices by period, a cap that holds, an alert, and an end that is taken back. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { monthOf } from '@/lib/features/billing/rules'
import { openMail } from '@/lib/features/mail/sealed'
import { billUsage } from '@/lib/flows/bill-usage'
import { changeAddOn, changePlan, endPlan } from '@/lib/flows/change-plan'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readOperatedBilling } from '@/lib/flows/operate-billing'
import { readAudit } from '@/lib/flows/read-audit'
import { type Billing, readBilling } from '@/lib/flows/read-billing'
import { forgetStanding, mayLabel } from '@/lib/flows/standing'
import type { Ctx } from '@/lib/platform/context'
import { codeOf, createKit, type Kit } from '../settings/kit'

const pro = { plan: 'pro', interval: 'month', currency: 'usd' } as const
const day = 86_400_000

let kit: Kit
let operator: Ctx
/** Where the account's clock stands: the first of this month and so many days. */
let now = monthOf(new Date()).start
beforeAll(async () => {
  kit = await createKit()
  kit.services.env.LINGXI_ADD_ONS.push('data')
  operator = makeCtx(kit.services, { kind: 'user', userId: await person(true) }, '', 'en')
})
afterAll(() => kit.close())
beforeEach(async () => {
  await kit.owner.query(
    'DELETE FROM subscription; DELETE FROM invoice; DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report; DELETE FROM spend_limit; DELETE FROM mail',
  )
  now = monthOf(new Date()).start
  forgetStanding(kit.shop.accountId)
})

const at = (ctx: Ctx): Ctx => ({ ...ctx, now: () => now })
const owner = () => at(kit.shop.as.owner)
const after = (days: number) => {
  now = new Date(now.getTime() + days * day)
}
const round = () =>
  billUsage(kit.services, (accountId) => ({
    ...at(kit.shop.as.owner),
    accountId,
    actor: { kind: 'system', reason: 'test' },
  }))
const read = () => readBilling(owner())
const use = async (messages: number) => {
  await kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $3 FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages, now],
  )
  forgetStanding(kit.shop.accountId)
}
const person = async (isOperator: boolean): Promise<string> => {
  const { rows } = await kit.owner.query(
    `INSERT INTO "user" (id, email, name, operator) VALUES (gen_random_uuid(), gen_random_uuid() || '@example.com', 'One', $1) RETURNING id`,
    [isOperator],
  )
  return rows[0].id
}
const join = async (): Promise<string> => {
  const { rows } = await kit.owner.query(
    `INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, gen_random_uuid(), $2, 'viewer') RETURNING id`,
    [kit.shop.accountId, await person(false)],
  )
  return rows[0].id
}
const shown = ({ invoices }: Billing) => invoices.map(({ number, total }) => [number, total])
/** The kit's shop has four members. */
const people = 4

test('a trial, then each period has its numbered invoice, in demo words, and nobody is told that money came', async () => {
  const begun = await changePlan(owner(), pro)
  expect(shown(begun)).toEqual([['DEMO-0001', 0]])
  expect(begun.invoices[0]).toMatchObject({ demo: true, url: null, lines: [{ what: 'trial', seats: people }] })
  after(14)
  await round()
  after(31)
  expect(await round()).toBe(1)
  await round()
  const { invoices, subscription } = await read()
  expect(invoices.map(({ number, total }) => [number, total])).toEqual([
    ['DEMO-0003', people * 1_900],
    ['DEMO-0002', people * 1_900],
    ['DEMO-0001', 0],
  ])
  expect(invoices[0]?.createdAt).toEqual(subscription?.periodStart)
  expect(invoices[0]?.lines).toMatchObject([
    { what: 'plan', plan: 'pro', seats: people, to: subscription?.periodEnd.toISOString() },
  ])
  const { rows } = await kit.owner.query('SELECT sum(paid)::int AS paid, count(paid_at)::int AS times FROM invoice')
  expect(rows).toEqual([{ paid: 0, times: 0 }])
  expect((await readOperatedBilling(operator)).paid).toEqual({})
})

test('a larger plan within a period is prorated on the next invoice, another interval at once', async () => {
  await changePlan(owner(), pro)
  after(14)
  await round()
  const { periodStart, periodEnd } = (await read()).subscription ?? {}
  const whole = (periodEnd?.getTime() ?? 0) - (periodStart?.getTime() ?? 0)
  after(whole / day / 2)
  const larger = await changePlan(owner(), { ...pro, plan: 'business' })
  // It waits for the next invoice.
  expect(larger.invoices).toHaveLength(2)
  after(whole / day / 2)
  await round()
  const [newest] = (await read()).invoices
  expect(newest?.lines.map(({ amount }) => amount)).toEqual([people * 4_900, people * -950, people * 2_450])
  expect(newest?.total).toBe(people * (4_900 - 950 + 2_450))

  const yearly = await changePlan(owner(), { ...pro, plan: 'business', interval: 'year' })
  expect(shown(yearly)[0]).toEqual(['DEMO-0004', people * (49_000 - 4_900)])
  expect(await codeOf(changePlan(owner(), { ...pro, currency: 'cny' }))).toBe('plan_currency')
})

test('who joins, and a service that begins, are billed for the rest of the period; with the end nothing follows', async () => {
  await changePlan(owner(), pro)
  after(14)
  await round()
  await changeAddOn(owner(), { addOn: 'data', on: true })
  const joined = await join()
  await round()
  await round()
  await kit.owner.query('DELETE FROM membership WHERE account_id = $1 AND id = $2', [kit.shop.accountId, joined])
  await endPlan(owner(), { ends: true })
  after(40)
  await round()
  const ended = await read()
  expect(ended).toMatchObject({
    subscription: { state: 'canceled' },
    entitlements: { plan: 'free' },
    addOns: [{ on: false }],
  })
  // What waited is on a last invoice: the service's whole first month, and who came and left at its beginning.
  const lines = ended.invoices[0]?.lines.map(({ kind, seats, amount }) => [kind, seats, amount])
  expect(lines).toEqual([
    ['data', undefined, 9_900],
    ['plan', people, people * -1_900],
    ['plan', people + 1, (people + 1) * 1_900],
    ['plan', people + 1, (people + 1) * -1_900],
    ['plan', people, people * 1_900],
  ])
  const all = ended.invoices.length
  after(60)
  await round()
  expect((await read()).invoices).toHaveLength(all)
  // A plan that is taken anew begins without the service that ended.
  expect((await changePlan(owner(), pro)).addOns).toMatchObject([{ name: 'data', on: false }])
})

test('the cap holds as with Stripe: labels end with the plan’s messages, go on up to the cap, and are on the invoice', async () => {
  await changePlan(owner(), pro)
  await use(20_000)
  expect(await mayLabel(owner())).toBe(false)
  await limitSpend(owner(), { cap: 1_000, alert: 300 })
  // A trial sells none beyond the plan.
  expect(await mayLabel(owner())).toBe(false)
  after(32)
  await round()
  await use(20_000)
  expect(await mayLabel(owner())).toBe(true)
  await round()
  expect(await alerts()).toEqual([])
  await use(1_500)
  await round()
  expect((await read()).beyond).toMatchObject({ price: 200, cost: 300, cap: 1_000, bills: true })
  // Said once, and that no money moves.
  await use(500)
  await round()
  expect(await alerts()).toEqual([expect.stringContaining('This is demo billing: no money moves.')])
  await use(5_000)
  expect(await mayLabel(owner())).toBe(false)
  await round()
  expect((await read()).beyond).toMatchObject({ cost: 1_000, bills: false })
  after(31)
  await round()
  const overage = (await read()).invoices.flatMap(({ lines }) => lines.filter(({ what }) => what === 'overage'))
  expect(overage).toEqual([{ what: 'overage', kind: 'overage', amount: 1_000, messages: 5_000 }])
})

const alerts = async (): Promise<string[]> => {
  const where = { subject: { contains: 'beyond the plan' } }
  const mails = await kit.services.database.system.mail.findMany({ where })
  return mails.map((mail) => openMail(kit.services.vault, mail).text)
}

test('nobody is kept from labels by a plan that they never took', async () => {
  await use(30_000)
  expect(await mayLabel(owner())).toBe(true)
  expect((await read()).beyond).toMatchObject({ labels: null, price: null })
  await changePlan(owner(), pro)
  forgetStanding(kit.shop.accountId)
  expect(await mayLabel(owner())).toBe(false)
})

test('a change of a plan that was to end takes that back, and the log says so', async () => {
  await changePlan(owner(), pro)
  await endPlan(owner(), { ends: true })
  const changed = await changePlan(owner(), { ...pro, plan: 'business' })
  expect(changed.subscription).toMatchObject({ plan: 'business', cancelAtPeriodEnd: false })
  const acts = (await readAudit(owner(), {})).entries.map(({ act }) => act)
  expect(acts.slice(0, 3)).toEqual(['billing.plan_changed', 'billing.plan_kept', 'billing.plan_ended'])
  // Where it was not to end nothing is said of that.
  await changePlan(owner(), pro)
  await changePlan(owner(), { ...pro, plan: 'business' })
  const later = (await readAudit(owner(), {})).entries.map(({ act }) => act)
  expect(later.slice(0, 2)).toEqual(['billing.plan_changed', 'billing.plan_changed'])
})
