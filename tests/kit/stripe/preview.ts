/** What an invoice would be: the change is made in a copy of the world, whose clock then moves to the next one. */
import { nextDue } from './clock'
import { type Asked, type Endpoint, endpoint, need, Refusal, wrong } from './endpoint'
import { holdItems } from './hold'
import type { Invoice, Subscription } from './objects'
import { changeItems } from './prorate'
import { invoiceShown } from './shown'
import { StripeWorld } from './world'

/** No copy has to look further ahead than a year and a bit. */
const ahead = 400 * 86_400

function copyOf({ onEvent: _told, ...world }: StripeWorld): StripeWorld {
  return Object.assign(new StripeWorld(world.now), structuredClone(world))
}

const invoicesOf = (world: StripeWorld, { id }: Subscription): Invoice[] =>
  [...world.invoices.values()].filter(({ parent }) => parent.subscription_details.subscription === id)

/** The subscription as it would be, taken or changed. */
function changed(world: StripeWorld, asked: Asked): Subscription {
  const {
    items = [],
    billing_mode,
    proration_behavior,
    proration_date,
    resume_at,
    cancel_at,
  } = asked.subscription_details ?? {}
  if (!asked.subscription) {
    holdItems(world, items, billing_mode?.type === 'flexible')
    const customer = asked.customer ?? world.addCustomer({}).id
    return world.subscribe(customer, items, 0, {}, { taxed: asked.automatic_tax?.enabled ?? false })
  }
  if (billing_mode) throw wrong('The billing mode of a subscription that is there cannot be previewed')
  const subscription = need(world.subscriptions.get(asked.subscription), 'subscription')
  if (asked.customer && subscription.customer !== asked.customer) throw wrong('The subscription is of another customer')
  if (resume_at && subscription.status !== 'paused') throw wrong('resume_at is for paused subscriptions')
  if (cancel_at !== undefined) Object.assign(subscription, { cancel_at: null, cancel_at_period_end: false })
  if (items.length || asked.automatic_tax)
    changeItems(world, subscription, { items, proration_behavior, proration_date, automatic_tax: asked.automatic_tax })
  if (resume_at) world.bill(Object.assign(subscription, { status: 'active' }))
  return subscription
}

export const preview: readonly Endpoint[] = [
  endpoint('POST invoices/create_preview', 'InvoiceCreatePreviewParams', (real, asked) => {
    const world = copyOf(real)
    // Nobody's card is asked in a preview.
    world.declined.clear()
    world.asking.clear()
    const known = new Set(real.invoices.keys())
    const subscription = changed(world, asked)
    const made = () => invoicesOf(world, subscription).find(({ id }) => !known.has(id))
    const until = world.now + ahead
    for (let due = nextDue(world, until); due && !made(); due = nextDue(world, until)) {
      world.now = Math.max(world.now, due.at)
      due.act()
    }
    const invoice = made()
    if (!invoice)
      throw new Refusal(400, 'invalid_request_error', 'No upcoming invoices for customer', 'invoice_upcoming_none')
    return {
      ...invoiceShown(invoice),
      id: `upcoming_${invoice.id}`,
      status: 'draft',
      number: null,
    }
  }),
]
