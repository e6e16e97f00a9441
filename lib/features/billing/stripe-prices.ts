/** Finds prices at Stripe by their lookup keys. */
import { AppError } from '@/lib/core/errors'
import type { Stripe } from './stripe-client'

/** Ids of the prices with these lookup keys, in their order. @throws billing_not_ready */
export async function pricesOf(stripe: Stripe, keys: readonly string[]): Promise<string[]> {
  const { data } = await stripe.prices.list({ lookup_keys: [...keys], active: true, limit: 100 })
  return keys.map((key) => {
    const found = data.find(({ lookup_key }) => lookup_key === key)
    if (!found) throw new AppError('billing_not_ready', { key })
    return found.id
  })
}
