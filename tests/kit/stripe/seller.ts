/** What a seller sets up and looks at: where events are sent, whether tax is computed, and what has happened. */
import { type Endpoint, endpoint, limited, need, Refusal } from './endpoint'
import type { WebhookEndpoint } from './objects'

/** Addresses that Stripe cannot reach from outside are refused by it. */
const unreachable = /^https?:\/\/(localhost|127\.|\[::1\])/

export const seller: readonly Endpoint[] = [
  endpoint('GET webhook_endpoints', 'WebhookEndpointListParams', (world, asked) =>
    limited([...world.hooks.values()], asked, '/v1/webhook_endpoints'),
  ),
  endpoint('POST webhook_endpoints', 'WebhookEndpointCreateParams', (world, asked) => {
    const { url, description = null, enabled_events, api_version = null, metadata = {} } = asked
    if (unreachable.test(url))
      throw new Refusal(400, 'invalid_request_error', 'Invalid URL: URL must be publicly accessible', 'url_invalid')
    const id = world.id('we')
    const hook: WebhookEndpoint = {
      id,
      object: 'webhook_endpoint',
      api_version,
      created: world.now,
      description,
      enabled_events,
      livemode: false,
      metadata,
      status: 'enabled',
      url,
    }
    world.hooks.set(id, hook)
    // Told in this answer, and never again.
    return { ...hook, secret: `whsec_${id}` }
  }),
  endpoint('POST webhook_endpoints/:id', 'WebhookEndpointUpdateParams', (world, asked, id) => {
    const { disabled, ...change } = asked
    const status = disabled === undefined ? {} : { status: disabled ? 'disabled' : 'enabled' }
    return Object.assign(need(world.hooks.get(id), 'webhook endpoint'), change, status)
  }),
  endpoint('GET tax/settings', 'Tax.SettingsRetrieveParams', (world) => ({
    object: 'tax.settings',
    defaults: { tax_behavior: null, tax_code: 'txcd_10000000' },
    head_office: null,
    livemode: false,
    status: world.taxed ? 'active' : 'pending',
    status_details: {},
  })),
  endpoint('GET events', 'EventListParams', (world, asked) =>
    limited(
      [...world.events].reverse().filter(({ type }) => !asked.types || asked.types.includes(type)),
      asked,
      '/v1/events',
    ),
  ),
  endpoint('POST refunds', 'RefundCreateParams', (world, asked) => {
    const charge = need(world.charges.get(asked.charge), 'charge')
    const left = charge.amount - charge.amount_refunded
    const { amount = left } = asked
    if (amount > left || left === 0)
      throw new Refusal(400, 'invalid_request_error', 'Refund amount is greater than unrefunded amount on charge')
    return world.refund(charge, Number(amount))
  }),
]
