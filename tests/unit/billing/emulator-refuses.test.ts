/** The emulator refuses what Stripe refuses beyond the types of parameters, and such a request fails the test that sent it. */
import StripeClient from 'stripe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sellEverything } from '../../kit/stripe/sell'
import { type StripeServer, startStripe } from '../../kit/stripe/server'

let server: StripeServer
let stripe: StripeClient
let customer: string
beforeAll(async () => {
  server = await startStripe('sk_test_x', 'whsec_x')
  const { hostname, port } = new URL(server.url)
  stripe = new StripeClient('sk_test_x', {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
  sellEverything(server.world)
  customer = server.world.addCustomer({ name: 'Shop' }).id
  // Reading the package's types takes a while, once.
}, 120_000)
afterAll(() => server.close())
beforeEach(() => void server.faults.splice(0))

const price = (key: string) =>
  [...server.world.prices.values()].find(({ lookup_key }) => lookup_key === `lingxi_${key}`)?.id ?? ''

/** What the product asks of Checkout. */
const wish = (seat = 'pro_usd_month'): StripeClient.Checkout.SessionCreateParams => ({
  mode: 'subscription',
  customer,
  line_items: [{ price: price(seat), quantity: 2 }, { price: price('pro_overage_usd') }],
  subscription_data: { billing_mode: { type: 'flexible' } },
  tax_id_collection: { enabled: true },
  customer_update: { name: 'auto', address: 'auto' },
  success_url: 'https://shop.example',
})
const open = (change: Partial<StripeClient.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({ ...wish(), ...change })

test('what the product asks is taken', async () => {
  expect((await open()).status).toBe('open')
  expect(server.faults).toEqual([])
})

const told = (change: Partial<StripeClient.Billing.MeterEventCreateParams>) => {
  const meter = { id: 'mtr_1', object: 'billing.meter', event_name: 'labels', status: 'active' } as const
  server.world.meters.set(meter.id, meter)
  const payload = { stripe_customer_id: customer, value: '3' }
  return stripe.billing.meterEvents.create({ event_name: 'labels', payload, ...change })
}

let mixed: { price: string; quantity?: number }[]
beforeEach(() => {
  mixed = [{ price: price('pro_usd_year'), quantity: 2 }, { price: price('pro_overage_usd') }]
})
const taken = () => server.world.subscribe(customer, [{ price: price('pro_usd_month'), quantity: 1 }], 0)

const refusals: Record<string, () => Promise<unknown>> = {
  'a year and a month together on Checkout, whatever the mode': () => open({ line_items: mixed }),
  'a year and a month together without the flexible mode': () =>
    stripe.subscriptions.create({ customer, items: mixed }),
  'a month added to a year without it': () => {
    const one = server.world.subscribe(customer, [mixed[0] as { price: string }], 0, {}, { mode: 'classic' })
    return stripe.subscriptions.update(one.id, { items: [mixed[1] as { price: string }] })
  },
  'a quantity of what is metered': () =>
    open({
      line_items: [
        { price: price('pro_usd_month'), quantity: 1 },
        { price: price('pro_overage_usd'), quantity: 1 },
      ],
    }),
  'two currencies': () =>
    open({ line_items: [{ price: price('pro_usd_month'), quantity: 1 }, { price: price('pro_overage_cny') }] }),
  'a tax id that nobody may write down': () => open({ customer_update: { address: 'auto' } }),
  'tax without an address that may be kept': () =>
    open({ automatic_tax: { enabled: true }, customer_update: { name: 'auto' } }),
  'eleven lookup keys': () => stripe.prices.list({ lookup_keys: Array.from({ length: 11 }, (_, at) => `key_${at}`) }),
  'a list of more than a hundred': () => stripe.invoices.list({ customer, limit: 101 }),
  'a list of nothing': () => stripe.charges.list({ customer, limit: 0 }),
  'a subscription that would be left without an item': () => {
    const { id, items } = server.world.subscribe(customer, [{ price: price('add_data_usd'), quantity: 1 }], 0)
    return stripe.subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? '', deleted: true }] })
  },
  'something to expand that is not there': () => stripe.subscriptions.list({ customer, expand: ['data.everything'] }),
  'an address that is not there': () => stripe.rawRequest('GET', '/v1/quotes'),
  ...Object.fromEntries(
    [2.5, -3].map((quantity) => [
      `${quantity} people`,
      () => {
        const { id, items } = taken()
        return stripe.subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? '', quantity }] })
      },
    ]),
  ),
  'half a person on Checkout': () => open({ line_items: [{ price: price('pro_usd_month'), quantity: 0.5 }] }),
  'a meter that is not there': () => told({ event_name: 'nobody' }),
  'use that is no number': () => told({ payload: { stripe_customer_id: customer, value: 'many' } }),
  'a parameter that is not there': () => stripe.customers.create({ shoe_size: 43 } as never),
  'a word that no list of words has: how parts of periods are asked for': () =>
    stripe.subscriptions.update(taken().id, { proration_behavior: 'prorate_please' }),
  'a word for an end': () => stripe.subscriptions.update(taken().id, { cancel_at: 'at_the_end' }),
  'a word for what a page does': () => open({ mode: 'subscribe' }),
  'a word for an interval': () =>
    stripe.prices.create({ currency: 'usd', product: 'lingxi_pro', recurring: { interval: 'fortnight' } }),
}
test.each(Object.keys(refusals))('refused, and a fault of whoever asked: %s', async (what) => {
  await expect(refusals[what]?.()).rejects.toThrow(StripeClient.errors.StripeInvalidRequestError)
  expect(server.faults).toHaveLength(1)
})

test('objects that are not there are missing: a customer that is told of, a configuration of the portal, an item', async () => {
  const { id } = taken()
  const asks = [
    told({ payload: { stripe_customer_id: 'cus_nobody', value: '3' } }),
    stripe.billingPortal.sessions.create({
      customer,
      return_url: 'https://shop.example',
      configuration: 'bpc_nothing',
    }),
    stripe.subscriptions.update(id, { items: [{ id: 'si_nobody', quantity: 2 }] }),
  ]
  for (const ask of asks) await expect(ask).rejects.toMatchObject({ code: 'resource_missing' })
  expect((await told({})).event_name).toBe('labels')
  expect(server.faults).toEqual([])
})

test('a server with a fault that nobody took away does not close quietly', async () => {
  const other = await startStripe('sk_test_x', 'whsec_x')
  other.faults.push('GET /v1/quotes')
  await expect(other.close()).rejects.toThrow('GET /v1/quotes')
})

test('a page of Checkout is open for a day', async () => {
  const { id } = await open()
  server.world.advance(server.world.now + 86_400)
  expect(() => server.world.complete(id)).toThrow('no open session')
  expect((await stripe.checkout.sessions.list({ customer })).data.find((one) => one.id === id)?.status).toBe('expired')
})

test('a customer that is changed is changed', async () => {
  await stripe.customers.update(customer, { name: 'Another', preferred_locales: ['zh'] })
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ name: 'Another', preferred_locales: ['zh'] })
})
