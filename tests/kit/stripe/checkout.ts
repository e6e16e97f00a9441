/** Checkout's addresses: a page that sells, the pages of a customer, and one that is closed. */
import { closePages } from './clock'
import { type Asked, type Endpoint, endpoint, limited, missing, need, Refusal, wrong } from './endpoint'
import { holdItems } from './hold'
import type { Session } from './objects'
import type { StripeWorld } from './world'

/** What Stripe shows of a page; what was wished is the emulator's own. */
const shown = ({ wish: _ours, ...session }: Session & { wish?: unknown }): Session => session

const pagesOf = (world: StripeWorld, customer?: string, status?: string) => {
  closePages(world)
  return [...world.sessions.values()]
    .filter((one) => (!customer || one.customer === customer) && (!status || one.status === status))
    .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1))
}

/** A customer who is there already: what the page asks of them may only be kept where that was said. */
function holdTax({ automatic_tax, tax_id_collection, customer_update }: Asked): void {
  if (automatic_tax?.enabled && customer_update?.address !== 'auto')
    throw wrong("Automatic tax needs an address: set customer_update[address] to 'auto'")
  if (tax_id_collection?.enabled && customer_update?.name !== 'auto')
    throw wrong(
      "Tax ID collection requires updating business name on the customer: set customer_update[name] to 'auto'",
    )
}

export const checkout: readonly Endpoint[] = [
  endpoint('POST checkout/sessions', 'Checkout.SessionCreateParams', (world, asked) => {
    const customer = need(world.customers.get(asked.customer), 'customer')
    if ('deleted' in customer) throw missing('customer')
    holdItems(world, asked.line_items, false)
    holdTax(asked)
    const id = world.id('cs')
    const session: Session = {
      id,
      object: 'checkout.session',
      automatic_tax: { enabled: asked.automatic_tax?.enabled ?? false },
      cancel_url: asked.cancel_url ?? null,
      client_reference_id: asked.client_reference_id ?? null,
      created: world.now,
      customer: asked.customer,
      expires_at: world.now + 86_400,
      livemode: false,
      metadata: asked.metadata ?? {},
      mode: 'subscription',
      status: 'open',
      subscription: null,
      success_url: asked.success_url,
      url: `${world.baseUrl}/pay/${id}`,
    }
    const { trial_period_days: trialDays = 0, metadata = {}, billing_mode } = asked.subscription_data ?? {}
    const how = { taxed: session.automatic_tax.enabled, mode: billing_mode?.type ?? 'classic' }
    const wish = { items: asked.line_items, trialDays, metadata, ...how }
    world.sessions.set(id, { ...session, wish })
    return session
  }),
  endpoint('GET checkout/sessions', 'Checkout.SessionListParams', (world, asked) =>
    limited(pagesOf(world, asked.customer, asked.status).map(shown), asked, '/v1/checkout/sessions'),
  ),
  endpoint('POST checkout/sessions/:id/expire', 'Checkout.SessionExpireParams', (world, _asked, id) => {
    const session = need(world.sessions.get(id), 'checkout.session')
    if (session.status !== 'open')
      throw new Refusal(400, 'invalid_request_error', 'Only Checkout Sessions with a status in ["open"] can be expired')
    return shown(Object.assign(session, { status: 'expired' as const, url: null }))
  }),
]
