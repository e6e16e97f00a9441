/** Puts every price of the plans into a world, as `npm run stripe:sync` does over the API. */
import { catalogPrices } from '@/lib/features/billing/catalog'
import type { StripeWorld } from './world'

export function sellEverything(world: StripeWorld): void {
  for (const { key, product, kind, plan, currency, interval, amount } of catalogPrices()) {
    const metered = kind === 'overage'
    world.addPrice({
      active: true,
      currency,
      lookup_key: key,
      metadata: { kind, ...(plan ? { plan } : {}) },
      product,
      recurring: {
        interval,
        interval_count: 1,
        meter: metered ? 'mtr_1' : null,
        usage_type: metered ? 'metered' : 'licensed',
      },
      unit_amount: metered ? null : amount,
      unit_amount_decimal: metered ? String(amount / 1_000) : String(amount),
    })
  }
}
