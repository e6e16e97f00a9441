/** Makes products, prices, the meter and the portal at Stripe equal to the plans' table, and says what it changed. */
import StripeClient from 'stripe'
import { type CatalogPrice, catalogPrices, meterName, products, unitAmount } from './catalog'
import type { Stripe } from './stripe-client'

/** How many lookup keys Stripe takes in one question. */
const keysAtOnce = 10

/** Makes a change and names it; a mere look only names it, and then nothing is made. */
type Change = <T>(line: string, make: () => Promise<T>) => Promise<T | null>

/** A meter at Stripe has our name and counts otherwise. How one counts cannot be changed there. */
export class OtherMeter extends Error {
  constructor() {
    super(`The meter ${meterName} at Stripe does not sum up values by customer: archive it there, then run this again.`)
  }
}

const meterWish = {
  default_aggregation: { formula: 'sum' },
  customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
  value_settings: { event_payload_key: 'value' },
} as const

/** @throws OtherMeter */
async function ensureMeter(stripe: Stripe, change: Change): Promise<string> {
  const { data } = await stripe.billing.meters.list({ status: 'active', limit: 100 })
  const known = data.find(({ event_name }) => event_name === meterName)
  if (known && !holds(known, meterWish)) throw new OtherMeter()
  if (known) return known.id
  const wish = { display_name: 'Labelled messages beyond the plan', event_name: meterName, ...meterWish }
  return (await change(`meter ${meterName}: made`, () => stripe.billing.meters.create(wish)))?.id ?? ''
}

async function ensureProducts(stripe: Stripe, change: Change): Promise<void> {
  const { data } = await stripe.products.list({ ids: Object.keys(products), limit: 100 })
  for (const [id, name] of Object.entries(products)) {
    const known = data.find((product) => product.id === id)
    if (known?.name === name && known.active) continue
    await change(`product ${id}: ${known ? 'changed' : 'made'}`, () =>
      known ? stripe.products.update(id, { name, active: true }) : stripe.products.create({ id, name }),
    )
  }
}

function isSame(price: StripeClient.Price, wanted: CatalogPrice, meter: string): boolean {
  const { metadata, recurring } = price
  return (
    Number(price.unit_amount_decimal) === Number(unitAmount(wanted)) &&
    price.currency === wanted.currency &&
    price.product === wanted.product &&
    recurring?.interval === wanted.interval &&
    recurring.interval_count === 1 &&
    (recurring.meter ?? null) === (wanted.kind === 'overage' ? meter : null) &&
    metadata.kind === wanted.kind &&
    (metadata.plan ?? null) === wanted.plan
  )
}

async function ensurePrices(stripe: Stripe, meter: string, change: Change): Promise<void> {
  const wanted = catalogPrices()
  const known = new Map<string, StripeClient.Price>()
  for (let at = 0; at < wanted.length; at += keysAtOnce) {
    const keys = wanted.slice(at, at + keysAtOnce).map(({ key }) => key)
    const { data } = await stripe.prices.list({ lookup_keys: keys, active: true, limit: 100 })
    for (const price of data) if (price.lookup_key) known.set(price.lookup_key, price)
  }
  for (const one of wanted) {
    const old = known.get(one.key)
    if (old && isSame(old, one, meter)) continue
    // An amount at Stripe never changes: another price takes over the key, and subscriptions keep theirs until they change.
    const metered = one.kind === 'overage'
    const how = old ? `changed from ${old.unit_amount_decimal}` : 'made'
    await change(`price ${one.key}: ${how}, ${unitAmount(one)} hundredths`, () =>
      stripe.prices.create({
        product: one.product,
        currency: one.currency,
        unit_amount_decimal: StripeClient.Decimal.from(unitAmount(one)),
        recurring: { interval: one.interval, ...(metered ? { meter, usage_type: 'metered' as const } : {}) },
        lookup_key: one.key,
        transfer_lookup_key: true,
        metadata: { kind: one.kind, ...(one.plan ? { plan: one.plan } : {}) },
      }),
    )
  }
}

/** Prices that another one took the key of are sold no more; also those that a sync which was stopped left behind. */
async function retirePrices(stripe: Stripe, change: Change): Promise<void> {
  const keys = new Set(catalogPrices().map(({ key }) => key))
  for (const product of Object.keys(products))
    for await (const price of stripe.prices.list({ product, active: true, limit: 100 })) {
      if (keys.has(price.lookup_key ?? '') || !price.metadata.kind) continue
      await change(`price ${price.id} of ${product}: sold no more`, () =>
        stripe.prices.update(price.id, { active: false }),
      )
    }
}

/** Portal configurations of ours carry this name in their metadata. */
const portalMark = 'lingxi'

const portalWish = (site: string) =>
  ({
    default_return_url: site,
    features: {
      customer_update: { enabled: true, allowed_updates: ['name', 'email', 'address', 'tax_id'] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
    },
  }) satisfies StripeClient.BillingPortal.ConfigurationCreateParams

/** The portal's configuration of ours; null before the first sync. */
export async function portalOf(stripe: Stripe): Promise<StripeClient.BillingPortal.Configuration | null> {
  const { data } = await stripe.billingPortal.configurations.list({ active: true, limit: 100 })
  return data.find(({ metadata }) => metadata?.[portalMark]) ?? null
}

/** Whatever was wished is there, and perhaps more; the order of a list says nothing. */
function holds(there: unknown, wish: unknown): boolean {
  if (Array.isArray(wish))
    return Array.isArray(there) && wish.length === there.length && wish.every((one) => there.includes(one))
  if (typeof wish !== 'object' || wish === null) return there === wish
  return Object.entries(wish).every(([key, value]) => holds((there as Record<string, unknown> | null)?.[key], value))
}

async function ensurePortal(stripe: Stripe, site: string, change: Change): Promise<void> {
  const wish = portalWish(site)
  const metadata = { [portalMark]: 'portal' }
  const known = await portalOf(stripe)
  // Compared with what is there: somebody may have changed it in Stripe's dashboard.
  if (known && holds(known, wish)) return
  await change(`portal: ${known ? 'changed' : 'made'}`, () =>
    known
      ? stripe.billingPortal.configurations.update(known.id, { ...wish, metadata })
      : stripe.billingPortal.configurations.create({ ...wish, metadata }),
  )
}

/**
 * Idempotent: a second run changes nothing. Returns a line for each change.
 * @param site address people come back to from the portal
 * @param looks changes nothing, and returns what it would
 * @throws OtherMeter
 */
export async function syncStripe(stripe: Stripe, site: string, looks = false): Promise<string[]> {
  const lines: string[] = []
  const change: Change = async (line, make) => {
    const made = looks ? null : await make()
    lines.push(line)
    return made
  }
  const meter = await ensureMeter(stripe, change)
  await ensureProducts(stripe, change)
  await ensurePrices(stripe, meter, change)
  await retirePrices(stripe, change)
  await ensurePortal(stripe, site, change)
  return lines
}
