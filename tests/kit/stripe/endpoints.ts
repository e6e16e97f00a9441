/** The addresses of Stripe's API that the product uses, each with the type of its parameters and what it does. */

import { checkout } from './checkout'
import { type Asked, type Endpoint, endpoint, limited, need, Refusal, wrong } from './endpoint'
import { listOf, type Price, type Subscription } from './objects'
import { preview } from './preview'
import { changeItems } from './prorate'
import { seller } from './seller'
import { insides, invoiceShown, priceShown, subscriptionShown } from './shown'
import { testMode } from './test-mode'
import type { StripeWorld } from './world'

/** When a subscription ends. "At the period's end" and an hour of one's own exclude each other. */
function endAt(subscription: Subscription, { cancel_at, cancel_at_period_end }: Asked): void {
  if (cancel_at !== undefined && cancel_at_period_end !== undefined)
    throw new Refusal(400, 'invalid_request_error', 'Only one of cancel_at and cancel_at_period_end can be given')
  const ends = subscription.items.data.map(({ current_period_end }) => current_period_end)
  if (cancel_at_period_end !== undefined) {
    subscription.cancel_at_period_end = cancel_at_period_end
    subscription.cancel_at = cancel_at_period_end ? Math.min(...ends) : null
  }
  if (cancel_at === undefined) return
  const named: Record<string, number | null> = {
    // An empty text, as it arrives.
    null: null,
    min_period_end: Math.min(...ends),
    max_period_end: Math.max(...ends),
  }
  subscription.cancel_at_period_end = false
  const key = String(cancel_at)
  subscription.cancel_at = key in named ? (named[key] ?? null) : Number(cancel_at)
}

/** Of a customer's messages beyond the plan: the one that is, or of what has ended since. */
const priceNow = (world: StripeWorld, customer: string, at: number): Price | undefined =>
  world
    .of(world.subscriptions, customer)
    .filter(({ ended_at }) => ended_at === null || ended_at > at)
    .flatMap(({ items }) => items.data.map(({ price }) => price))
    .find(({ recurring }) => recurring.usage_type === 'metered')

