/** Whatever order events come in, repeated, late or not at all: what is stored ends as Stripe's truth. */
import fc from 'fast-check'
import StripeClient from 'stripe'
import { expect, test } from 'vitest'
import { invoiceOf, oddOf, type StripeTruth, subscriptionOf } from '@/lib/features/billing/from-stripe'
import { toEntitlements } from '@/lib/features/billing/rules'
import { handledTypes, type NewStripeEvent } from '@/lib/features/billing/stripe-events'
import { openStripeEvent } from '@/lib/features/billing/stripe-signature'
import { amount } from '../../kit/guarantee'
import { change, leave, type Step, serve, serveAlone, sold, step, voidOwed } from '../../kit/stripe/histories'
import type { Event } from '../../kit/stripe/objects'
import { invoiceSaid, saidOf, subscriptionsBy } from '../../kit/stripe/said'
import { sellEverything } from '../../kit/stripe/sell'
import { sign } from '../../kit/stripe/server'
import { StripeWorld } from '../../kit/stripe/world'

const histories = amount(10_000, 2_000)
const day = 86_400
const start = Date.UTC(2026, 0, 31, 10) / 1_000

type Stored = ReturnType<typeof invoiceOf>
interface Kept {
  began: number
  subscription: ReturnType<typeof subscriptionOf>
  invoices: Map<string, Stored>
}

function truthOf(world: StripeWorld, customer: string): StripeTruth {
  const charges = new Map(
    world
      .of(world.charges, customer)
      .filter(({ amount_refunded, disputed }) => amount_refunded > 0 || disputed)
      .map((one) => [
        world.payments.get(one.payment_intent) ?? '',
        {
          refunded: one.amount_refunded,
          disputed: one.disputed,
          back: [...world.refunds.values()]
            .filter(({ charge }) => charge === one.id)
            .map(({ created, amount }) => ({ at: new Date(created * 1_000), amount })),
        },
      ]),
  )
  // The emulator's objects hold the parts of Stripe's that are read.
  const subscriptions = world.of(world.subscriptions, customer) as unknown as StripeTruth['subscriptions']
  const invoices = world.of(world.invoices, customer) as unknown as StripeTruth['invoices']
  return { subscriptions, invoices, charges, coupons: new Map(), inherited: null }
}

/** Whose an event is, as the product finds out: by its object, and of a dispute by the charge. Null: not acted on. */
function meant(world: StripeWorld, event: Event, signed: (event: Event) => NewStripeEvent): string | null {
  const { type, customer, objectId } = signed(event)
  if (!handledTypes.some((one) => one === type)) return null
  return customer ?? world.charges.get(objectId)?.customer ?? null
}

type Reading = Kept

/** What a reading finds: everything that is asked of Stripe, at that time. */
function read(world: StripeWorld, customer: string, began: number): Reading {
  const truth = truthOf(world, customer)
  const invoices: Kept['invoices'] = new Map()
  for (const invoice of truth.invoices) {
    const stored = invoiceOf(invoice, truth.charges, (id) => world.prices.get(id)?.metadata.kind as never)
    if (stored) invoices.set(stored.stripeId, structuredClone(stored))
  }
  return { began, subscription: structuredClone(subscriptionOf(truth)), invoices }
}

/** Kept unless something newer is there: of two readings that overlap the one that began later holds. */
function keep(kept: Kept, { began, subscription, invoices }: Reading): void {
  if (began < kept.began) return
  Object.assign(kept, { began, subscription })
  for (const [id, invoice] of invoices) kept.invoices.set(id, invoice)
}

/** The whole of what the product does with an event. */
const follow = (kept: Kept, world: StripeWorld, customer: string, began: number): void =>
  keep(kept, read(world, customer, began))

const client = new StripeClient('sk_test_x')
const secret = 'whsec_x'

/** An event as the product opens it. */
function signed(event: Event): NewStripeEvent {
  const body = JSON.stringify(event)
  const now = new Date(start * 1_000)
  return openStripeEvent(client, secret, Buffer.from(body), sign(body, secret, start), now)
}

interface Played {
  kept: Kept
  world: StripeWorld
  customer: string
  /** All events came, in whatever order. */
  whole: boolean
}

