/** A debtor presses every button there is: nothing is bought on credit, nothing is given back of a time that nobody paid, and the debt stays one. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plans } from '@/lib/features/billing/plans'
import { billUsage } from '@/lib/flows/bill-usage'
import { changeAddOn, changePlan, endPlan, refreshBilling } from '@/lib/flows/change-plan'
import { exportExamples } from '@/lib/flows/export-examples'
import { limitSpend } from '@/lib/flows/limit-spend'
import { previewChange } from '@/lib/flows/preview-change'
import { readBilling } from '@/lib/flows/read-billing'
import { forgetStanding, mayLabel, requirePaid } from '@/lib/flows/standing'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  Object.assign(kit.services.env, { LINGXI_ADD_ONS: ['data', 'model', 'support'] })
}, 120_000)
afterAll(() => kit.close())

const day = 86_400
const at = () => ({ ...kit.shop.as.owner, now: () => new Date(kit.stripe.world.now * 1_000) })
const standing = async () => {
  await kit.work()
  const { subscription, entitlements } = await refreshBilling(at())
  forgetStanding(kit.shop.accountId)
  return { state: subscription?.state, since: subscription?.pastDueSince, ...entitlements }
}
const pending = () => [...kit.stripe.world.pending.values()].flat().map(({ amount }) => amount)

/** A new customer whose first payment after the trial is refused. */
async function owing(choice: { interval?: 'year'; plan?: 'business' } = {}): Promise<void> {
  const { world } = kit.stripe
  world.declined.clear()
  for (const kept of [world.subscriptions, world.invoices, world.charges, world.pending, world.balances]) kept.clear()
  world.now = Math.floor(Date.now() / 1_000)
  for (const table of ['invoice', 'subscription', 'billing_customer', 'usage_month', 'usage_report', 'usage_record'])
    await kit.owner.query(`DELETE FROM ${table} WHERE account_id = $1`, [kit.shop.accountId])
  forgetStanding(kit.shop.accountId)
  await kit.subscribe(kit.shop)
  if (choice.plan || choice.interval) await changePlan(at(), { ...pro, ...choice })
  world.declined.add(await kit.customer(kit.shop))
  world.advance(world.now + 15 * day)
  expect(await standing()).toMatchObject({ state: 'past_due', readOnly: false })
}

test('who owes, in grace or after, buys no year, no months for a year, no larger plan and no service; ending stays open', {
  timeout: 120_000,
}, async () => {
  await owing()
  const { world } = kit.stripe
  const { since } = await standing()
  const wishes = [{ interval: 'year' }, { plan: 'business' }] as const
  for (const days of [0, 9]) {
    world.advance(world.now + days * day)
    for (const wish of wishes) {
      expect(await codeOf(changePlan(at(), { ...pro, ...wish }))).toBe('account_unpaid')
      expect(await codeOf(previewChange(at(), { of: 'plan', ...pro, ...wish }))).toBe('account_unpaid')
    }
    expect(await codeOf(changeAddOn(at(), { addOn: 'data', on: true }))).toBe('account_unpaid')
    expect(await codeOf(previewChange(at(), { of: 'service', addOn: 'support', on: true }))).toBe('account_unpaid')
    expect(await standing()).toMatchObject({ since, readOnly: days > 0 })
  }
  expect(await codeOf(requirePaid(at()))).toBe('account_unpaid')
  for (const ends of [true, false]) expect(await codeOf(endPlan(at(), { ends }))).toBe('worked')
  expect([pending(), world.charges.size]).toEqual([[], 0])

  await owing({ interval: 'year' })
  expect(await codeOf(changePlan(at(), pro))).toBe('account_unpaid')
  expect(world.invoices.size).toBe(1)
})

test('what Stripe knows of a debt before it is read here holds already', async () => {
  await owing()
  await kit.owner.query(`UPDATE subscription SET state = 'active', past_due_since = NULL WHERE account_id = $1`, [
    kit.shop.accountId,
  ])
  expect(await codeOf(changePlan(at(), { ...pro, plan: 'business' }))).toBe('account_unpaid')
  expect(await standing()).toMatchObject({ state: 'past_due', plan: 'pro' })
})

