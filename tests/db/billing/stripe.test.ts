/** Billing through Stripe, over HTTP against the emulator: what is paid there holds here, whatever comes of the events. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { beginReading, keepReading } from '@/lib/features/billing/customers'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { readStripe } from '@/lib/features/billing/stripe-read'
import { syncStripe } from '@/lib/features/billing/stripe-sync'
import { changePlan, endPlan, openPortal, refreshBilling } from '@/lib/flows/change-plan'
import { followAccount, reconcileStripe } from '@/lib/flows/follow-stripe'
import { readBilling } from '@/lib/flows/read-billing'
import { requirePaid } from '@/lib/flows/standing'
import { crossings } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { sign } from '../../kit/stripe/server'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
})
afterAll(() => kit.close())
beforeEach(() => kit.stripe.away(false))

test('Checkout begins a trial, and the plan holds with its event', async () => {
  const { shop, stripe } = kit
  const asked = await changePlan(shop.as.owner, pro)
  expect(asked).toMatchObject({ provider: 'stripe', subscription: null, entitlements: { plan: 'free' } })
  // The same wish in the same state of things is the same page.
  expect((await changePlan(shop.as.owner, pro)).url).toBe(asked.url)
  expect(stripe.world.sessions.size).toBe(1)
  const [session] = stripe.world.sessions.values()
  expect(session).toMatchObject({ client_reference_id: shop.accountId, wish: { trialDays: 14 } })
  expect(session?.wish.items).toMatchObject([{ quantity: 4 }, {}])

  stripe.world.complete(session?.id ?? '')
  await kit.work()
  const held = await readBilling(shop.as.owner)
  expect(held).toMatchObject({ entitlements: { plan: 'pro' }, subscription: { state: 'trialing', seats: 4 } })
  expect((await readBilling(kit.rival.as.owner)).subscription).toBeNull()
})

test('a change of plan, its end and its going on are read back at once, without any event', async () => {
  const { shop, stripe } = kit
  stripe.deliverTo('')
  const larger = await changePlan(shop.as.owner, { ...pro, plan: 'business', interval: 'year' })
  expect(larger).toMatchObject({ url: null, entitlements: { plan: 'business' }, subscription: { interval: 'year' } })
  expect(await codeOf(changePlan(shop.as.owner, { ...pro, currency: 'cny' }))).toBe('plan_currency')
  expect((await endPlan(shop.as.owner, { ends: true })).subscription?.cancelAtPeriodEnd).toBe(true)
  expect((await endPlan(shop.as.owner, { ends: false })).subscription?.cancelAtPeriodEnd).toBe(false)
  await changePlan(shop.as.owner, pro)
  expect(stripe.world.subscriptions.size).toBe(1)
  stripe.deliverTo(kit.hook)
})

test('invoices come with their state; a refund and a dispute show', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  world.advance(world.now + 15 * 86_400)
  await kit.work()
  const paid = await readBilling(shop.as.owner)
  expect(paid.subscription?.state).toBe('active')
  expect(paid.invoices).toMatchObject([{ state: 'paid', total: 4 * 1_900, refunded: 0, disputed: false }])
  const [charge] = world.charges.values()
  if (!charge) throw new Error('nothing was paid')
  world.refund(charge)
  const dispute = world.dispute(charge)
  await kit.work()
  expect((await readBilling(shop.as.owner)).invoices).toMatchObject([{ refunded: 4 * 1_900, disputed: true }])
  world.decide(dispute, 'won')
  await kit.work()
  expect((await readBilling(shop.as.owner)).invoices).toMatchObject([{ disputed: false }])
})

test('an unpaid invoice: seven days of grace, then read-only, and all is well once it is paid', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  const customer = await kit.customer(shop)
  world.declined.add(customer)
  world.advance(world.now + 31 * 86_400)
  await kit.work()
  const late = (days: number) => ({ ...shop.as.owner, now: () => new Date((world.now + days * 86_400) * 1_000) })
  const due = await readBilling(late(0))
  expect(due).toMatchObject({ subscription: { state: 'past_due' }, entitlements: { plan: 'pro', readOnly: false } })
  expect(due.entitlements.graceUntil).toBeInstanceOf(Date)
  expect((await readBilling(late(8))).entitlements.readOnly).toBe(true)
  expect(await codeOf(requirePaid(late(8)))).toBe('account_unpaid')
  // The visitor notices nothing.
  expect(await shop.write('refund: still there?')).toMatchObject({ conversationId: expect.any(String) })

  world.declined.delete(customer)
  for (const invoice of world.of(world.invoices, customer)) world.tryToPay(invoice)
  await kit.work()
  expect((await readBilling(late(8))).entitlements).toMatchObject({ graceUntil: null, readOnly: false })
})

test('events that never came are made up for by the daily comparison', async () => {
  const { shop, stripe } = kit
  stripe.deliverTo('')
  const [newest] = stripe.world.of(stripe.world.subscriptions, await kit.customer(shop))
  stripe.world.cancel(newest?.id ?? '')
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('active')
  expect(await reconcileStripe(kit.services, kit.acting)).toBe(1)
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('free')
  stripe.deliverTo(kit.hook)
  // A second plan has no second trial.
  const { url } = await changePlan(shop.as.owner, pro)
  const again = stripe.world.complete(String(url).split('/').at(-1) ?? '')
  expect(again.status).toBe('active')
  await kit.work()
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('pro')
})

test('Stripe away for an hour changes nothing, and says so where something was wanted', async () => {
  const { shop, stripe } = kit
  const before = await readBilling(shop.as.owner)
  stripe.away(true)
  expect(await readBilling(shop.as.owner)).toEqual(before)
  expect(await codeOf(endPlan(shop.as.owner, { ends: true }))).toBe('billing_away')
  expect(await codeOf(openPortal(shop.as.owner))).toBe('billing_away')
  // An event that comes meanwhile waits.
  stripe.world.update([...stripe.world.subscriptions.values()].at(-1) as never)
  await kit.work()
  const { rows } = await kit.owner.query("SELECT state, problem FROM stripe_event WHERE state = 'queued'")
  expect(rows).toHaveLength(1)
  stripe.away(false)
  await kit.owner.query('UPDATE stripe_event SET due_at = now()')
  await kit.work()
  expect((await kit.owner.query("SELECT 1 FROM stripe_event WHERE state = 'queued'")).rowCount).toBe(0)
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('pro')
}, 40_000)

test('only what Stripe signed, now, is taken, and once', async () => {
  const post = (body: string, signature: string) =>
    fetch(kit.hook, { method: 'POST', body, headers: { 'stripe-signature': signature } }).then(({ status }) => status)
  const now = Math.floor(Date.now() / 1_000)
  const text = JSON.stringify({ ...kit.stripe.world.events[0], id: 'evt_once' })
  const count = async () => (await kit.owner.query("SELECT 1 FROM stripe_event WHERE id = 'evt_once'")).rowCount
  expect(await post(text, sign(text, 'whsec_other', now))).toBe(400)
  expect(await post(`${text} `, sign(text, 'whsec_emulated', now))).toBe(400)
  expect(await post(text, sign(text, 'whsec_emulated', now - 320))).toBe(400)
  expect(await post(text, sign(text, 'whsec_emulated', now + 320))).toBe(400)
  expect(await post(text, '')).toBe(400)
  // A second time in the header, so that one is checked and another is believed.
  expect(await post(text, `t=${now},${sign(text, 'whsec_emulated', now + 900)}`)).toBe(400)
  expect(await post(text, `${sign(text, 'whsec_emulated', now + 900)},t=${now}`)).toBe(400)
  expect(await count()).toBe(0)
  const signature = sign(text, 'whsec_emulated', now)
  expect(await Promise.all(Array.from({ length: 20 }, () => post(text, signature)))).toEqual(Array(20).fill(204))
  expect(await count()).toBe(1)
})

test('events that come together are stored together, each once, and one that cannot be stored takes no other along', async () => {
  const now = Math.floor(Date.now() / 1_000)
  const post = (id: string, created: unknown = now) => {
    const text = JSON.stringify({ ...kit.stripe.world.events[0], id, created })
    const headers = { 'stripe-signature': sign(text, 'whsec_emulated', now) }
    return fetch(kit.hook, { method: 'POST', body: text, headers }).then(({ status }) => status)
  }
  const commits = () => crossings().get('events that Stripe sends')?.times ?? 0
  const before = commits()
  // Forty events, each twice, and one whose time no row can hold.
  const good = Array.from({ length: 80 }, (_, at) => post(`evt_together_${at % 40}`))
  const [bad, ...answers] = await Promise.all([post('evt_never', 1e300), ...good])
  expect(answers).toEqual(Array(80).fill(204))
  expect(bad).not.toBe(204)
  const { rows } = await kit.owner.query("SELECT count(*)::int AS n FROM stripe_event WHERE id LIKE 'evt_together%'")
  expect(rows).toEqual([{ n: 40 }])
  // The batch with the bad one was tried event by event.
  expect(commits() - before).toBeLessThan(81)
  const calm = commits()
  expect(await Promise.all(Array.from({ length: 64 }, (_, at) => post(`evt_calm_${at}`)))).toEqual(Array(64).fill(204))
  expect(commits() - calm).toBeLessThan(40)
})

test('nobody reaches another account’s customer; admins see, owners act', async () => {
  const { shop, rival, stripe } = kit
  expect(await codeOf(openPortal(rival.as.owner))).toBe('not_found')
  expect((await openPortal(shop.as.owner)).url).toContain(await kit.customer(shop))
  for (const act of [openPortal(shop.as.admin), refreshBilling(shop.as.admin), changePlan(shop.as.admin, pro)])
    expect(await codeOf(act)).toBe('forbidden')
  // An event in another customer's name changes nobody here.
  const stranger = stripe.world.addCustomer({})
  stripe.world.emit('customer.updated', stranger)
  await kit.work()
  const { rows } = await kit.owner.query('SELECT state FROM stripe_event WHERE customer = $1', [stranger.id])
  expect(rows).toEqual([{ state: 'ignored' }])
})

test('a customer who is removed at Stripe is on the Free plan, and can begin again', async () => {
  const { shop, stripe } = kit
  const old = await kit.customer(shop)
  stripe.world.deleteCustomer(old)
  await kit.work()
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('free')
  await kit.subscribe(shop)
  expect(await kit.customer(shop)).not.toBe(old)
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('pro')
})

test('syncing again changes nothing; a price that changed at Stripe gets a successor, and old subscriptions keep theirs', async () => {
  const { stripe, services, shop } = kit
  const client = stripeOf(services)
  if (!client) throw new Error('no Stripe')
  expect(await syncStripe(client, stripe.url)).toEqual([])
  const prices = [...stripe.world.prices.values()]
  const price = prices.find(({ lookup_key }) => lookup_key === 'lingxi_pro_usd_month')
  const amount = price?.unit_amount_decimal
  if (price) price.unit_amount_decimal = '1500'
  expect(await syncStripe(client, stripe.url)).toEqual([
    'price lingxi_pro_usd_month: changed from 1500, 1900 hundredths',
    `price ${price?.id} of lingxi_pro: sold no more`,
  ])
  expect(price).toMatchObject({ active: false, lookup_key: null })
  expect(await syncStripe(client, stripe.url)).toEqual([])
  await refreshBilling(shop.as.owner)
  expect((await readBilling(shop.as.owner)).entitlements.plan).toBe('pro')
  expect(amount).toBe('1900')
})

test('a reading that began earlier never replaces a later one, whatever the machines’ clocks say', async () => {
  const { shop, stripe, services } = kit
  const client = stripeOf(services)
  if (!client) throw new Error('no Stripe')
  const ends = async () => (await readBilling(shop.as.owner)).subscription?.cancelAtPeriodEnd
  const ctx = kit.acting(shop.accountId)
  const begun = await inAccount(ctx, (tx) => beginReading(tx, ctx))
  const early = { began: begun?.began ?? new Date(), ...(await readStripe(client, ctx, begun?.customer ?? '')) }
  const [running] = stripe.world.of(stripe.world.subscriptions, await kit.customer(shop))
  if (running) running.cancel_at_period_end = true
  // A machine that is ten minutes behind reads later, and its reading holds.
  await followAccount({ ...ctx, now: () => new Date(Date.now() - 600_000) })
  expect(await ends()).toBe(true)
  expect(await inAccount(ctx, (tx) => keepReading(tx, ctx, early))).toBe(false)
  expect(await ends()).toBe(true)
})

test('the emulator refuses what Stripe would: an unknown parameter, a wrong type, a missing one', async () => {
  const { stripe } = kit
  const known = stripe.faults.length
  const post = async (path: string, form: Record<string, string>) => {
    const headers = { authorization: 'Bearer sk_test_emulated', 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(`${stripe.url}/v1/${path}`, { method: 'POST', headers, body: new URLSearchParams(form) })
    return answer.status
  }
  const customer = await kit.customer(kit.shop)
  const meter = { event_name: 'x', 'payload[stripe_customer_id]': customer, 'payload[value]': '1' }
  expect(await post('billing_portal/sessions', { customer, return_url: 'https://a.example', colour: 'red' })).toBe(400)
  expect(await post('prices', { currency: 'usd', product: 'p', unit_amount: 'many' })).toBe(400)
  for (const event_name of ['', 'x']) expect(await post('billing/meter_events', { ...meter, event_name })).toBe(400)
  const { event_name: _left, ...without } = meter
  expect(await post('billing/meter_events', without)).toBe(400)
  expect(stripe.faults.splice(known)).toHaveLength(5)
})

test('every request was one that Stripe takes', () => {
  expect(kit.stripe.faults).toEqual([])
})
