/** Messages beyond the plan: never billed before an owner allows it, never above their cap, and told to Stripe exactly once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { billAccount, billUsage } from '@/lib/flows/bill-usage'
import { changePlan, endPlan } from '@/lib/flows/change-plan'
import { inviteMember } from '@/lib/flows/invite-member'
import { labelLater } from '@/lib/flows/label-later'
import { limitSpend } from '@/lib/flows/limit-spend'
import { exportUsageRows, readBilling } from '@/lib/flows/read-billing'
import { readMe } from '@/lib/flows/read-me'
import { readMyself } from '@/lib/flows/read-team'
import { forgetStanding } from '@/lib/flows/standing'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
})
afterAll(() => kit.close())

/** So many labelled messages more, now. */
const use = (messages: number, accountId = kit.shop.accountId) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, $2::int)',
    [accountId, messages],
  )
const round = () => billUsage(kit.services, kit.acting)
const told = () => [...kit.stripe.world.usage.values()].reduce((sum, { value }) => sum + value, 0)
const labels = async () => (await kit.owner.query('SELECT 1 FROM prediction')).rowCount
const mails = async (subject: string) =>
  (await kit.owner.query('SELECT 1 FROM mail WHERE subject LIKE $1', [subject])).rowCount

test('in the trial and without a cap, labels stop with the plan’s last one and nothing is billed', async () => {
  await use(19_999)
  forgetStanding(kit.shop.accountId)
  const { from, conversationId } = await kit.shop.write('refund: the last one')
  expect(await labels()).toBe(1)
  forgetStanding(kit.shop.accountId)
  // In front of people all the same, and nothing waits for a label that will not come.
  const next = await kit.shop.write('refund: one more', from)
  expect(next.conversationId).toBe(conversationId)
  await kit.owner.query(
    "UPDATE message SET created_at = created_at - interval '1 minute' WHERE label_state = 'pending'",
  )
  await labelLater(kit.services, kit.acting)
  expect(await labels()).toBe(1)
  expect((await kit.owner.query("SELECT 1 FROM message WHERE label_state = 'pending'")).rowCount).toBe(0)
  // Owners get one mail, and everybody's desk a word.
  expect(await mails('%labelled messages are used up')).toBe(1)
  await kit.shop.write('refund: and another', from)
  await kit.owner.query("UPDATE message SET created_at = created_at - interval '1 minute'")
  await labelLater(kit.services, kit.acting)
  expect(await mails('%labelled messages are used up')).toBe(1)
  const usedUp = async () => (await readMe(kit.shop.as.agent)).accounts.map(({ usedUp: said }) => said)
  expect(await usedUp()).toEqual([true])
  expect((await readMe(kit.rival.as.agent)).accounts.map(({ usedUp: said }) => said)).toEqual([false])
  await limitSpend(kit.shop.as.owner, { cap: 1_000, alert: null })
  await use(500)
  await round()
  expect(told()).toBe(0)
})

test('after the trial the cap pays for more, and for no more than it says', async () => {
  const { world } = kit.stripe
  const [subscription] = world.subscriptions.values()
  if (subscription) Object.assign(subscription, { status: 'active', trial_end: null })
  if (subscription) world.update(subscription)
  await kit.work()
  // What was labelled in the trial is never billed later.
  await round()
  expect(told()).toBe(0)
  await use(500)
  // 500 beyond the plan at $2 a thousand.
  const { beyond, used } = await readBilling(kit.shop.as.owner)
  expect(beyond).toMatchObject({ cap: 1_000, price: 200, cost: 100, bills: true })
  expect(beyond.labels).toBe(used.messages - 500 + 5_000)
  await round()
  expect(told()).toBe(500)
  await kit.shop.write('refund: labelled again')
  expect(await labels()).toBe(2)
  // $10 buy 5,000.
  await use(9_000)
  await round()
  await round()
  expect(told()).toBe(5_000)
  forgetStanding(kit.shop.accountId)
  await kit.shop.write('refund: beyond the cap')
  expect(await labels()).toBe(2)
  const { beyond: over, used: all } = await readBilling(kit.shop.as.owner)
  expect([over.bills, all.messages < (over.labels ?? 0)]).toEqual([false, false])
})

