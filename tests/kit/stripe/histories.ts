/** What may happen at Stripe in a history: the steps that are drawn, and how each changes the emulator's world. */
import fc from 'fast-check'
import type { Subscription } from './objects'
import { changeItems } from './prorate'
import type { StripeWorld } from './world'

const day = 86_400

/** What happens at Stripe, and how its events travel. */
export const step = fc.oneof(
  fc.record({
    do: fc.constant('subscribe' as const),
    price: fc.nat(7),
    seats: fc.integer({ min: 1, max: 9 }),
    trial: fc.boolean(),
    // Beside one that runs: made by hand at Stripe.
    second: fc.nat(3).map((of) => of === 0),
  }),
  fc.record({ do: fc.constant('change' as const), price: fc.nat(3), seats: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant('service' as const), price: fc.nat(2) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('own service' as const), price: fc.nat(5) }) },
  fc.record({ do: fc.constant('leave' as const), days: fc.integer({ min: 1, max: 20 }) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'decline',
        'accept',
        'ask',
        'confirm',
        'end',
        'go on',
        'cancel',
        'void',
        'refund',
        'dispute',
        'pause',
        'resume',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      order: fc.infiniteStream(fc.nat(1_000)),
      lose: fc.boolean(),
      slow: fc.boolean(),
    }),
  },
)
export interface Step {
  do: string
  price?: number
  seats?: number
  trial?: boolean
  second?: boolean
  days?: number
  order?: Iterator<number>
  lose?: boolean
  slow?: boolean
}

/** The plan's item and the messages' become those of another price, whatever is bought beside it. */
export function change(world: StripeWorld, live: Subscription, each: Step): void {
  const { currency } = live
  const prices = sold(world, 'plan').filter((price) => price.currency === currency)
  const to = prices[each.price ?? 0]
  const overage = sold(world, 'overage').find(
    ({ metadata, currency: other }) => metadata.plan === to?.metadata.plan && other === currency,
  )
  const item = (kind: string) => ({ id: live.items.data.find(({ price }) => price.metadata.kind === kind)?.id ?? '' })
  // With what it gives back, and where the interval changes at once: more may come back than is asked for.
  changeItems(world, live, {
    items: [
      { ...item('plan'), price: to?.id ?? '', quantity: each.seats ?? 1 },
      { ...item('overage'), price: overage?.id ?? '' },
    ],
  })
  world.update(live)
}

/** Bought, or ended. */
export function serve(world: StripeWorld, live: Subscription, each: Step): void {
  const price = sold(world, 'add').filter(({ currency }) => currency === live.currency)[each.price ?? 0]
  const rest = live.items.data.filter((item) => item.price.id !== price?.id)
  if (rest.length < live.items.data.length) live.items.data = rest
  else world.setItem(live, { price: price?.id ?? '', quantity: 1 })
  world.update(live)
}

/** The same, in a subscription of its own. */
export function serveAlone(world: StripeWorld, customer: string, each: Step): void {
  const price = sold(world, 'add')[each.price ?? 0]
  const known = world
    .of(world.subscriptions, customer)
    .find(({ status, items }) => status !== 'canceled' && items.data.length === 1 && items.data[0]?.price === price)
  if (known) world.cancel(known.id)
  else world.subscribe(customer, [{ price: price?.id ?? '', quantity: 1 }], 0)
}

export const sold = (world: StripeWorld, kind: 'plan' | 'overage' | 'add') =>
  [...world.prices.values()].filter(({ metadata, lookup_key }) =>
    kind === 'add' ? lookup_key?.startsWith('lingxi_add_') : metadata.kind === kind,
  )

/** Some days after a payment that failed, whoever owes it ends the plan. */
export function leave(world: StripeWorld, live: Subscription, each: Step): void {
  world.declined.add(live.customer)
  const ends = live.items.data.map(({ current_period_end }) => current_period_end)
  world.advance(Math.max(...ends) + (each.days ?? 1) * day)
  world.cancel(live.id)
}

/** The seller gives up what is owed of plans that have ended. */
export function voidOwed(world: StripeWorld, customer: string): void {
  for (const invoice of world.of(world.invoices, customer)) {
    const subscription = world.subscriptions.get(invoice.parent.subscription_details.subscription)
    if (invoice.status !== 'open' || subscription?.status !== 'canceled') continue
    invoice.status = 'void'
    world.emit('invoice.voided', invoice)
  }
}
