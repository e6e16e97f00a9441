/** Finds prices at Stripe by their lookup keys, and sells none that is another one than the table's. */
import { AppError } from '@/lib/core/errors'
import { catalogPrices, unitAmount } from './catalog'
import type { Stripe } from './stripe-client'

/** Ids of the prices with these lookup keys, in their order. @throws billing_not_ready (missing, or not what the pages say) */
export async function pricesOf(stripe: Stripe, keys: readonly string[]): Promise<string[]> {
  const { data } = await stripe.prices.list({ lookup_keys: [...keys], active: true, limit: 100 })
  const table = catalogPrices()
  return keys.map((key) => {
    const found = data.find(({ lookup_key }) => lookup_key === key)
    const said = table.find((one) => one.key === key)
    const same =
      found &&
      said &&
      Number(found.unit_amount_decimal) === Number(unitAmount(said)) &&
      found.currency === said.currency &&
      found.recurring?.interval === said.interval &&
      found.recurring.interval_count === 1
    // A dialog said the table's price; another one is nobody's wish.
    if (!same) throw new AppError('billing_not_ready', { key })
    return found.id
  })
}
