/** What Stripe's test mode offers to tests: clocks, test cards, subscriptions made without a page, and what a meter counted. */
import { type Endpoint, endpoint, missing, need, Refusal } from './endpoint'
import { holdItems } from './hold'
import { listOf } from './objects'
import type { StripeWorld } from './world'

/** Stripe's own test cards (docs.stripe.com/testing); this one attaches and is refused when it is charged. */
const refused = 'pm_card_chargeCustomerFail'
/** This one's bank asks for each payment. */
const asking = 'pm_card_authenticationRequired'

const clockOf = (world: StripeWorld) => ({
  id: 'clock_1',
  object: 'test_helpers.test_clock',
  created: world.now,
  frozen_time: world.now,
  livemode: false,
  status: 'ready',
})

export const testMode: readonly Endpoint[] = [
  endpoint('POST test_helpers/test_clocks', 'TestHelpers.TestClockCreateParams', (world, asked) => {
    // One world has one time.
    world.now = asked.frozen_time
    return clockOf(world)
  }),
  endpoint('POST test_helpers/test_clocks/:id/advance', 'TestHelpers.TestClockAdvanceParams', (world, asked) => {
    world.advance(asked.frozen_time)
    return clockOf(world)
  }),
  endpoint('GET test_helpers/test_clocks/:id', 'TestHelpers.TestClockRetrieveParams', clockOf),
  endpoint('DELETE test_helpers/test_clocks/:id', 'TestHelpers.TestClockDeleteParams', (world, _asked, id) => {
    // Its customers go with it, and their subscriptions.
    for (const customer of [...world.customers.values()])
      if (!('deleted' in customer)) world.deleteCustomer(customer.id)
    return { id, object: 'test_helpers.test_clock', deleted: true }
  }),
  endpoint('DELETE customers/:id', 'CustomerDeleteParams', (world, _asked, id) => {
    world.deleteCustomer(id)
    return need(world.customers.get(id), 'customer')
  }),
  endpoint('POST payment_methods/:id/attach', 'PaymentMethodAttachParams', (world, asked, id) => {
    need(world.customers.get(asked.customer), 'customer')
    return {
      id: [refused, asking].includes(id) ? id : world.id('pm'),
      object: 'payment_method',
      customer: asked.customer,
    }
  }),
  endpoint('POST customers/:id', 'CustomerUpdateParams', (world, asked, id) => {
    const customer = need(world.customers.get(id), 'customer')
    if ('deleted' in customer) throw missing('customer')
    const { name = customer.name, preferred_locales = customer.preferred_locales, metadata = {} } = asked
    Object.assign(customer, { name, preferred_locales, metadata: { ...customer.metadata, ...metadata } })
    const card = asked.invoice_settings?.default_payment_method
    for (const [name, held] of [
      [refused, world.declined],
      [asking, world.asking],
    ] as const)
      if (card === name) held.add(id)
      else if (card) held.delete(id)
    world.emit('customer.updated', customer)
    return customer
  }),
  endpoint('POST subscriptions', 'SubscriptionCreateParams', (world, asked) => {
    need(world.customers.get(asked.customer), 'customer')
    const mode = asked.billing_mode?.type ?? 'classic'
    holdItems(world, asked.items, mode === 'flexible')
    return world.subscribe(asked.customer, asked.items, asked.trial_period_days ?? 0, asked.metadata, { mode })
  }),
  endpoint('POST subscriptions/:id/resume', 'SubscriptionResumeParams', (world, _asked, id) => {
    const subscription = need(world.subscriptions.get(id), 'subscription')
    if (subscription.status !== 'paused')
      throw new Refusal(400, 'invalid_request_error', 'Only paused subscriptions can be resumed')
    // The payment comes first: where it fails, the subscription stays paused.
    if (!world.declined.has(subscription.customer)) world.resume(subscription)
    return subscription
  }),
  endpoint('DELETE subscriptions/:id', 'SubscriptionCancelParams', (world, _asked, id) => {
    const subscription = need(world.subscriptions.get(id), 'subscription')
    world.cancel(id)
    return subscription
  }),
  endpoint('POST invoices/:id/void', 'InvoiceVoidInvoiceParams', (world, _asked, id) => {
    const invoice = need(world.invoices.get(id), 'invoice')
    if (invoice.status !== 'open') throw new Refusal(400, 'invalid_request_error', 'Only open invoices can be voided')
    return Object.assign(invoice, { status: 'void' as const })
  }),
  endpoint('GET billing/meters/:id/event_summaries', 'Billing.MeterListEventSummariesParams', (world, asked, id) => {
    need(world.meters.get(id), 'meter')
    const counted = [...world.usage.values()]
      .filter(({ customer, at }) => customer === asked.customer && at >= asked.start_time && at < asked.end_time)
      .reduce((sum, { value }) => sum + value, 0)
    const summary = {
      id: 'mtrusg_1',
      object: 'billing.meter_event_summary',
      aggregated_value: counted,
      end_time: asked.end_time,
      livemode: false,
      meter: id,
      start_time: asked.start_time,
    }
    return listOf([summary], `/v1/billing/meters/${id}/event_summaries`)
  }),
]
