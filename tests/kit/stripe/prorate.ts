/** Changes of a subscription's items, and what they cost or give back for the rest of the period: on the next invoice, or at once where the interval changes. */
import { type Asked, missing, need, Refusal, wrong } from './endpoint'
import { holdChange, holdItems, holdLastItem, holdQuantity } from './hold'
import { newLine } from './make'
import type { Item, Line, Subscription } from './objects'
import type { StripeWorld } from './world'

/** What is left of the item's period from then on, at its price. Usage is paid afterwards, and a part of it is nothing. */
function rest(world: StripeWorld, item: Item | undefined, sign: 1 | -1, from = world.now): Line[] {
  if (!item || item.price.recurring.usage_type === 'metered') return []
  const { current_period_start: start, current_period_end: end, quantity = 1 } = item
  if (from < start || from > end) throw wrong('proration_date must lie within the current period')
  const line = newLine(world.id('il'), '', item, quantity, true)
  return [{ ...line, amount: sign * Math.round((line.amount * (end - from)) / (end - start)) }]
}

/** A metered price that goes is billed for its use so far, but not where nothing is prorated (docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup). */
function dropUse(world: StripeWorld, customer: string, before: Iterable<Item>, after: readonly Item[]): void {
  for (const { id, price, current_period_start: start } of before) {
    const stays = after.some((one) => one.id === id && one.price.id === price.id)
    if (stays || price.recurring.usage_type !== 'metered') continue
    for (const one of world.usage.values()) if (one.customer === customer && one.at >= start) one.dropped = true
  }
}

/** An address is what tax goes by; without one Stripe refuses to compute any. */
function changeTax(world: StripeWorld, subscription: Subscription, asked: Asked): void {
  if (!asked.automatic_tax) return
  const customer = world.customers.get(subscription.customer)
  if (asked.automatic_tax.enabled && (!customer || 'deleted' in customer || !customer.address))
    throw new Refusal(
      400,
      'invalid_request_error',
      "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
      'customer_tax_location_invalid',
    )
  subscription.automatic_tax.enabled = asked.automatic_tax.enabled
}

export function changeItems(world: StripeWorld, subscription: Subscription, asked: Asked): void {
  const { items = [], proration_behavior = 'create_prorations', proration_date } = asked
  if (proration_date && proration_behavior === 'none') throw wrong('proration_date needs prorations')
  holdLastItem(subscription, asked)
  holdChange(world, subscription, asked)
  changeTax(world, subscription, asked)
  const before = new Map(subscription.items.data.map((item) => [item.id, item]))
  for (const item of items) {
    if (item.deleted) {
      subscription.items.data = subscription.items.data.filter(({ id }) => id !== item.id)
      continue
    }
    holdQuantity(item)
    if (item.id && !before.has(item.id)) throw missing('subscription item')
    const price = item.price && need(world.prices.get(item.price), 'price')
    if (price) holdItems(world, [item], true)
    if (price && price.currency !== subscription.currency)
      throw new Refusal(400, 'invalid_request_error', 'The price specified only supports another currency')
    world.setItem(subscription, item)
  }
  if (proration_behavior === 'none') dropUse(world, subscription.customer, before.values(), subscription.items.data)
  // Nothing is paid for in a trial, or while it is paused.
  if (!['active', 'past_due', 'unpaid'].includes(subscription.status)) return
  const after = new Map(subscription.items.data.map((item) => [item.id, item]))
  const anew = [...after.values()].filter(({ id, price }) => {
    const was = before.get(id)
    return was && was.price.recurring.interval !== price.recurring.interval
  })
  const ids = [...new Set([...before.keys(), ...after.keys()])].filter((id) => {
    const [was, is] = [before.get(id), after.get(id)]
    return was?.price.id !== is?.price.id || was?.quantity !== is?.quantity
  })
  const lines = ids.flatMap((id) => [
    ...rest(world, before.get(id), -1, proration_date),
    ...(anew.some((one) => one.id === id) ? [] : rest(world, after.get(id), 1, proration_date)),
  ])
  if (proration_behavior !== 'none')
    world.pending.set(subscription.id, [...(world.pending.get(subscription.id) ?? []), ...lines])
  if (anew.length || (proration_behavior === 'always_invoice' && lines.length)) world.bill(subscription, anew, true)
}
