/** What a subscription at Stripe brings a month, from the prices that its customer pays: an older price counts as it is. Pure. */
import type StripeClient from 'stripe'
import { type ByWay, noRevenue, type Way, wayOf, ways } from './revenue'

type Item = StripeClient.SubscriptionItem

function monthsOf({ recurring }: StripeClient.Price): number {
  if (recurring?.interval === 'year') return 12 * recurring.interval_count
  return recurring?.interval_count ?? 1
}

/** Coupons that go on; one that holds once is no recurring matter. Stripe takes a discount away when it ends. */
function couponsOf({ discounts }: StripeClient.Subscription): StripeClient.Coupon[] {
  return discounts.flatMap((discount) => {
    const coupon = typeof discount === 'string' ? null : discount.source.coupon
    return coupon && typeof coupon !== 'string' && coupon.duration !== 'once' ? coupon : []
  })
}

const fixed = ({ price }: Item): boolean => price.unit_amount !== null && price.recurring?.usage_type !== 'metered'

/** Recurring a month by way, hundredths: a yearly price brings a twelfth, usage nothing. Discounts that go on are taken off. */
export function monthlyOf(subscription: StripeClient.Subscription): ByWay {
  const found = noRevenue()
  for (const { price, quantity } of subscription.items.data.filter(fixed))
    found[wayOf(price.metadata.kind ?? 'plan')] += ((price.unit_amount ?? 0) * (quantity ?? 1)) / monthsOf(price)
  const longest = Math.max(1, ...subscription.items.data.filter(fixed).map(({ price }) => monthsOf(price)))
  for (const { percent_off, amount_off } of couponsOf(subscription)) {
    const all = ways.reduce((sum, way) => sum + found[way], 0)
    // An amount is taken off each invoice, and from each way alike.
    const share = percent_off === null ? (all ? (amount_off ?? 0) / longest / all : 0) : percent_off / 100
    for (const way of ways) found[way] *= Math.max(0, 1 - share)
  }
  return Object.fromEntries(ways.map((way): [Way, number] => [way, Math.round(found[way])])) as ByWay
}
