/** Ends whose events were lost, debts, and odd values at Stripe: a person's next act finds out, and the operator hears of what is odd. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOperation } from '@/lib/features/billing/operator'
import { billUsage } from '@/lib/flows/bill-usage'
import { changePlan, endPlan, refreshBilling } from '@/lib/flows/change-plan'
import { reconcileStripe } from '@/lib/flows/follow-stripe'
import { readBilling } from '@/lib/flows/read-billing'
import { asSystem } from '@/lib/platform/db/as-system'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
}, 120_000)
afterAll(() => kit.close())

const running = async () => {
  const { world } = kit.stripe
  const customer = (await kit.customer(kit.shop)) ?? [...world.subscriptions.values()].at(-1)?.customer
  const all = world.of(world.subscriptions, customer)
  const found = all.find(({ status }) => status !== 'canceled')
  if (!found) throw new Error('nothing runs')
  return found
}
const buy = async (url: string | null) => {
  kit.stripe.world.complete(String(url).split('/').at(-1) ?? '')
  await refreshBilling(kit.shop.as.owner)
}
const attention = async () => {
  const { attention } = await asSystem(kit.services, 'test', (tx) => readOperation(tx, new Date()))
  return attention.map(({ kind }) => kind)
}

test('after an end whose event was lost a plan can be bought at once', async () => {
  const { shop, stripe } = kit
  stripe.deliverTo('')
  stripe.world.cancel((await running()).id)
  // There is nothing to end; what there is, is read.
  expect(await codeOf(endPlan(shop.as.owner, { ends: true }))).toBe('not_found')
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('canceled')
  await buy((await changePlan(shop.as.owner, pro)).url)
  stripe.world.cancel((await running()).id)
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('active')
  await buy((await changePlan(shop.as.owner, pro)).url)
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('active')
})

test('and so it is where the whole customer was removed', async () => {
  const { shop, stripe } = kit
  const gone = await kit.customer(shop)
  stripe.world.deleteCustomer(gone)
  await buy((await changePlan(shop.as.owner, pro)).url)
  expect(await kit.customer(shop)).not.toBe(gone)
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('pro')
})

test('seats of a plan that ended unheard are no trouble of every round', async () => {
  const { shop, stripe } = kit
  const old = await running()
  if (old.items.data[0]) old.items.data[0].quantity = 9
  await refreshBilling(shop.as.owner)
  stripe.world.cancel(old.id)
  await billUsage(kit.services, kit.acting)
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('canceled')
})

test('odd values at Stripe stop no reading, and the operator hears of them', async () => {
  const { shop, stripe } = kit
  await buy((await changePlan(shop.as.owner, pro)).url)
  const first = await running()
  const items = first.items.data.map(({ price }) => ({ price: price.id, quantity: 0 }))
  stripe.world.advance(stripe.world.now + 5)
  const second = stripe.world.subscribe(first.customer, items, 14)
  for (const item of second.items.data) if (item.quantity) item.quantity = 0
  expect((await refreshBilling(shop.as.owner)).subscription).toMatchObject({ state: 'active' })
  expect(await attention()).toContain('several')
  second.currency = 'eur'
  expect((await refreshBilling(shop.as.owner)).subscription).toMatchObject({ state: 'active', currency: 'usd' })
  expect(await attention()).toContain('currency')
  first.currency = 'eur'
  expect((await refreshBilling(shop.as.owner)).entitlements.plan).toBe('free')
  expect(await reconcileStripe(kit.services, kit.acting)).toBeGreaterThan(0)
  first.currency = 'usd'
  stripe.world.cancel(second.id)
  await refreshBilling(shop.as.owner)
  expect(await attention()).not.toContain('currency')
  // A first payment that was never made needs a hand, too.
  first.status = 'incomplete'
  await refreshBilling(shop.as.owner)
  expect(await attention()).toContain('incomplete')
  first.status = 'active'
  await refreshBilling(shop.as.owner)
  expect(await attention()).not.toContain('incomplete')
})

test('a plan that Stripe ended with a debt leaves the desk read-only until the debt is paid, and no new plan hides it', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  const customer = await kit.customer(shop)
  world.endsUnpaid = true
  world.declined.add(customer)
  world.advance(world.now + 50 * 86_400)
  // Our clock is Stripe's.
  const later = () => ({ ...shop.as.owner, now: () => new Date(world.now * 1_000) })
  const owed = await refreshBilling(later())
  expect(owed).toMatchObject({ subscription: { state: 'canceled' }, entitlements: { plan: 'free', readOnly: true } })
  expect(await codeOf(changePlan(later(), pro))).toBe('account_unpaid')
  world.declined.clear()
  for (const invoice of world.of(world.invoices, customer)) world.tryToPay(invoice)
  // Nobody told of the payment: the wish for a plan finds out.
  expect((await readBilling(later())).entitlements.readOnly).toBe(true)
  expect((await changePlan(later(), pro)).url).toContain('/pay/')
  expect(await readBilling(later())).toMatchObject({ entitlements: { plan: 'free', readOnly: false } })
  expect(stripe.faults).toEqual([])
})

test('a customer whom a restored backup does not know is known again, by the next event or the next night', async () => {
  const { shop, rival, stripe } = kit
  await buy((await changePlan(shop.as.owner, pro)).url)
  const customer = await kit.customer(shop)
  const lose = async () => {
    const where = 'WHERE account_id = $1'
    for (const table of ['invoice', 'subscription', 'billing_customer'])
      await kit.owner.query(`DELETE FROM ${table} ${where}`, [shop.accountId])
    expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('free')
  }
  await lose()
  await reconcileStripe(kit.services, kit.acting)
  expect(await kit.customer(shop)).toBe(customer)
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('pro')
  await lose()
  stripe.deliverTo(kit.hook)
  stripe.world.update(await running())
  await kit.work()
  stripe.deliverTo('')
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('pro')
  // Not another product's, nor of an account of another database, nor beside the one that an account has.
  const known = (await kit.owner.query('SELECT 1 FROM billing_customer')).rowCount
  const items = (await running()).items.data.map(({ price }) => ({ price: price.id }))
  for (const account of [undefined, 'somebody', rival.accountId.replace(/^.{8}/, '00000000'), shop.accountId]) {
    const metadata: Record<string, string> = account ? { account } : {}
    stripe.world.subscribe(stripe.world.addCustomer({ metadata }).id, items, 0, metadata)
  }
  await reconcileStripe(kit.services, kit.acting)
  expect((await kit.owner.query('SELECT 1 FROM billing_customer')).rowCount).toBe(known)
  expect(await kit.customer(shop)).toBe(customer)
  expect(stripe.faults).toEqual([])
})

test('a plan from the time of demo billing ends once money moves: a trial’s length later, told once, and not by itself renewed', async () => {
  const { rival } = kit
  await kit.owner.query(
    `INSERT INTO subscription (account_id, provider, plan, interval, currency, state, seats, period_start, period_end, created_at, updated_at)
     VALUES ($1, 'demo', 'business', 'month', 'usd', 'active', 4, now() - interval '90 days', now() - interval '60 days', now(), now())`,
    [rival.accountId],
  )
  expect((await readBilling(rival.as.owner)).entitlements.plan).toBe('business')
  for (let night = 0; night < 2; night++) await reconcileStripe(kit.services, kit.acting)
  const { subscription } = await readBilling(rival.as.owner)
  expect(subscription).toMatchObject({ cancelAtPeriodEnd: true, plan: 'business', state: 'active' })
  const left = (subscription?.periodEnd.getTime() ?? 0) - Date.now()
  expect(Math.round(left / 86_400_000)).toBe(14)
  const mails = await kit.owner.query("SELECT 1 FROM mail WHERE subject LIKE 'The plan of rival% ends on%'")
  expect(mails.rowCount).toBe(1)
  await kit.owner.query("UPDATE subscription SET period_end = now() - interval '1 hour' WHERE account_id = $1", [
    rival.accountId,
  ])
  const after = await readBilling(rival.as.owner)
  expect(after).toMatchObject({ subscription: { state: 'canceled' }, entitlements: { plan: 'free' } })
})

test('a year of demo billing that its owner had ended ends no later than other plans, and they read the day', async () => {
  const { rival } = kit
  await kit.owner.query(
    `UPDATE subscription SET interval = 'year', state = 'active', cancel_at_period_end = true,
       period_start = now() - interval '30 days', period_end = now() + interval '335 days' WHERE account_id = $1`,
    [rival.accountId],
  )
  await kit.owner.query('DELETE FROM mail')
  for (let night = 0; night < 2; night++) await reconcileStripe(kit.services, kit.acting)
  const daysLeft = async () => {
    const { subscription } = await readBilling(rival.as.owner)
    expect(subscription).toMatchObject({ cancelAtPeriodEnd: true, plan: 'business', state: 'active' })
    return Math.round(((subscription?.periodEnd.getTime() ?? 0) - Date.now()) / 86_400_000)
  }
  expect(await daysLeft()).toBe(14)
  const mails = await kit.owner.query("SELECT 1 FROM mail WHERE subject LIKE 'The plan of rival% ends on%'")
  expect(mails.rowCount).toBe(1)
  // What ends before stays as it is.
  await kit.owner.query("UPDATE subscription SET period_end = now() + interval '3 days' WHERE account_id = $1", [
    rival.accountId,
  ])
  await reconcileStripe(kit.services, kit.acting)
  expect(await daysLeft()).toBe(3)
})
