/** Checkout: the page of Stripe's where an account takes a plan. */
import { createHash } from 'node:crypto'
import type StripeClient from 'stripe'
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { keepCustomer } from './customers'
import type { PlanChoice } from './input'
import { trialDays } from './plans'
import { hourOf, type Stripe, taxOf } from './stripe-client'
import { firstItems } from './stripe-items'

/** Who takes the plan, and where they come back to. */
export interface Buyer {
  accountName: string
  customer: string | null
  /** The same until there is a customer. */
  requestKey: string
  seats: number
  /** The account had a plan before: no second trial. */
  tried: boolean
  /** Changes with everything that is read from Stripe. */
  version: string
  page: string
}

/** Stripe's own names for our languages. */
export const stripeLanguages = { en: 'en', 'zh-CN': 'zh' } as const

const printOf = (wish: object): string => createHash('sha256').update(JSON.stringify(wish)).digest('hex').slice(0, 32)

/**
 * The account's customer. The same words with the same key within an hour: a customer is made once, however often this is tried. With
 * other words in between, or an hour later, there may be two, of which the first one that was kept is the account's.
 */
async function customerFor(stripe: Stripe, ctx: Ctx, { customer, accountName, requestKey }: Buyer): Promise<string> {
  if (customer) return customer
  const wish = { metadata: { account: ctx.accountId }, name: accountName, preferred_locales: [ctx.locale] }
  const made = await stripe.customers.create(wish, {
    idempotencyKey: `customer-${requestKey}-${printOf(wish)}-${hourOf(ctx.now())}`,
  })
  return inAccount(ctx, (tx) => keepCustomer(tx, ctx, made.id))
}

/** The customer's pages, the newest first. */
const sessionsOf = async (stripe: Stripe, customer: string) =>
  (await stripe.checkout.sessions.list({ customer, limit: 100 })).data

/** Address of the page: the same for the same wish in the same state of things. Only one page stays open. */
export async function checkOut(stripe: Stripe, ctx: Ctx, choice: PlanChoice, buyer: Buyer): Promise<string> {
  const customer = await customerFor(stripe, ctx, buyer)
  const wish: StripeClient.Checkout.SessionCreateParams = {
    mode: 'subscription',
    customer,
    client_reference_id: ctx.accountId,
    line_items: await firstItems(stripe, choice, buyer.seats),
    subscription_data: {
      metadata: { account: ctx.accountId },
      // A yearly plan needs it for the monthly usage that is added to it, and for services.
      billing_mode: { type: 'flexible' },
      ...(buyer.tried ? {} : { trial_period_days: trialDays }),
    },
    ...taxOf(ctx.services),
    allow_promotion_codes: true,
    tax_id_collection: { enabled: true },
    // A customer who is there already needs it for a tax id (docs.stripe.com/tax/checkout/tax-ids).
    customer_update: { name: 'auto', address: 'auto' },
    locale: stripeLanguages[ctx.locale],
    success_url: `${buyer.page}?from=checkout`,
    cancel_url: buyer.page,
  }
  const wanted = printOf(wish)
  const before = await sessionsOf(stripe, customer)
  const open = before.find(({ status, metadata }) => status === 'open' && metadata?.wish === wanted)
  // The key is made of the wish and what was there: pressing twice at once makes one page, and an ended page is not given again.
  const key = `checkout-${buyer.version}-${wanted}-${before[0]?.id.slice(-32) ?? 'first'}-${hourOf(ctx.now())}`
  const session =
    open ?? (await stripe.checkout.sessions.create({ ...wish, metadata: { wish: wanted } }, { idempotencyKey: key }))
  // Two pages that are open could both be paid.
  for (const { id, status } of await sessionsOf(stripe, customer))
    if (status === 'open' && id !== session.id) await stripe.checkout.sessions.expire(id)
  if (!session.url) throw new AppError('billing_away')
  return session.url
}