test('fewer people while a payment is due give nothing back, and the next month is asked for whole', async () => {
  await owing()
  const { world } = kit.stripe
  const fewer = `UPDATE membership SET disabled_at = $2 WHERE account_id = $1 AND role <> 'owner'`
  await kit.owner.query(fewer, [kit.shop.accountId, new Date()])
  const preview = await previewChange(at(), { of: 'people', people: 1 })
  expect(preview).toMatchObject({ now: 0, credit: 0, next: { amount: 1_900 } })
  await billUsage(kit.services, (id) => ({ ...kit.acting(id), now: at().now }))
  expect(pending()).toEqual([])
  const { since } = await standing()
  world.advance(world.now + 30 * day)
  expect(await standing()).toMatchObject({ since, readOnly: true })
  await kit.owner.query(fewer, [kit.shop.accountId, null])
})

test('a smaller plan while a payment is due gives nothing back, and what was used beyond the larger one stays billed', async () => {
  await owing({ plan: 'business' })
  const { world } = kit.stripe
  world.usage.clear()
  await limitSpend(at(), { cap: 10_000, alert: null })
  await kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, $3::int)',
    [kit.shop.accountId, at().now(), plans.business.messages + 500],
  )
  await billUsage(kit.services, (id) => ({ ...kit.acting(id), now: at().now }))
  // As on the first of the next month.
  await kit.owner.query('DELETE FROM usage_record')
  await changePlan(at(), pro)
  expect(await standing()).toMatchObject({ plan: 'pro', state: 'past_due' })
  expect([...world.usage.values()]).toMatchObject([{ value: 500 }])
  expect([...world.usage.values()].filter(({ dropped }) => dropped)).toEqual([])
  expect(pending()).toEqual([])
})

test('what is added to a plan that ends is charged at once, and said so before', async () => {
  await owing()
  const { world } = kit.stripe
  world.declined.clear()
  for (const invoice of world.of(world.invoices, await kit.customer(kit.shop))) world.tryToPay(invoice)
  await standing()
  await endPlan(at(), { ends: true })
  const more = await previewChange(at(), { of: 'people', people: 50 })
  expect(more.next).toBeNull()
  expect(more.now).toBeGreaterThan(0)
  const before = world.charges.size
  expect(await previewChange(at(), { of: 'service', addOn: 'data', on: true })).toMatchObject({
    now: 9_900,
    next: null,
  })
  await changeAddOn(at(), { addOn: 'data', on: true })
  expect(pending()).toEqual([])
  expect([...world.charges.values()].slice(before).map(({ amount }) => amount)).toEqual([9_900])
  world.advance(world.now + 40 * day)
  expect(await standing()).toMatchObject({ state: 'canceled', graceUntil: null })
})

test.each([true, false])(
  'after grace there are the Free plan’s labels and no datasets, where Stripe ends what is unpaid: %s',
  async (ends) => {
    const { world } = kit.stripe
    world.endsUnpaid = ends
    await owing()
    await limitSpend(at(), { cap: 10_000, alert: null })
    expect(await codeOf(exportExamples(at(), { kind: 'jsonl' }))).toBe('worked')
    expect((await readBilling(at())).beyond.labels).toBeGreaterThan(19_999)
    world.advance(world.now + 40 * day)
    expect(await standing()).toMatchObject({ state: ends ? 'canceled' : 'unpaid', readOnly: true })
    expect((await readBilling(at())).beyond.labels).toBe(1_000)
    expect(await codeOf(exportExamples(at(), { kind: 'jsonl' }))).toBe('plan_files')
    await kit.owner.query(
      'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, 1000)',
      [kit.shop.accountId, at().now()],
    )
    forgetStanding(kit.shop.accountId)
    expect(await mayLabel(at())).toBe(false)
    world.endsUnpaid = false
  },
)

test('an invoice that asks for nothing pays no debt', async () => {
  await owing()
  const { world } = kit.stripe
  const { since } = await standing()
  const [subscription] = world.of(world.subscriptions, await kit.customer(kit.shop))
  // As the operator or another tool could make one: of use, of which there was none.
  if (subscription) world.bill(subscription, [])
  expect(await standing()).toMatchObject({ state: 'active', since, readOnly: false })
  world.advance(world.now + 8 * day)
  expect(await standing()).toMatchObject({ state: 'active', since, readOnly: true })
  expect(await codeOf(requirePaid(at()))).toBe('account_unpaid')
})
