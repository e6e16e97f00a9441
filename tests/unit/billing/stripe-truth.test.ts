/** Whatever order events come in, repeated, late or not at all: what is stored ends as Stripe's truth. */
import fc from 'fast-check'
import StripeClient from 'stripe'
import { expect, test } from 'vitest'
import { invoiceOf, type StripeTruth, subscriptionOf } from '@/lib/features/billing/from-stripe'
import { toEntitlements } from '@/lib/features/billing/rules'
import { handledTypes, type NewStripeEvent } from '@/lib/features/billing/stripe-events'
import { openStripeEvent } from '@/lib/features/billing/stripe-signature'
import type { Event } from '../../kit/stripe/objects'
import { sellEverything } from '../../kit/stripe/sell'
import { sign } from '../../kit/stripe/server'
import { StripeWorld } from '../../kit/stripe/world'

const day = 86_400
const start = Date.UTC(2026, 0, 31, 10) / 1_000

/** What happens at Stripe, and how its events travel. */
const step = fc.oneof(
  fc.record({ do: fc.constant('subscribe' as const), price: fc.nat(3), trial: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    do: fc.constantFrom(
      'decline',
      'accept',
      'ask',
      'confirm',
      'end',
      'go on',
      'cancel',
      'change',
      'refund',
      'dispute',
      'pause',
      'resume',
    ),
  }),
  fc.record({ do: fc.constant('deliver' as const), order: fc.infiniteStream(fc.nat(1_000)), lose: fc.boolean() }),
)
type Step = { do: string; price?: number; trial?: boolean; days?: number; order?: Iterator<number>; lose?: boolean }

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

/** The whole of what the product does with an event: read again, and keep unless something newer is there. */
function follow(kept: Kept, world: StripeWorld, customer: string, began: number): void {
  if (began < kept.began) return
  const truth = truthOf(world, customer)
  kept.began = began
  kept.subscription = structuredClone(subscriptionOf(truth))
  for (const invoice of truth.invoices) {
    const stored = invoiceOf(invoice, truth.charges, (id) => world.prices.get(id)?.metadata.kind as never)
    if (stored) kept.invoices.set(stored.stripeId, structuredClone(stored))
  }
}

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
  const prices = [...world.prices.values()].filter(({ metadata }) => metadata.kind === 'plan')
  const kept: Kept = { began: 0, subscription: null, invoices: new Map() }
  let tick = 0
  for (const each of steps) {
    const [newest] = world.of(world.subscriptions, customer)
    const live = newest && !['canceled', 'incomplete_expired'].includes(newest.status) ? newest : undefined
    const [charge] = world.of(world.charges, customer)
    if (each.do === 'subscribe' && !live)
      world.subscribe(customer, [{ price: prices[each.price ?? 0]?.id ?? '', quantity: 2 }], each.trial ? 14 : 0)
    else if (each.do === 'wait') world.advance(world.now + (each.days ?? 1) * day)
    else if (each.do === 'decline') world.declined.add(customer)
    else if (each.do === 'accept') for (const held of [world.declined, world.asking]) held.delete(customer)
    else if (each.do === 'ask') world.asking.add(customer)
    else if (each.do === 'confirm') for (const invoice of world.of(world.invoices, customer)) world.confirm(invoice)
    else if (each.do === 'cancel' && live) world.cancel(live.id)
    else if ((each.do === 'end' || each.do === 'go on') && live) {
      live.cancel_at_period_end = each.do === 'end'
      world.update(live)
    } else if (each.do === 'change' && live) {
      world.setItem(live, { id: live.items.data[0]?.id ?? '', quantity: 3 })
      world.update(live)
    } else if (each.do === 'pause' && live && ['trialing', 'active'].includes(live.status)) world.pause(live)
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
          for (let time = 0; time < (at % 3 === 0 ? 2 : 1); time++) follow(kept, world, customer, ++tick)
      }
      waiting = []
    }
  }
  return { kept, world, customer, whole: !lost && waiting.length === 0 }
}

const byId = (a: Stored, b: Stored) => ((a?.stripeId ?? '') < (b?.stripeId ?? '') ? -1 : 1)

test('10,000 histories: after the last event, or the daily comparison, the account has what Stripe says', {
  timeout: 120_000,
}, () => {
  let live = 0
  let due = 0
  let told = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const { kept, world, customer, whole } = play(steps as Step[])
      const truth = truthOf(world, customer)
      const real = subscriptionOf(truth)
      // Where all of them came, the events alone have brought it there.
      if (whole) {
        if (real) told++
        expect(kept.subscription).toEqual(real)
        const kindOf = (id: string) => world.prices.get(id)?.metadata.kind as never
        const invoices = truth.invoices.map((one) => invoiceOf(one, truth.charges, kindOf))
        expect([...kept.invoices.values()].sort(byId)).toEqual(invoices.sort(byId))
      }
      // Nothing more comes of the lost ones: the comparison reads once.
      follow(kept, world, customer, Number.POSITIVE_INFINITY)
      expect(kept.subscription).toEqual(real)
      const now = new Date(world.now * 1_000)
      const { plan, readOnly } = toEntitlements(kept.subscription, now)
      const [newest] = world.of(world.subscriptions, customer)
      // Said anew, from the objects alone.
      const runs = newest !== undefined && ['trialing', 'active', 'past_due', 'unpaid'].includes(newest.status)
      expect(plan === 'free').toBe(!runs)
      if (runs) live++
      const open = world
        .of(world.invoices, customer)
        .filter(({ status, parent }) => status === 'open' && parent.subscription_details.subscription === newest?.id)
      const oldest = Math.min(...open.map(({ created }) => created))
      const late = runs && ['past_due', 'unpaid'].includes(newest.status)
      if (late) due++
      expect(readOnly).toBe(late && (newest.status === 'unpaid' || world.now - oldest > 7 * day))
      expect([...kept.invoices.keys()].sort()).toEqual(
        world
          .of(world.invoices, customer)
          .map(({ id }) => id)
          .sort(),
      )
      for (const stored of kept.invoices.values()) {
        const invoice = world.invoices.get(stored?.stripeId ?? '')
        expect(stored).toMatchObject({ state: invoice?.status, total: invoice?.total, paid: invoice?.amount_paid })
        const sum = Object.values(stored?.kinds ?? {}).reduce((all, part) => all + part, 0)
        expect(sum).toBe(invoice?.total)
      }
    }),
    { numRuns: 10_000, seed: 20261127 },
  )
  // The histories do reach what they are for.
  expect(told).toBeGreaterThan(500)
  expect(live).toBeGreaterThan(2_000)
  expect(due).toBeGreaterThan(200)
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