test('an alert is one mail to each owner, once a month', async () => {
  await use(1_000)
  await limitSpend(kit.shop.as.owner, { cap: 5_000, alert: 1_500 })
  // What was labelled above a cap is not billed when the cap is raised.
  await round()
  expect(told()).toBe(5_000)
  expect(await mails('%beyond the plan%')).toBe(0)
  await use(3_000)
  for (let time = 0; time < 3; time++) await round()
  expect(await mails('%beyond the plan%')).toBe(1)
  expect(told()).toBe(8_000)
})

test('a moment of a larger plan includes nothing more, and makes nothing dearer that was used before', async () => {
  const moment = new Date()
  const owner = { ...kit.shop.as.owner, now: () => moment }
  await changePlan(owner, { ...pro, plan: 'business' })
  await changePlan(owner, pro)
  await round()
  expect(told()).toBe(8_000)
  // What was put down before stays: 8,000 at $2 a thousand.
  expect((await readBilling(kit.shop.as.owner)).beyond.cost).toBe(1_600)
  await limitSpend(kit.shop.as.owner, { cap: 0, alert: null })
  await kit.shop.write('refund: a moment of the larger plan buys no more')
  expect(await labels()).toBe(2)
  await limitSpend(kit.shop.as.owner, { cap: 5_000, alert: 1_500 })
  await use(1_000)
  await round()
  expect(told()).toBe(9_000)
  await kit.shop.write('refund: within the cap')
  expect(await labels()).toBe(3)
})

test('told is what was counted, however often the worker dies between telling and noting', async () => {
  const stripe = stripeOf(kit.services)
  if (!stripe) throw new Error('no Stripe')
  await kit.owner.query('DELETE FROM usage_record; DELETE FROM usage_month; DELETE FROM usage_report')
  kit.stripe.world.usage.clear()
  await limitSpend(kit.shop.as.owner, { cap: 100_000_000, alert: null })
  await use(20_000)
  let at = 0
  const dying = {
    ...kit.acting(kit.shop.accountId),
    // The clock is asked for each note that Stripe was told: there the worker "dies", at another place each time.
    now: () => {
      if (++at % 7 === 0) throw new Error('killed')
      return new Date()
    },
  }
  let deaths = 0
  for (let turn = 0; turn < 60; turn++) {
    await use(37)
    await Promise.all([0, 1].map(() => billAccount(stripe, dying).catch(() => deaths++)))
  }
  await round()
  expect(deaths).toBeGreaterThan(10)
  expect(told()).toBe(60 * 37)
  const { rows } = await kit.owner.query('SELECT sum(count)::int AS sum FROM usage_report WHERE sent_at IS NOT NULL')
  expect(rows[0].sum).toBe(60 * 37)
})

test('a report that was told and not noted, a day ago, is not told again; one that was not told is', async () => {
  const stripe = stripeOf(kit.services)
  if (!stripe) throw new Error('no Stripe')
  const before = told()
  const tomorrow = { ...kit.acting(kit.shop.accountId), now: () => new Date(Date.now() + 24 * 3_600_000) }
  const forget = () =>
    kit.owner.query(
      'UPDATE usage_report r SET sent_at = NULL, told_for = NULL WHERE first = (SELECT max(first) FROM usage_report WHERE account_id = r.account_id)',
    )
  await forget()
  // Stripe does not know the identifier any more.
  const kept = [...kit.stripe.world.usage.entries()].map(([key, value], at) => [`${key} ${at}`, value] as const)
  kit.stripe.world.usage.clear()
  for (const [key, value] of kept) kit.stripe.world.usage.set(key, value)
  await billAccount(stripe, tomorrow)
  expect(told()).toBe(before)
  expect((await kit.owner.query('SELECT 1 FROM usage_report WHERE sent_at IS NULL')).rowCount).toBe(0)

  await forget()
  const last = [...kit.stripe.world.usage.keys()].at(-1) ?? ''
  kit.stripe.world.usage.delete(last)
  await billAccount(stripe, tomorrow)
  expect(told()).toBe(before)
})

