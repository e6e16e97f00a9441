/** Reads everything that Stripe knows about a customer. */
import type StripeClient from 'stripe'
import type { PriceKind } from './catalog'
import type { Reading } from './customers'
import { invoiceOf, type StripeTruth, subscriptionOf } from './from-stripe'
import { isMissing, type Stripe } from './stripe-client'

/** The newest invoices that are kept up to date. */
const newest = 100
const nothing: StripeTruth = { subscriptions: [], invoices: [], charges: new Map() }

/** The customer's whole truth; null when the customer is gone. */
async function readTruth(stripe: Stripe, customer: string): Promise<StripeTruth | null> {
  const found = await stripe.customers.retrieve(customer).catch((error) => {
    if (isMissing(error)) return { deleted: true as const }
    throw error
  })
  if (found.deleted) return null
  const [subscriptions, invoices, charges] = await Promise.all([
    stripe.subscriptions.list({ customer, status: 'all', limit: newest }),
    stripe.invoices.list({ customer, limit: newest }),
    stripe.charges.list({ customer, limit: newest }),
  ])
  const changed = charges.data.filter((charge) => charge.amount_refunded > 0 || charge.disputed)
  const byInvoice: [string, { refunded: number; disputed: boolean }][] = []
  for (const charge of changed) {
    const invoice = await invoiceOfCharge(stripe, charge)
    if (invoice) byInvoice.push([invoice, { refunded: charge.amount_refunded, disputed: charge.disputed }])
  }
  return { subscriptions: subscriptions.data, invoices: invoices.data, charges: new Map(byInvoice) }
}

async function invoiceOfCharge(stripe: Stripe, charge: StripeClient.Charge): Promise<string | null> {
  const intent = typeof charge.payment_intent === 'string' ? charge.payment_intent : charge.payment_intent?.id
  if (!intent) return null
  const { data } = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent } })
  const invoice = data[0]?.invoice
  return typeof invoice === 'string' ? invoice : (invoice?.id ?? null)
}

/** What each price on the invoices is for: the subscriptions' items tell most, Stripe the rest. */
async function kindsOf(stripe: Stripe, { subscriptions, invoices }: StripeTruth): Promise<Map<string, PriceKind>> {
  const kinds = new Map<string, PriceKind>()
  const keep = ({ id, metadata }: StripeClient.Price) => kinds.set(id, (metadata.kind ?? 'plan') as PriceKind)
  for (const { items } of subscriptions) for (const { price } of items.data) keep(price)
  const lines = invoices.flatMap((invoice) => invoice.lines.data)
  for (const line of lines) {
    const price = line.pricing?.price_details?.price
    if (typeof price === 'string' && !kinds.has(price)) keep(await stripe.prices.retrieve(price))
  }
  return kinds
}

/** What is to be stored of a customer; of one that is gone, nothing but that. */
export async function readStripe(stripe: Stripe, customer: string): Promise<Omit<Reading, 'began'>> {
  const truth = await readTruth(stripe, customer)
  const known = truth ?? nothing
  const kinds = await kindsOf(stripe, known)
  const invoices = known.invoices.flatMap((invoice) => invoiceOf(invoice, known.charges, (id) => kinds.get(id)) ?? [])
  return { subscription: subscriptionOf(known), invoices, gone: truth === null }
}
