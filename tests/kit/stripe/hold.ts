/** What Stripe refuses of prices together, whatever their types say. */
import { type Asked, need, wrong } from './endpoint'
import type { Price, Subscription } from './objects'
import type { StripeWorld } from './world'

/** People are whole, and none are fewer than none. */
export function holdQuantity({ quantity }: { quantity?: number }): void {
  if (quantity !== undefined && !(Number.isInteger(quantity) && quantity >= 0))
    throw wrong('Invalid non-negative integer: quantity')
}

/** Checkout sells one interval (docs.stripe.com/billing/subscriptions/mixed-interval). @param flexible a subscription of the billing mode that takes several */
export function holdItems(
  world: StripeWorld,
  items: readonly { price: string; quantity?: number }[],
  flexible: boolean,
): void {
  const prices = items.map(({ price, quantity }) => {
    holdQuantity({ ...(quantity === undefined ? {} : { quantity }) })
    const found = need(world.prices.get(price), 'price')
    if (!found.active) throw wrong(`The price ${price} is inactive, and can only be used by what has it already`)
    if (found.recurring.usage_type === 'metered' && quantity !== undefined)
      throw wrong('Quantity should not be specified where usage_type is metered')
    return found
  })
  if (new Set(prices.map(({ currency }) => currency)).size > 1)
    throw wrong('All prices on a subscription must have the same currency')
  holdIntervals(prices, flexible)
}

function holdIntervals(prices: readonly Price[], flexible: boolean): void {
  if (!flexible && new Set(prices.map(({ recurring }) => recurring.interval)).size > 1)
    throw wrong('Prices of different intervals need a subscription of billing_mode flexible, and no Checkout')
}

/** What a change would leave. */
export function holdChange(world: StripeWorld, { items, billing_mode }: Subscription, { items: changes = [] }: Asked) {
  const named = new Map(changes.map((one: Asked) => [one.id, one]))
  const stay = items.data.flatMap(({ id, price }) => {
    const change = named.get(id) as Asked
    return change?.deleted ? [] : [world.prices.get(change?.price) ?? price]
  })
  const added = changes.flatMap(({ id, price }: Asked) => (id ? [] : [need(world.prices.get(price), 'price')]))
  holdIntervals([...stay, ...added], billing_mode.type === 'flexible')
}

/** A subscription keeps an item; to end all of it there is another address. */
export function holdLastItem({ items }: Subscription, { items: changes = [] }: Asked): void {
  const goes = (id?: string) => changes.some((one: Asked) => one.deleted && one.id === id)
  const left = [...items.data.filter(({ id }) => !goes(id)), ...changes.filter((one: Asked) => !one.id && !one.deleted)]
  if (!left.length) throw wrong('A subscription must have at least one active plan. To cancel it, use the cancel API')
}
