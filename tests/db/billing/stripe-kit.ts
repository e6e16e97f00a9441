/** Two accounts whose installation bills through the emulated Stripe, with the real route listening for its events. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeCtx } from '@/lib/border/caller'
import { billingRoutes } from '@/lib/border/routes/billing'
import { serveRoutes } from '@/lib/border/serve'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { syncStripe } from '@/lib/features/billing/stripe-sync'
import { changePlan } from '@/lib/flows/change-plan'
import { handleStripeEvents } from '@/lib/flows/follow-stripe'
import type { Ctx } from '@/lib/platform/context'
import { type StripeServer, startStripe } from '../../kit/stripe/server'
import { createKit, type Kit, type Shop } from '../settings/kit'

export interface StripeKit extends Kit {
  stripe: StripeServer
  /** Where Stripe sends its events. */
  hook: string
  /** The worker's round, until nothing is due. */
  work(): Promise<void>
  /** The account's context for the product's own acts. */
  acting(accountId: string): Ctx
  /** The id of an account's customer at Stripe. */
  customer(shop: Shop): Promise<string>
  /** Takes Pro through Checkout, and Stripe's events arrive. */
  subscribe(shop: Shop): Promise<void>
}

export const pro = { plan: 'pro', interval: 'month', currency: 'usd' } as const

export async function createStripeKit(): Promise<StripeKit> {
  const kit = await createKit()
  const stripe = await startStripe('sk_test_emulated', 'whsec_emulated')
  Object.assign(kit.services.env, {
    STRIPE_SECRET_KEY: 'sk_test_emulated',
    STRIPE_WEBHOOK_SECRET: 'whsec_emulated',
    STRIPE_API_URL: stripe.url,
  })
  const client = stripeOf(kit.services)
  if (client) await syncStripe(client, stripe.url)
  const serve = serveRoutes(kit.services, billingRoutes)
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    void serve(request, response, url.pathname, url.searchParams)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/stripe`
  stripe.deliverTo(hook)
  const acting = (accountId: string) => makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en')
  const work = async () => {
    await stripe.delivered()
    while ((await handleStripeEvents(kit.services, acting)) > 0);
  }
  const customer = async (shop: Shop) =>
    (await kit.owner.query('SELECT stripe_id FROM billing_customer WHERE account_id = $1', [shop.accountId])).rows[0]
      ?.stripe_id as string
  return {
    ...kit,
    stripe,
    hook,
    work,
    acting,
    customer,
    subscribe: async (shop) => {
      const { url } = await changePlan(shop.as.owner, pro)
      stripe.world.complete(String(url).split('/').at(-1) ?? '')
      await work()
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await kit.close()
      await stripe.close()
    },
  }
}
