/** Finds prices at Stripe by their lookup keys, and remembers them for a while. */
import { AppError } from '@/lib/core/errors'
import type { Stripe } from './stripe-client'

/** Prices change rarely; a change is seen after so long, milliseconds. */
const fresh = 600_000
const known = new WeakMap<Stripe, Map<string, { id: string; at: number }>>()

/** Ids of the prices with these lookup keys, in their order. @throws billing_not_ready */
export async function pricesOf(stripe: Stripe, keys: readonly string[]): Promise<string[]> {
  const now = performance.now()
  const kept = known.get(stripe) ?? new Map<string, { id: string; at: number }>()
  known.set(stripe, kept)
  const asked = keys.filter((key) => now - (kept.get(key)?.at ?? Number.NEGATIVE_INFINITY) > fresh)
  if (asked.length) {
    const { data } = await stripe.prices.list({ lookup_keys: asked, active: true, limit: 100 })
    for (const { id, lookup_key } of data) if (lookup_key) kept.set(lookup_key, { id, at: now })
  }
  return keys.map((key) => {
    const found = kept.get(key)
    if (!found) throw new AppError('billing_not_ready', { key })
    return found.id
  })
}
