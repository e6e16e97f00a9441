/** How the world's objects look in answers: the first page of what is inside them, and names instead of what nobody asked to see. */
import { type Asked, type Endpoint, endpoint, limited, need } from './endpoint'
import { type Coupon, type Discount, type Invoice, type Item, listOf, type Price, type Subscription } from './objects'
import type { StripeWorld } from './world'

/** An object inside another one comes with so many of its own. */
const inside = 10

const wants = (asked: Asked, what: string): boolean => (asked.expand ?? []).includes(what)

const couponShown = ({ applies_to: _meant, currency_options: _others, ...coupon }: Coupon): Coupon => coupon

/** Whole, with its coupon; else its id. */
const discountShown = (discount: Discount, whole: boolean) =>
  whole ? { ...discount, source: { ...discount.source, coupon: couponShown(discount.source.coupon) } } : discount.id

export const priceShown = ({ currency_options, ...price }: Price, asked: Asked = {}): Price =>
  wants(asked, 'currency_options') && currency_options ? { ...price, currency_options } : price

const itemShown = (item: Item, whole: boolean) => ({
  ...item,
  price: priceShown(item.price),
  discounts: item.discounts.map((one) => discountShown(one, whole)),
})

/** @param path where in the answer it stands, for what is to be expanded */
export const subscriptionShown = (subscription: Subscription, asked: Asked, path = '') => ({
  ...subscription,
  discounts: subscription.discounts.map((one) => discountShown(one, wants(asked, `${path}discounts.source.coupon`))),
  items: listOf(
    subscription.items.data.slice(0, inside).map((item) => itemShown(item, false)),
    subscription.items.url,
    subscription.items.data.length > inside,
  ),
})

export const invoiceShown = (invoice: Invoice): Invoice => ({
  ...invoice,
  lines: listOf(invoice.lines.data.slice(0, inside), invoice.lines.url, invoice.lines.data.length > inside),
})

/** What a customer looks like: its discount names its coupon, or has it. */
const customerShown = (customer: ReturnType<StripeWorld['customers']['get']>, asked: Asked) => {
  if (!customer || 'deleted' in customer || !customer.discount) return customer
  const { coupon, type } = customer.discount.source
  const whole = wants(asked, 'discount.source.coupon')
  const source = { type, coupon: whole ? couponShown(coupon) : coupon.id }
  return { ...customer, discount: { ...customer.discount, source } }
}

/** The addresses of what is inside. */
export const insides: readonly Endpoint[] = [
  endpoint('GET customers/:id', 'CustomerRetrieveParams', (world, asked, id) =>
    customerShown(need(world.customers.get(id), 'customer'), asked),
  ),
  endpoint('GET subscription_items', 'SubscriptionItemListParams', (world, asked) => {
    const { items } = need(world.subscriptions.get(asked.subscription), 'subscription')
    const whole = wants(asked, 'data.discounts.source.coupon')
    return limited(
      items.data.map((item) => itemShown(item, whole)),
      asked,
      '/v1/subscription_items',
    )
  }),
  endpoint('GET invoices/:id/lines', 'InvoiceListLineItemsParams', (world, asked, id) => {
    const { lines } = need(world.invoices.get(id), 'invoice')
    return limited(lines.data, asked, lines.url)
  }),
  endpoint('GET coupons/:id', 'CouponRetrieveParams', (world, asked, id) => {
    const { applies_to, currency_options, ...coupon } = need(world.coupons.get(id), 'coupon')
    return {
      ...coupon,
      ...(wants(asked, 'applies_to') && applies_to ? { applies_to } : {}),
      ...(wants(asked, 'currency_options') && currency_options ? { currency_options } : {}),
    }
  }),
  endpoint('GET refunds', 'RefundListParams', (world, asked) =>
    limited(
      [...world.refunds.values()].filter(({ charge }) => !asked.charge || charge === asked.charge),
      asked,
      '/v1/refunds',
    ),
  ),
]
