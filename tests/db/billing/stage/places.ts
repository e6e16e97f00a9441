/** The two places: the emulator, in every run, and Stripe's own test mode where a key of it was given. */
import { catalogPrices, meterName, products } from '@/lib/features/billing/catalog'
import { type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import { portalOf, syncStripe } from '@/lib/features/billing/stripe-sync'
import { createKit } from '../../settings/kit'
import { createStripeKit } from '../stripe-kit'
import type { Place } from './stage'

/** Signs what the suite itself brings to the installation. */
export const secret = 'whsec_emulated'

const emulator: Place = {
  name: 'emulator',
  open: async () => {
    const kit = await createStripeKit()
    // What happened is asked for, as at Stripe, whose webhooks do not come here.
    kit.stripe.deliverTo('')
    return kit
  },
  leave: async () => {},
}

/** What is sold at Stripe and on sale there, by its own ids. */
async function onSale(stripe: Stripe) {
  const { data } = await stripe.products.list({ ids: Object.keys(products), active: true, limit: 100 })
  const meters = await stripe.billing.meters.list({ status: 'active', limit: 100 })
  return {
    products: data.map(({ id }) => id),
    meters: meters.data.filter(({ event_name }) => event_name === meterName).map(({ id }) => id),
    portal: await portalOf(stripe),
  }
}

/** A live key would move money. @throws for every other than one of the test mode */
export function requireTestKey(key: string): string {
  if (!/^(sk|rk)_test_\w+$/.test(key)) throw new Error('STRIPE_SECRET_KEY must begin with sk_test_ (or rk_test_)')
  return key
}

function realStripe(key: string): Place {
  const stripe = stripeOf({
    env: { STRIPE_SECRET_KEY: key, STRIPE_API_URL: 'https://api.stripe.com' } as never,
  }) as Stripe
  let before: Awaited<ReturnType<typeof onSale>> | null = null
  return {
    name: 'stripe',
    open: async () => {
      before ??= await onSale(stripe)
      const kit = await createKit()
      Object.assign(kit.services.env, { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret })
      await syncStripe(stripe, before.portal?.default_return_url ?? 'https://lingxi.example')
      return kit
    },
    // A test account that is used for more gets back what was there; what this run made goes off sale, since nothing there can be removed.
    leave: async () => {
      if (!before) return
      const now = await onSale(stripe)
      const made = now.products.filter((id) => !before?.products.includes(id))
      const keys = new Set(catalogPrices().map(({ key }) => key))
      for (const product of made) {
        for await (const price of stripe.prices.list({ product, active: true, limit: 100 }))
          if (keys.has(price.lookup_key ?? '')) await stripe.prices.update(price.id, { active: false })
        await stripe.products.update(product, { active: false })
      }
      for (const id of now.meters) if (!before.meters.includes(id)) await stripe.billing.meters.deactivate(id)
      if (now.portal && !before.portal && !now.portal.is_default)
        await stripe.billingPortal.configurations.update(now.portal.id, { active: false })
    },
  }
}

/** Stripe's own test mode only by `npm run test:stripe`. */
export const place: Place = process.env.LINGXI_REAL_STRIPE
  ? realStripe(requireTestKey(process.env.STRIPE_SECRET_KEY ?? ''))
  : emulator