export const endpoints: readonly Endpoint[] = [
  endpoint('POST customers', 'CustomerCreateParams', (world, asked) => world.addCustomer(asked)),
  ...insides,
  ...checkout,
  ...preview,
  endpoint('POST billing_portal/sessions', 'BillingPortal.SessionCreateParams', (world, asked) => {
    need(world.customers.get(asked.customer), 'customer')
    if (asked.configuration) need(world.portals.get(asked.configuration), 'configuration')
    const id = world.id('bps')
    const url = `${world.baseUrl}/portal/${asked.customer}?back=${encodeURIComponent(asked.return_url)}`
    const { customer, return_url, locale = null } = asked
    return {
      id,
      object: 'billing_portal.session',
      created: world.now,
      customer,
      livemode: false,
      locale,
      return_url,
      url,
    }
  }),
  endpoint('GET subscriptions', 'SubscriptionListParams', (world, asked) => {
    const newest = [...world.subscriptions.values()].reverse()
    const all = asked.customer ? world.of(world.subscriptions, asked.customer) : newest
    const shown = asked.status === 'all' ? all : all.filter(({ status }) => status !== 'canceled')
    const whole = shown.map((one) => subscriptionShown(one, asked, 'data.'))
    return limited(whole, asked, '/v1/subscriptions')
  }),
  endpoint('GET subscriptions/:id', 'SubscriptionRetrieveParams', (world, asked, id) =>
    subscriptionShown(need(world.subscriptions.get(id), 'subscription'), asked),
  ),
  endpoint('POST subscriptions/:id', 'SubscriptionUpdateParams', (world, asked, id) => {
    const subscription = need(world.subscriptions.get(id), 'subscription')
    if (subscription.status === 'canceled')
      throw new Refusal(400, 'invalid_request_error', 'A canceled subscription can only update its metadata')
    changeItems(world, subscription, asked)
    endAt(subscription, asked)
    world.update(subscription)
    return subscriptionShown(subscription, asked)
  }),
  endpoint('GET invoices', 'InvoiceListParams', (world, asked) =>
    limited(world.of(world.invoices, asked.customer).map(invoiceShown), asked, '/v1/invoices'),
  ),
  endpoint('GET charges', 'ChargeListParams', (world, asked) =>
    limited(world.of(world.charges, asked.customer), asked, '/v1/charges'),
  ),
  endpoint('GET charges/:id', 'ChargeRetrieveParams', (world, _asked, id) => need(world.charges.get(id), 'charge')),
  endpoint('GET disputes', 'DisputeListParams', (world, asked) =>
    limited(
      [...world.disputes.values()].filter(({ charge }) => !asked.charge || charge === asked.charge),
      asked,
      '/v1/disputes',
    ),
  ),
  endpoint('GET invoice_payments', 'InvoicePaymentListParams', (world, asked) => {
    const intent = asked.payment?.payment_intent
    const invoice = world.payments.get(intent)
    const payment = { type: 'payment_intent', payment_intent: intent }
    const found = invoice
      ? [{ id: `inpay_${intent}`, object: 'invoice_payment', invoice, payment, status: 'paid' }]
      : []
    return listOf(found, '/v1/invoice_payments')
  }),
  endpoint('GET prices', 'PriceListParams', (world, asked) => {
    if (asked.lookup_keys?.length > 10) throw wrong('lookup_keys takes at most 10')
    const all = [...world.prices.values()].filter(
      (price) =>
        (asked.active === undefined || price.active === asked.active) &&
        (!asked.product || price.product === asked.product) &&
        (!asked.lookup_keys || asked.lookup_keys.includes(price.lookup_key)),
    )
    return limited(all, asked, '/v1/prices')
  }),
  endpoint('GET prices/:id', 'PriceRetrieveParams', (world, asked, id) =>
    priceShown(need(world.prices.get(id), 'price'), asked),
  ),
  endpoint('POST prices', 'PriceCreateParams', (world, asked) => {
    const { interval, interval_count = 1, meter = null, usage_type = 'licensed' } = asked.recurring
    const amount = asked.unit_amount_decimal ?? String(asked.unit_amount)
    const price: Omit<Price, 'id' | 'object' | 'created' | 'livemode' | 'type'> = {
      active: true,
      currency: asked.currency,
      lookup_key: asked.lookup_key ?? null,
      metadata: asked.metadata ?? {},
      product: asked.product,
      recurring: { interval, interval_count, meter, usage_type },
      unit_amount: Number.isInteger(Number(amount)) ? Number(amount) : null,
      unit_amount_decimal: amount,
    }
    const holder = [...world.prices.values()].some(({ lookup_key }) => lookup_key && lookup_key === asked.lookup_key)
    if (holder && !asked.transfer_lookup_key)
      throw new Refusal(400, 'invalid_request_error', 'A price already uses that lookup key')
    return world.addPrice(price)
  }),
  endpoint('POST prices/:id', 'PriceUpdateParams', (world, asked, id) =>
    Object.assign(need(world.prices.get(id), 'price'), asked),
  ),
  endpoint('GET products', 'ProductListParams', (world, asked) => {
    const all = [...world.products.values()].filter(({ id }) => !asked.ids || asked.ids.includes(id))
    return limited(all, asked, '/v1/products')
  }),
  endpoint('POST products', 'ProductCreateParams', (world, asked) => {
    const product = { id: asked.id ?? world.id('prod'), object: 'product' as const, active: true, name: asked.name }
    world.products.set(product.id, product)
    return product
  }),
  endpoint('POST products/:id', 'ProductUpdateParams', (world, asked, id) =>
    Object.assign(need(world.products.get(id), 'product'), asked),
  ),
  endpoint('GET billing/meters', 'Billing.MeterListParams', (world, asked) =>
    limited([...world.meters.values()], asked, '/v1/billing/meters'),
  ),
  endpoint('POST billing/meters', 'Billing.MeterCreateParams', (world, asked) => {
    const { event_name, default_aggregation, customer_mapping, value_settings } = asked
    const how = { default_aggregation, customer_mapping, value_settings }
    const meter = {
      id: world.id('mtr'),
      object: 'billing.meter' as const,
      event_name,
      status: 'active' as const,
      ...how,
    }
    world.meters.set(meter.id, meter)
    return meter
  }),
  endpoint('GET billing_portal/configurations', 'BillingPortal.ConfigurationListParams', (world, asked) =>
    limited([...world.portals.values()], asked, '/v1/billing_portal/configurations'),
  ),
  endpoint('POST billing_portal/configurations', 'BillingPortal.ConfigurationCreateParams', (world, asked) => {
    const portal = { ...asked, id: world.id('bpc'), object: 'billing_portal.configuration', active: true }
    world.portals.set(portal.id, portal)
    return portal
  }),
  endpoint('POST billing_portal/configurations/:id', 'BillingPortal.ConfigurationUpdateParams', (world, asked, id) =>
    Object.assign(need(world.portals.get(id), 'configuration'), asked),
  ),
  endpoint('POST billing/meter_events', 'Billing.MeterEventCreateParams', (world, asked) => {
    const { identifier = world.id('me'), event_name, payload, timestamp = world.now } = asked
    if (world.usage.has(identifier))
      throw new Refusal(400, 'invalid_request_error', `An event already exists with identifier ${identifier}.`)
    const meter = [...world.meters.values()].find((one) => one.event_name === event_name)
    if (!meter) throw wrong(`No active meter found for event name ${event_name}`)
    if (meter.status !== 'active') throw new Refusal(400, 'invalid_request_error', 'The meter is not active')
    need(world.customers.get(payload.stripe_customer_id), 'customer')
    if (!/^\d+(\.\d+)?$/.test(payload.value)) throw wrong(`Invalid value: ${payload.value} is no number`)
    const at = Number(timestamp)
    if (at < world.now - 35 * 86_400 || at > Math.max(world.now, Date.now() / 1_000) + 300)
      throw new Refusal(
        400,
        'invalid_request_error',
        'The timestamp must be within the past 35 days, or up to 5 minutes ahead',
      )
    const customer = payload.stripe_customer_id
    world.usage.set(identifier, { customer, value: Number(payload.value), at, price: priceNow(world, customer, at) })
    return {
      object: 'billing.meter_event',
      created: world.now,
      event_name,
      identifier,
      livemode: false,
      payload,
      timestamp: at,
    }
  }),
  ...seller,
  ...testMode,
]
