/** Fetches what Stripe leaves out of its lists: lines and items after the first page, whole coupons, prices in another currency. */
import type StripeClient from 'stripe'
import { isMissing, type Stripe } from './stripe-client'

/** The most that Stripe gives at once. */
export const pageSize = 100
/** No invoice and no subscription of ours comes near it. */
const most = 2_000

/** An invoice comes with the first ten of its lines. */
export function completeInvoices(
  stripe: Stripe,
  invoices: readonly StripeClient.Invoice[],
): Promise<StripeClient.Invoice[]> {
  return Promise.all(
    invoices.map(async (invoice) => {
      if (!invoice.lines.has_more || !invoice.id) return invoice
      const lines = stripe.invoices.listLineItems(invoice.id, { limit: pageSize })
      const data = await lines.autoPagingToArray({ limit: most })
      return { ...invoice, lines: { ...invoice.lines, data, has_more: false } }
    }),
  )
}

/** A subscription comes with its first items, and these with the ids of their discounts. */
export function completeSubscriptions(
  stripe: Stripe,
  subscriptions: readonly StripeClient.Subscription[],
): Promise<StripeClient.Subscription[]> {
  return Promise.all(
    subscriptions.map(async (subscription) => {
      const { id, items, currency } = subscription
      let { data } = items
      if (items.has_more || data.some(({ discounts }) => discounts?.some((one) => typeof one === 'string'))) {
        const expand = ['data.discounts.source.coupon']
        data = await stripe.subscriptionItems
          .list({ subscription: id, limit: pageSize, expand })
          .autoPagingToArray({ limit: most })
      }
      const priced = await Promise.all(data.map((item) => inCurrency(stripe, item, currency)))
      return { ...subscription, items: { ...items, data: priced, has_more: false } }
    }),
  )
}

/** A price shows its first currency; a subscription may pay it in another one. */
async function inCurrency(
  stripe: Stripe,
  item: StripeClient.SubscriptionItem,
  currency: string,
): Promise<StripeClient.SubscriptionItem> {
  if (item.price.currency === currency) return item
  const { currency_options } = await stripe.prices.retrieve(item.price.id, { expand: ['currency_options'] })
  const { unit_amount = null, unit_amount_decimal = null } = currency_options?.[currency] ?? {}
  return { ...item, price: { ...item.price, currency, unit_amount, unit_amount_decimal } }
}

/** The coupons behind all discounts, each asked for itself. One that was removed stays as its discount tells it. */
export async function couponsOf(
  stripe: Stripe,
  subscriptions: readonly StripeClient.Subscription[],
  inherited: StripeClient.Discount | null,
): Promise<Map<string, StripeClient.Coupon>> {
  const discounts = subscriptions.flatMap((one) => [
    ...one.discounts,
    ...one.items.data.flatMap((item) => item.discounts ?? []),
  ])
  const ids = [...discounts, inherited].flatMap((discount) => {
    const coupon = discount && typeof discount !== 'string' ? discount.source.coupon : null
    return coupon ? (typeof coupon === 'string' ? coupon : coupon.id) : []
  })
  const found = new Map<string, StripeClient.Coupon>()
  for (const id of new Set(ids)) {
    const coupon = await stripe.coupons.retrieve(id, { expand: ['applies_to', 'currency_options'] }).catch((error) => {
      if (isMissing(error)) return null
      throw error
    })
    if (coupon) found.set(id, coupon)
  }
  return found
}
