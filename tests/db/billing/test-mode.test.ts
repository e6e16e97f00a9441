/**
 * A subscription's life by Stripe's API alone: trial, change, payment, refused card, end. Against the emulator in every run, and
 * against the real test mode by `STRIPE_SECRET_KEY=sk_test_… npm run test:stripe`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overageKey, planKey } from '@/lib/features/billing/catalog'
import { customerOf, keepCustomer, requestKeyOf } from '@/lib/features/billing/customers'
import { type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import { pricesOf } from '@/lib/features/billing/stripe-prices'
import { portalOf, syncStripe } from '@/lib/features/billing/stripe-sync'
import { billAccount } from '@/lib/flows/bill-usage'
import { changePlan, endPlan, openPortal, refreshBilling } from '@/lib/flows/change-plan'
import { limitSpend } from '@/lib/flows/limit-spend'
import { inAccount } from '@/lib/platform/db/in-account'
import { codeOf, createKit, type Kit } from '../settings/kit'
import { createStripeKit, pro } from './stripe-kit'

const real = process.env.LINGXI_REAL_STRIPE ? (process.env.STRIPE_SECRET_KEY ?? '') : null
const day = 86_400
/** Stripe finalizes an invoice about an hour after it made it. */
const settled = 2 * 3_600

let kit: Kit
let stripe: Stripe
let clock: { id: string; now: number }
let customer: string
/** Where the portal led back to. */
let address: string | null

beforeAll(async () => {
  // A live key would move money.
  if (real !== null && !real.startsWith('sk_test_')) throw new Error('STRIPE_SECRET_KEY must begin with sk_test_')
  kit = real === null ? await createStripeKit() : await createKit()
  if (real !== null) Object.assign(kit.services.env, { STRIPE_SECRET_KEY: real, STRIPE_WEBHOOK_SECRET: 'whsec_none' })
  stripe = stripeOf(kit.services) as Stripe
  address = (await portalOf(stripe))?.default_return_url ?? null
  const now = Math.floor(Date.now() / 1_000)
  const made = await stripe.testHelpers.testClocks.create({ frozen_time: now, name: 'Lingxi' })
  clock = { id: made.id, now }
}, 120_000)
afterAll(async () => {
  // A test account that is used for more gets back what was there.
  const portal = await portalOf(stripe)
  if (portal && address) await stripe.billingPortal.configurations.update(portal.id, { default_return_url: address })
  if (real !== null) await stripe.testHelpers.testClocks.del(clock.id)
  await kit.close()
})

async function advance(seconds: number): Promise<void> {
  clock.now += seconds
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: clock.now })
  for (let tries = 0; tries < 120; tries++) {
    if ((await stripe.testHelpers.testClocks.retrieve(clock.id)).status === 'ready') return
    await sleep(1_000)
  }
  throw new Error('the test clock did not arrive')
}

async function card(name: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach(name, { customer })
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } })
}

async function subscribe(more: { trial_period_days?: number }): Promise<void> {
  const [seat, overage] = await pricesOf(stripe, [planKey('pro', 'usd', 'month'), overageKey('pro', 'usd')])
  const items = [{ price: seat as string, quantity: 4 }, { price: overage as string }]
  await stripe.subscriptions.create({ customer, items, billing_mode: { type: 'flexible' }, ...more })
}