function play(steps: readonly Step[]): Played {
  let waiting: Event[] = []
  let lost = false
  const world = new StripeWorld(start, (event) => void waiting.push(structuredClone(event)))
  sellEverything(world)
  const customer = world.addCustomer({}).id
  const prices = sold(world, 'plan')
  const kept: Kept = { began: 0, subscription: null, invoices: new Map() }
  let tick = 0
  /** Readings that have begun and are not stored yet. */
  let slow: Reading[] = []
  for (const each of steps) {
    const [first] = subscriptionsBy(world, customer)
    const live = first && !['canceled', 'incomplete_expired'].includes(first.status) ? first : undefined
    const [charge] = world.of(world.charges, customer)
    if (each.do === 'subscribe' && (!live || each.second)) {
      const price = prices[each.price ?? 0]
      const beyond = sold(world, 'overage').find(
        ({ metadata, currency }) => metadata.plan === price?.metadata.plan && currency === price?.currency,
      )
      const items = [{ price: price?.id ?? '', quantity: each.seats ?? 1 }, { price: beyond?.id ?? '' }]
      world.subscribe(customer, items, each.trial ? 14 : 0)
      world.advance(world.now + 1)
    } else if (each.do === 'wait') world.advance(world.now + (each.days ?? 1) * day)
    else if (each.do === 'decline') world.declined.add(customer)
    else if (each.do === 'accept') for (const held of [world.declined, world.asking]) held.delete(customer)
    else if (each.do === 'ask') world.asking.add(customer)
    else if (each.do === 'confirm') for (const invoice of world.of(world.invoices, customer)) world.confirm(invoice)
    else if (each.do === 'cancel' && live) world.cancel(live.id)
    else if ((each.do === 'end' || each.do === 'go on') && live) {
      live.cancel_at_period_end = each.do === 'end'
      world.update(live)
    } else if (each.do === 'change' && live) change(world, live, each)
    else if (each.do === 'service' && live) serve(world, live, each)
    else if (each.do === 'leave' && live) leave(world, live, each)
    else if (each.do === 'void') voidOwed(world, customer)
    else if (each.do === 'own service') serveAlone(world, customer, each)
    else if (each.do === 'pause' && live && ['trialing', 'active'].includes(live.status)) world.pause(live)
    else if (each.do === 'resume' && live?.status === 'paused') world.resume(live)
    else if (each.do === 'refund' && charge) world.refund(charge)
    else if (each.do === 'dispute' && charge) world.dispute(charge)
    else if (each.do === 'deliver') {
      // Any order, some twice, some never.
      while (waiting.length) {
        const at = (each.order?.next().value ?? 0) % waiting.length
        const [event] = waiting.splice(at, 1)
        if (each.lose && at % 2) lost = true
        else if (event && meant(world, event, signed) === customer)
          for (let time = 0; time < (at % 3 === 0 ? 2 : 1); time++) {
            const reading = read(world, customer, ++tick)
            // Some answers take so long that others overtake them.
            if (each.slow && at % 2 === 0) slow.push(reading)
            else keep(kept, reading)
          }
      }
      waiting = []
    } else {
      for (const reading of slow.reverse()) keep(kept, reading)
      slow = []
    }
  }
  for (const reading of slow.reverse()) keep(kept, reading)
  return { kept, world, customer, whole: !lost && waiting.length === 0 }
}

/** The stored plan, in the words of what was said. */
function storedAs(kept: Kept['subscription'], world: StripeWorld, customer: string) {
  if (!kept) return null
  const { monthly, addOns, ownAddOns, ...rest } = kept
  const { plan, readOnly } = toEntitlements(kept, new Date(world.now * 1_000))
  const several = oddOf(truthOf(world, customer).subscriptions).includes('several')
  const services = [...addOns].sort()
  const own = [...ownAddOns].sort()
  const { subscriptions, model, data, support } = monthly
  const sums = { monthly: subscriptions, monthlyServices: model + data + support }
  return { ...rest, services, own, ...sums, several, entitled: { plan, readOnly } }
}

test('10,000 histories: after the last event, or the daily comparison, the account has what Stripe says', {
  timeout: 180_000,
}, () => {
  const reached = {
    whole: 0,
    live: 0,
    due: 0,
    several: 0,
    services: 0,
    yearly: 0,
    yuan: 0,
    owed: 0,
    locked: 0,
    alone: 0,
  }
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 16 }), (steps) => {
      const { kept, world, customer, whole } = play(steps as Step[])
      // Said anew, from the objects alone and in other words.
      const said = saidOf(world, customer)
      const invoices = world.of(world.invoices, customer)
      const check = () => {
        expect(storedAs(kept.subscription, world, customer)).toEqual(said)
        expect([...kept.invoices.keys()].sort()).toEqual(invoices.map(({ id }) => id).sort())
        for (const invoice of invoices) expect(kept.invoices.get(invoice.id)).toMatchObject(invoiceSaid(world, invoice))
      }
      // Where all of them came, the events alone have brought it there.
      if (whole) check()
      // Nothing more comes of the lost ones: the comparison reads once.
      follow(kept, world, customer, Number.POSITIVE_INFINITY)
      check()
      if (!said) return
      if (whole) reached.whole++
      if (said.entitled.plan !== 'free') reached.live++
      if (said.pastDueSince) reached.due++
      if (said.several) reached.several++
      if (said.services.length) reached.services++
      if (said.state === 'canceled' && said.pastDueSince) reached.owed++
      if (said.state === 'canceled' && said.entitled.readOnly) reached.locked++
      if (said.state === 'canceled' && said.own.length) reached.alone++
      if (said.interval === 'year') reached.yearly++
      if (said.currency === 'cny') reached.yuan++
    }),
    { numRuns: histories, seed: 20261127 },
  )
  // The histories do reach what they are for.
  for (const [name, often] of Object.entries(reached)) expect(often, name).toBeGreaterThan(histories / 70)
})

test('an older reading never replaces a newer one', () => {
  const world = new StripeWorld(start)
  sellEverything(world)
  const customer = world.addCustomer({}).id
  const price = [...world.prices.values()].find(({ metadata }) => metadata.kind === 'plan')?.id ?? ''
  const kept: Kept = { began: 0, subscription: null, invoices: new Map() }
  const { id } = world.subscribe(customer, [{ price, quantity: 1 }], 0)
  follow(kept, world, customer, 2)
  world.cancel(id)
  follow(kept, world, customer, 1)
  expect(kept.subscription?.state).toBe('active')
  follow(kept, world, customer, 3)
  expect(kept.subscription?.state).toBe('canceled')
})
