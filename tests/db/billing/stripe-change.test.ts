/** What people change at Stripe, and what they are told when Stripe says no, says nothing, or has said two things. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { stripeForPerson } from '@/lib/features/billing/stripe-client'
import { changePlan, endPlan, openPortal, refreshBilling } from '@/lib/flows/change-plan'
import { followAccount, reconcileStripe } from '@/lib/flows/follow-stripe'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readBilling } from '@/lib/flows/read-billing'
import { forgetStanding, mayLabel } from '@/lib/flows/standing'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
})
afterAll(() => kit.close())
beforeEach(() => {
  kit.stripe.away(false)
  kit.stripe.cut(null)
})

const sessionOf = (url: string | null) => String(url).split('/').at(-1) ?? ''
const running = async () => {
  const [newest] = kit.stripe.world.of(kit.stripe.world.subscriptions, await kit.customer(kit.shop))
  if (!newest) throw new Error('no subscription')
  return newest
}

test('one Checkout page is open at a time, so that two plans cannot be paid', async () => {
  const { shop, stripe } = kit
  const first = await changePlan(shop.as.owner, pro)
  const other = await changePlan(shop.as.owner, { ...pro, plan: 'business' })
  expect(() => stripe.world.complete(sessionOf(first.url))).toThrow('no open session')
  // And the first wish again gives a page that is open.
  const [again, twice] = await Promise.all([changePlan(shop.as.owner, pro), changePlan(shop.as.owner, pro)])
  expect(again.url).toBe(twice.url)
  expect([first.url, other.url]).not.toContain(again.url)
  expect([...stripe.world.sessions.values()].filter(({ status }) => status === 'open')).toHaveLength(1)

  // Paid, and its event is still on the way: another wish changes that plan instead of selling a second one.
  stripe.deliverTo('')
  stripe.world.complete(sessionOf(again.url))
  const changed = await changePlan(shop.as.owner, { ...pro, interval: 'year' })
  expect(changed).toMatchObject({ url: null, subscription: { plan: 'pro', interval: 'year' } })
  expect(stripe.world.subscriptions.size).toBe(1)
  stripe.deliverTo(kit.hook)
})

test('a yearly plan ends with its year, however it is ended; usage is paid by the month', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  // After the trial.
  world.advance(world.now + 20 * 86_400)
  await refreshBilling(shop.as.owner)
  const subscription = await running()
  const ends = subscription.items.data.map(({ current_period_end }) => current_period_end)
  expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(300 * 86_400)
  const ended = await endPlan(shop.as.owner, { ends: true })
  expect(ended.subscription?.periodEnd).toEqual(new Date(Math.max(...ends) * 1_000))
  expect((await running()).cancel_at).toBe(Math.max(...ends))
  expect((await endPlan(shop.as.owner, { ends: false })).subscription?.cancelAtPeriodEnd).toBe(false)

  // As the portal does it: "at the period's end", which is there the end of the month.
  Object.assign(subscription, { cancel_at_period_end: true, cancel_at: Math.min(...ends) })
  const early = await readBilling(shop.as.owner)
  expect(early.subscription?.cancelAtPeriodEnd).toBe(false)
  const back = await refreshBilling(shop.as.owner)
  expect(back.subscription).toMatchObject({ cancelAtPeriodEnd: true, periodEnd: new Date(Math.max(...ends) * 1_000) })
  expect((await running()).cancel_at).toBe(Math.max(...ends))
  await endPlan(shop.as.owner, { ends: false })
  expect(await running()).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
})

test('a change whose answer never came is called unknown, and is looked at until it is known', async () => {
  const { shop, stripe } = kit
  stripe.deliverTo('')
  // The change is made, and then the connection breaks.
  stripe.cut(/^POST .*\/subscriptions\//, { done: true })
  const asked = endPlan(shop.as.owner, { ends: true })
  expect(await codeOf(asked)).toBe('billing_unknown')
  stripe.cut(null)
  expect((await readBilling(shop.as.owner)).subscription?.cancelAtPeriodEnd).toBe(false)
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.cancelAtPeriodEnd).toBe(true)

  // The change is answered, and then nothing can be read.
  stripe.cut(/^GET .*\/invoices/)
  expect(await codeOf(endPlan(shop.as.owner, { ends: false }))).toBe('billing_unknown')
  stripe.cut(null)
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.cancelAtPeriodEnd).toBe(false)
  const { rows } = await kit.owner.query("SELECT state FROM stripe_event WHERE type = 'lingxi.look_again'")
  expect(rows).toEqual([{ state: 'done' }, { state: 'done' }])
  stripe.deliverTo(kit.hook)
})

test('what a person waits for shares one time, however many calls it takes', async () => {
  const { stripe } = kit
  stripe.cut(/./, { hangs: true })
  const client = stripeForPerson(kit.services, 700)
  const began = performance.now()
  const codes: string[] = []
  for (let call = 0; call < 4; call++)
    await client?.customers.retrieve('cus_1').catch((error) => codes.push(error.type))
  // 0.7 s of waiting and four pauses of half a second; without the shared time it were 4 × 8 s.
  expect(performance.now() - began).toBeLessThan(6_000)
  expect(codes).toEqual(Array(4).fill('StripeConnectionError'))
})

test('whoever comes back from a page of Stripe’s that is away now is not told that nothing was changed; a worker finds out', async () => {
  const { shop, stripe } = kit
  stripe.deliverTo('')
  stripe.world.update(Object.assign(await running(), { cancel_at_period_end: true }))
  stripe.away(true)
  expect(await codeOf(refreshBilling(shop.as.owner))).toBe('billing_unknown')
  stripe.away(false)
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.cancelAtPeriodEnd).toBe(true)
  stripe.deliverTo(kit.hook)
  await endPlan(shop.as.owner, { ends: false })
})

test('Stripe away is said, and the comparison is repeated', async () => {
  const { shop, stripe } = kit
  stripe.away(true)
  expect(await codeOf(endPlan(shop.as.owner, { ends: true }))).toBe('billing_away')
  stripe.away(false)
}, 40_000)

test('a paused plan is Free until it is paid for, and goes on where the page says so', async () => {
  const { shop, stripe } = kit
  const subscription = await running()
  stripe.world.pause(subscription)
  await kit.work()
  const paused = await readBilling(shop.as.owner)
  expect(paused).toMatchObject({ subscription: { state: 'paused' }, entitlements: { plan: 'free' } })
  stripe.world.declined.add(await kit.customer(shop))
  expect(await codeOf(endPlan(shop.as.owner, { ends: false }))).toBe('billing_refused')
  stripe.world.declined.clear()
  const going = await endPlan(shop.as.owner, { ends: false })
  expect(going).toMatchObject({ subscription: { state: 'active' }, entitlements: { plan: 'pro' } })
})

test('a bank that wants to be asked: a mail to the owner, grace, and all is well once it is confirmed', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  await changePlan(shop.as.owner, pro)
  // What earlier changes gave back would pay it.
  world.balances.clear()
  world.asking.add(await kit.customer(shop))
  world.advance(world.now + 32 * 86_400)
  await kit.work()
  expect(world.events.map(({ type }) => type)).toContain('invoice.payment_action_required')
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('past_due')
  const mails = await kit.owner.query("SELECT 1 FROM mail WHERE subject LIKE 'A payment for shop%'")
  expect(mails.rowCount).toBe(1)
  for (const invoice of world.of(world.invoices, await kit.customer(shop))) world.confirm(invoice)
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('active')
})

test('a plan from the time of demo billing says that nobody pays for it, has nothing beyond it, and gives way to a real one', async () => {
  const { rival, stripe } = kit
  await kit.owner.query(
    `INSERT INTO subscription (account_id, provider, plan, interval, currency, state, seats, period_start, period_end, created_at, updated_at)
     VALUES ($1, 'demo', 'pro', 'month', 'usd', 'active', 4, now() - interval '20 days', now() + interval '10 days', now(), now())`,
    [rival.accountId],
  )
  expect(await limitSpend(rival.as.owner, { cap: 10_000, alert: null })).toMatchObject({ managed: false })
  await kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, 20000)',
    [rival.accountId],
  )
  forgetStanding(rival.accountId)
  expect(await mayLabel(kit.acting(rival.accountId))).toBe(false)
  const { url } = await changePlan(rival.as.owner, { ...pro, plan: 'business' })
  stripe.world.complete(sessionOf(url))
  await kit.work()
  expect(await readBilling(rival.as.owner)).toMatchObject({ managed: true, entitlements: { plan: 'business' } })
  expect(await mayLabel(kit.acting(rival.accountId))).toBe(true)
})

test('the comparison leaves an account that cannot be read to the worker, and repeats none of the others', async () => {
  const { shop, rival, stripe } = kit
  const [customer, other] = [await kit.customer(shop), await kit.customer(rival)]
  // Stripe refuses what is asked of one of them, then is away as a whole.
  stripe.deliverTo('')
  const line = stripe.world.of(stripe.world.invoices, customer)[0]?.lines.data[0]
  if (!line) throw new Error('nothing was billed')
  const { pricing } = line
  line.pricing = { ...pricing, price_details: { ...pricing.price_details, price: 'price_gone' } }
  const looks = async () =>
    (await kit.owner.query("SELECT customer FROM stripe_event WHERE type = 'lingxi.look_again' AND state = 'queued'"))
      .rows
  expect(await reconcileStripe(kit.services, kit.acting)).toBe(2)
  expect(await looks()).toEqual([{ customer }])
  line.pricing = pricing
  // Away from the list on: nothing was read, and nothing is left to do but to try again.
  stripe.away(true)
  await expect(reconcileStripe(kit.services, kit.acting)).rejects.toThrow('billing_away')
  expect(await looks()).toHaveLength(1)
  stripe.away(false)
  // Away from the first account on: no other is asked for now.
  stripe.cut(/\/customers\//)
  expect(await reconcileStripe(kit.services, kit.acting)).toBe(2)
  expect(new Set((await looks()).map((row) => row.customer))).toEqual(new Set([customer, other]))
  stripe.cut(null)
  await kit.owner.query('UPDATE stripe_event SET due_at = now()')
  await kit.work()
  expect(await looks()).toEqual([])
  stripe.deliverTo(kit.hook)
}, 40_000)

test('every request was one that Stripe takes', async () => {
  await followAccount(kit.acting(kit.shop.accountId))
  expect((await openPortal(kit.shop.as.owner)).url).toContain('/portal/')
  expect(kit.stripe.faults).toEqual([])
})
