/** Guarantee 1, payments: whatever comes of Stripe's events, over HTTP and on the real database, what is stored ends as Stripe's truth. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toEntitlements } from '@/lib/features/billing/rules'
import { refreshBilling } from '@/lib/flows/change-plan'
import { reconcileStripe } from '@/lib/flows/follow-stripe'
import { readBilling } from '@/lib/flows/read-billing'
import { createStripeKit, type StripeKit } from '../db/billing/stripe-kit'
import { amount, held } from '../kit/guarantee'
import { sign } from '../kit/stripe/server'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  // The histories deliver their events themselves.
  kit.stripe.deliverTo('')
}, 120_000)
afterAll(() => kit.close())

const day = 86_400
const acts = ['subscribe', 'wait', 'wait', 'decline', 'accept', 'ask', 'end', 'cancel', 'refund', 'dispute'] as const
const step = fc.record({ act: fc.constantFrom(...acts, 'pause', 'resume'), number: fc.nat(1_000) })
const history = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 10 }),
  /** How each event travels: to which place in the order, how often (0 is never). */
  travel: fc.array(fc.record({ place: fc.nat(1_000), times: fc.constantFrom(0, 1, 1, 2, 5) }), {
    minLength: 8,
    maxLength: 8,
  }),
})
type Step = { act: string; number: number }

/** A new customer at Stripe for the shop, with nothing of the one before. */
async function newCustomer(): Promise<string> {
  const { world } = kit.stripe
  // What earlier customers have would go on renewing.
  for (const kept of [world.subscriptions, world.invoices, world.charges, world.disputes]) kept.clear()
  const { id } = world.addCustomer({})
  for (const table of ['invoice', 'subscription', 'billing_customer'])
    await kit.owner.query(`DELETE FROM ${table} WHERE account_id = $1`, [kit.shop.accountId])
  await kit.owner.query(
    'INSERT INTO billing_customer (account_id, request_key, stripe_id, created_at) VALUES ($1, gen_random_uuid(), $2, now())',
    [kit.shop.accountId, id],
  )
  return id
}

function play(customer: string, { act, number }: Step): void {
  const { world } = kit.stripe
  const prices = [...world.prices.values()].filter(({ metadata, active }) => active && metadata.kind === 'plan')
  const [newest] = world.of(world.subscriptions, customer)
  const live = newest && !['canceled', 'incomplete_expired'].includes(newest.status) ? newest : null
  const [charge] = world.of(world.charges, customer)
  if (act === 'subscribe' && !live) {
    const price = prices[number % prices.length]?.id ?? ''
    world.subscribe(customer, [{ price, quantity: 1 + (number % 4) }], number % 2 ? 14 : 0)
  } else if (act === 'wait') world.advance(world.now + (1 + (number % 35)) * day)
  else if (act === 'decline') world.declined.add(customer)
  else if (act === 'ask') world.asking.add(customer)
  else if (act === 'accept') for (const kept of [world.declined, world.asking]) kept.delete(customer)
  else if (act === 'cancel' && live) world.cancel(live.id)
  else if (act === 'end' && live) {
    live.cancel_at_period_end = !live.cancel_at_period_end
    world.update(live)
  } else if (act === 'pause' && live && ['trialing', 'active'].includes(live.status)) world.pause(live)
  else if (act === 'resume' && live?.status === 'paused') world.resume(live)
  else if (act === 'refund' && charge) world.refund(charge)
  else if (act === 'dispute' && charge) world.dispute(charge)
}

/** Sends events in an order of chance, some more than once and some never. Signed now, however old they are. */
async function deliver(from: number, travel: { place: number; times: number }[]): Promise<number> {
  const events = kit.stripe.world.events.slice(from).map((event, at) => ({ event, ...travel[at % travel.length] }))
  events.sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
  let sent = 0
  for (const { event, times = 1 } of events)
    for (let time = 0; time < times; time++, sent++) {
      const body = JSON.stringify(event)
      const headers = { 'stripe-signature': sign(body, kit.stripe.secret, Math.floor(Date.now() / 1_000)) }
      expect((await fetch(kit.hook, { method: 'POST', body, headers })).status).toBe(204)
    }
  await kit.work()
  return sent
}

/** What the shop should hold, from Stripe's objects alone. */
function truth(customer: string) {
  const { world } = kit.stripe
  const [newest] = world.of(world.subscriptions, customer)
  const invoices = world.of(world.invoices, customer)
  const runs = newest !== undefined && ['trialing', 'active', 'past_due', 'unpaid'].includes(newest.status)
  const plan = runs ? newest.items.data[0]?.price.metadata.plan : 'free'
  return { state: newest?.status ?? null, plan, invoices: invoices.map(({ id, status }) => `${id} ${status}`).sort() }
}

async function stored() {
  const { subscription, entitlements, invoices } = await readBilling(kit.shop.as.owner)
  const plan = toEntitlements(subscription, new Date()).plan
  expect(plan).toBe(entitlements.plan)
  return {
    state: subscription?.state ?? null,
    plan,
    invoices: invoices.map(({ id, state }) => `${id} ${state}`).sort(),
  }
}

test('histories of events that are doubled, out of order, late or lost end as Stripe’s truth', async () => {
  const runs = amount(100, 5)
  let sent = 0
  let lost = 0
  await fc.assert(
    fc.asyncProperty(history, async ({ steps, travel }) => {
      const customer = await newCustomer()
      const from = kit.stripe.world.events.length
      play(customer, { act: 'subscribe', number: steps[0]?.number ?? 0 })
      for (const one of steps) play(customer, one)
      const arrived = await deliver(from, travel)
      sent += arrived
      const right = truth(customer)
      // Where nothing came, the daily comparison makes up for it; one that came is enough without it.
      if (arrived > 0) expect(await stored()).toEqual(right)
      else lost++
      await reconcileStripe(kit.services, kit.acting)
      expect(await stored()).toEqual(right)
    }),
    { numRuns: runs, seed: 20261130, endOnFailure: true },
  )
  expect(kit.stripe.faults).toEqual([])
  // The histories do reach what they are for.
  expect(sent).toBeGreaterThan(2 * runs)

  // The control: a change that nobody tells of is not known before the comparison.
  const customer = await newCustomer()
  play(customer, { act: 'subscribe', number: 1 })
  await refreshBilling(kit.shop.as.owner)
  play(customer, { act: 'cancel', number: 0 })
  expect(await stored()).not.toEqual(truth(customer))
  held(
    '1 Stripe’s events',
    `${runs} histories, ${sent} events delivered, ${lost} histories without any: all end as Stripe’s truth`,
  )
})