test('the life of a subscription', async () => {
  const { shop } = kit
  const { owner } = shop.as
  await syncStripe(stripe, 'https://lingxi.example')
  expect(await syncStripe(stripe, 'https://lingxi.example')).toEqual([])

  const made = await stripe.customers.create({ name: 'Lingxi test', test_clock: clock.id })
  customer = made.id
  await inAccount(owner, async (tx) => {
    await requestKeyOf(tx, owner)
    await keepCustomer(tx, owner, customer)
  })
  await card('pm_card_visa')
  await subscribe({ trial_period_days: 14 })
  const begun = await refreshBilling(owner)
  expect(begun).toMatchObject({ entitlements: { plan: 'pro' }, subscription: { state: 'trialing', seats: 4 } })

  const larger = await changePlan(owner, { ...pro, plan: 'business', interval: 'year' })
  expect(larger).toMatchObject({ url: null, entitlements: { plan: 'business' }, subscription: { interval: 'year' } })
  await changePlan(owner, pro)
  expect((await endPlan(owner, { ends: true })).subscription?.cancelAtPeriodEnd).toBe(true)
  expect((await endPlan(owner, { ends: false })).subscription?.cancelAtPeriodEnd).toBe(false)
  expect((await openPortal(owner)).url).toMatch(/^https?:\/\//)

  await advance(14 * day + settled)
  const paying = await refreshBilling(owner)
  expect(paying.subscription?.state).toBe('active')
  expect(paying.invoices[0]).toMatchObject({ state: 'paid', total: 4 * 1_900 })

  await limitSpend(owner, { cap: 1_000, alert: null })
  // Business was held in this month and nothing was used under it: of its messages none are left.
  await kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, 20500)',
    [shop.accountId],
  )
  await billAccount(stripe, owner)
  const { rows } = await kit.owner.query('SELECT count FROM usage_report WHERE sent_at IS NOT NULL')
  expect(rows).toEqual([{ count: 500 }])

  await card('pm_card_chargeCustomerFail')
  await advance(31 * day + settled)
  const due = await refreshBilling(owner)
  expect(due.subscription?.state).toBe('past_due')
  expect(due.entitlements.graceUntil).toBeInstanceOf(Date)

  const [running] = (await stripe.subscriptions.list({ customer })).data
  await stripe.subscriptions.cancel(running?.id ?? '')
  // Our clock is that of the test mode.
  const later = { ...owner, now: () => new Date(clock.now * 1_000) }
  const left = await refreshBilling(later)
  expect(left).toMatchObject({ entitlements: { plan: 'free', graceUntil: expect.any(Date) } })
  // The debt outlives the plan, and no other is sold until it is settled.
  expect(await codeOf(changePlan(later, pro))).toBe('account_unpaid')
  for (const { id, state } of left.invoices) if (state === 'open') await stripe.invoices.voidInvoice(id)
  expect((await refreshBilling(later)).entitlements.graceUntil).toBeNull()

  // People by the year and messages by the month on one page: Checkout takes both, for a first plan and a later one.
  for (const buyer of [kit.rival.as.owner, owner]) {
    const { url } = await changePlan(buyer, { ...pro, interval: 'year' })
    expect(url).toMatch(/^https?:\/\//)
  }
  const other = await inAccount(kit.rival.as.owner, (tx) => customerOf(tx, kit.rival.as.owner))
  const [page] = (await stripe.checkout.sessions.list({ customer: other ?? '' })).data
  expect(page).toMatchObject({ mode: 'subscription', status: 'open' })
  if (real !== null) await stripe.customers.del(other ?? '')
}, 600_000)

test('a change between month and year is charged at once, less what is left, and back leaves a credit', async () => {
  const { owner } = kit.shop.as
  await card('pm_card_visa')
  await subscribe({})
  await advance(settled)
  const paid = await refreshBilling(owner)
  expect(paid).toMatchObject({ subscription: { state: 'active', interval: 'month' } })
  expect(paid.invoices[0]).toMatchObject({ state: 'paid', total: 4 * 1_900 })
  const yearly = await changePlan(owner, { ...pro, interval: 'year' })
  expect(yearly.subscription?.interval).toBe('year')
  // Two hours of the month are gone.
  const [year] = yearly.invoices
  expect(year?.state).toBe('paid')
  expect(year?.total).toBeGreaterThanOrEqual(4 * (19_000 - 1_900))
  expect(year?.total).toBeLessThan(4 * (19_000 - 1_800))
  const monthly = await changePlan(owner, pro)
  expect(monthly.subscription?.interval).toBe('month')
  expect(monthly.invoices[0]?.total).toBeLessThan(-4 * 16_000)
}, 300_000)
