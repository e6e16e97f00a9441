/** A plan by the year is taken on Checkout, which sells one interval: its messages by the month are added with the first reading. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOperation } from '@/lib/features/billing/operator'
import { addOns } from '@/lib/features/billing/plans'
import { periodAt } from '@/lib/features/billing/rules'
import { billUsage } from '@/lib/flows/bill-usage'
import { changeAddOn, changePlan, refreshBilling } from '@/lib/flows/change-plan'
import { reconcileStripe } from '@/lib/flows/follow-stripe'
import { limitSpend } from '@/lib/flows/limit-spend'
import { previewChange } from '@/lib/flows/preview-change'
import { readBilling } from '@/lib/flows/read-billing'
import { forgetStanding, mayLabel } from '@/lib/flows/standing'
import { asSystem } from '@/lib/platform/db/as-system'
import type { Shop } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

const yearly = { ...pro, interval: 'year' } as const

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
})
afterAll(() => kit.close())

const take = async (shop: Shop) => {
  const { url } = await changePlan(shop.as.owner, yearly)
  return kit.stripe.world.complete(String(url).split('/').at(-1) ?? '')
}
const running = async (shop: Shop) => {
  const { world } = kit.stripe
  const [newest] = world.of(world.subscriptions, await kit.customer(shop))
  if (!newest) throw new Error('no subscription')
  return newest
}
const itemsOf = async (shop: Shop) =>
  (await running(shop)).items.data.map(({ price }) => [price.metadata.kind, price.recurring.interval])
const whole = [
  ['plan', 'year'],
  ['overage', 'month'],
]
const mails = async (subject: string) =>
  (await kit.owner.query('SELECT 1 FROM mail WHERE subject LIKE $1', [subject])).rowCount
const odd = async () =>
  (await asSystem(kit.services, 'test', (tx) => readOperation(tx, new Date()))).attention.filter(
    ({ kind }) => kind === 'overage',
  )

test('Checkout is asked for people by the year alone, in the mode that takes months beside them; the price that was said is asked for', async () => {
  const { shop, stripe } = kit
  const said = await previewChange(shop.as.owner, { of: 'plan', ...yearly })
  stripe.deliverTo('')
  await take(shop)
  const [session] = [...stripe.world.sessions.values()]
  expect(session?.wish.items).toHaveLength(1)
  expect(await running(shop)).toMatchObject({ billing_mode: { type: 'flexible' } })
  expect(await itemsOf(shop)).toEqual([['plan', 'year']])
  expect(said.next?.amount).toBe(4 * 19_000)
})

test('whoever comes back first adds it, and readings at once add one', async () => {
  const { shop, stripe } = kit
  await Promise.all([refreshBilling(shop.as.owner), refreshBilling(shop.as.owner), refreshBilling(shop.as.owner)])
  expect(await itemsOf(shop)).toEqual(whole)
  const { subscription, beyond } = await readBilling(shop.as.owner)
  expect(subscription).toMatchObject({ plan: 'pro', interval: 'year', overage: 200 })
  expect(beyond.price).toBe(200)
  stripe.deliverTo(kit.hook)
})

test('an event adds it where nobody comes back; what it cannot add bills and labels nothing beyond the plan, until a night adds it; an end in the portal stays the year’s', async () => {
  const { rival, stripe } = kit
  // A plan that was had before: no trial.
  await kit.owner.query(
    `INSERT INTO subscription (account_id, provider, plan, interval, currency, state, seats, period_start, period_end, created_at, updated_at)
     VALUES ($1, 'stripe', 'pro', 'month', 'usd', 'canceled', 4, now() - interval '20 days', now() - interval '9 days', now(), now())`,
    [rival.accountId],
  )
  stripe.cut(/^POST .*\/subscriptions\//)
  await take(rival)
  await kit.work()
  expect(await itemsOf(rival)).toEqual([['plan', 'year']])
  const before = await readBilling(rival.as.owner)
  expect(before).toMatchObject({ entitlements: { plan: 'pro' }, subscription: { state: 'active' } })
  expect(before.beyond.price).toBeNull()
  expect(await odd()).toMatchObject([{ kind: 'overage' }])
  await limitSpend(rival.as.owner, { cap: 1_000, alert: null })
  const use = (messages: number) =>
    kit.owner.query(
      'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, $2::int)',
      [rival.accountId, messages],
    )
  await use(20_100)
  const mayNow = () => {
    forgetStanding(rival.accountId)
    return mayLabel(kit.acting(rival.accountId))
  }
  expect(await mayNow()).toBe(false)
  await billUsage(kit.services, kit.acting)
  expect(stripe.world.usage.size).toBe(0)

  // Ended in the portal meanwhile, with its period: the month that is added makes that no earlier.
  const [one, ends] = [await running(rival), before.subscription?.periodEnd]
  Object.assign(one, { cancel_at_period_end: true, cancel_at: Number(ends) / 1_000 })
  stripe.cut(null)
  await reconcileStripe(kit.services, kit.acting)
  expect(await itemsOf(rival)).toEqual(whole)
  expect(await odd()).toEqual([])
  expect(await readBilling(rival.as.owner)).toMatchObject({
    beyond: { price: 200 },
    subscription: { cancelAtPeriodEnd: true, periodEnd: ends },
  })
  // What was used before is not billed later, and the price that was said is no news.
  expect(await mayNow()).toBe(true)
  await use(50)
  await billUsage(kit.services, kit.acting)
  expect([...stripe.world.usage.values()].map(({ value }) => value)).toEqual([50])
  expect(await mails('%changed%')).toBe(0)
})

test('the month of what was added is invoiced with its use', async () => {
  const { rival, stripe } = kit
  const { world } = stripe
  world.advance(world.now + 32 * 86_400)
  const [month] = world.of(world.invoices, await kit.customer(rival))
  expect(month?.lines.data).toMatchObject([{ quantity: 50, amount: 10 }])
})

test('a plan by the year that somebody made by hand keeps what it has', async () => {
  const { shop, stripe } = kit
  const one = await running(shop)
  one.metadata = {}
  one.items.data = one.items.data.filter(({ price }) => price.metadata.kind === 'plan')
  const { beyond } = await refreshBilling(shop.as.owner)
  expect(await itemsOf(shop)).toEqual([['plan', 'year']])
  expect([beyond.price, await odd()]).toEqual([null, []])
  expect(stripe.faults).toEqual([])
})

test('on a year without an item by the month a service costs its month, and is charged with that month’s end', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  kit.services.env.LINGXI_ADD_ONS = ['data', 'support']
  const one = await running(shop)
  Object.assign(one, { status: 'active', trial_end: null })
  const [seat] = one.items.data
  // Ten months of the year are over, and two days of another.
  const start = world.now - 306 * 86_400
  Object.assign(seat ?? {}, { current_period_start: start, current_period_end: start + 365 * 86_400 })
  await refreshBilling(shop.as.owner)
  const at = new Date(world.now * 1_000)
  const owner = { ...shop.as.owner, now: () => at }
  const month = periodAt(new Date(start * 1_000), 'month', at)
  const said = await previewChange(owner, { of: 'service', addOn: 'data', on: true })
  // The whole month that runs, and the next one.
  expect(said).toMatchObject({ now: 0, next: { amount: 2 * addOns.data.usd, at: month.end } })
  await changeAddOn(owner, { addOn: 'data', on: true })
  expect(world.pending.get(one.id)?.map(({ amount }) => amount)).toEqual([addOns.data.usd])
  await changeAddOn(owner, { addOn: 'data', on: false })
  world.pending.delete(one.id)
  // With an end that is the year's own there is an invoice before, and in the last month there is none.
  const end = start + 365 * 86_400
  Object.assign(one, { cancel_at: end })
  const last = { ...owner, now: () => new Date((end - 86_400) * 1_000) }
  expect((await previewChange(owner, { of: 'service', addOn: 'support', on: true })).now).toBe(0)
  world.now = end - 86_400
  expect((await previewChange(last, { of: 'service', addOn: 'support', on: true })).now).toBeGreaterThan(0)
  world.now = at.getTime() / 1_000
  Object.assign(one, { cancel_at: null })
})

/** Whole hours from now on, as Stripe's keys are made. */
const later = (hours: number) => {
  const hour = 3_600_000
  return { ...kit.shop.as.owner, now: () => new Date(Math.ceil(Date.now() / hour) * hour + hours * hour) }
}

test('a failure of Stripe’s, which it says again to the same key, is over an hour later; what another reading added meanwhile is read', async () => {
  const { shop, stripe } = kit
  const one = await running(shop)
  one.metadata = { account: shop.accountId }
  stripe.fails(/^POST .*\/subscriptions\//)
  await refreshBilling(later(1))
  stripe.fails(null)
  await refreshBilling(later(1))
  expect(await itemsOf(shop)).toEqual([['plan', 'year']])
  await refreshBilling(later(2))
  expect(await itemsOf(shop)).toEqual(whole)

  one.items.data = one.items.data.filter(({ price }) => price.metadata.kind === 'plan')
  const price = [...stripe.world.prices.values()].find(({ lookup_key }) => lookup_key === 'lingxi_pro_overage_usd')
  stripe.fails(/^POST .*\/subscriptions\//, () => {
    if (one.items.data.length === 1) stripe.world.setItem(one, { price: price?.id ?? '' })
  })
  expect((await refreshBilling(later(3))).beyond.price).toBe(200)
  stripe.fails(null)
  expect(await odd()).toEqual([])
})