test('rows of usage leave one by one, and as many of them as were told are called billed', async () => {
  let text = ''
  for await (const part of exportUsageRows(kit.shop.as.owner, new Date())) text += part
  const { rows } = await kit.owner.query(
    'SELECT count(*)::int AS n, (SELECT sum(count)::int FROM usage_report) AS billed FROM usage_record WHERE account_id = $1',
    [kit.shop.accountId],
  )
  const lines = text.trimEnd().split('\n')
  expect(lines[0]).toBe('message,counted_at,charge')
  expect(lines).toHaveLength(rows[0].n + 1)
  expect(new Set(lines).size).toBe(lines.length)
  expect(rows[0].billed).toBeGreaterThan(0)
  expect(lines.filter((line) => line.endsWith(',billed'))).toHaveLength(rows[0].billed)
})

test('seats follow the people; a failed payment and a trial’s end are told to owners once', async () => {
  const { shop, rival, stripe } = kit
  await kit.owner.query('UPDATE membership SET disabled_at = now() WHERE account_id = $1 AND role = $2', [
    shop.accountId,
    'viewer',
  ])
  // Nobody pays for an invitation that nobody accepted.
  await inviteMember(shop.as.owner, { email: 'not-yet@example.com', role: 'agent' })
  await round()
  const billing = await readBilling(shop.as.owner)
  expect(billing.subscription?.seats).toBe(3)
  expect([billing.people, billing.used.seats]).toEqual([3, 4])
  // What was bought keeps its price, whatever the table says today.
  expect(billing.charges).toMatchObject([{ interval: 'month', amount: 3 * 1_900 }])
  const [bought] = stripe.world.of(stripe.world.subscriptions, await kit.customer(shop))
  const seat = bought?.items.data.find(({ price }) => price.metadata.kind === 'plan')
  if (seat) seat.price = { ...seat.price, unit_amount: 1_500, unit_amount_decimal: '1500' }
  if (bought) stripe.world.update(bought)
  await kit.work()
  expect((await readBilling(shop.as.owner)).charges).toMatchObject([{ amount: 3 * 1_500 }])
  // Whoever invites reads what the next one costs; who does not, nothing.
  expect((await readMyself(shop.as.admin)).seat).toEqual({ each: 1_500, interval: 'month', currency: 'usd' })
  expect([(await readMyself(shop.as.agent)).seat, (await readMyself(rival.as.owner)).seat]).toEqual([null, null])
  await kit.subscribe(rival)
  const [trial] = stripe.world.of(stripe.world.subscriptions, await kit.customer(rival))
  if (trial) trial.trial_end = Math.floor(Date.now() / 1_000) + 2 * 86_400
  for (let time = 0; time < 2; time++) stripe.world.emit('customer.subscription.trial_will_end', trial as never)
  await kit.work()
  expect(await mails('The trial of rival%')).toBe(1)
  stripe.world.declined.add(await kit.customer(rival))
  stripe.world.advance(stripe.world.now + 25 * 86_400)
  await kit.work()
  expect(await mails('The trial of rival%')).toBe(1)
  // Two tries of one invoice.
  expect(await mails('A payment for rival%')).toBe(1)
})

test('only owners set the cap, and only to an amount', async () => {
  expect(await codeOf(limitSpend(kit.shop.as.admin, { cap: 1, alert: null }))).toBe('forbidden')
  expect(await codeOf(endPlan(kit.shop.as.admin, { ends: true }))).toBe('forbidden')
  expect(kit.stripe.faults).toEqual([])
})
