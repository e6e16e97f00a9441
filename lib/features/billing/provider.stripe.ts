/** Billing by Stripe: Checkout for a first plan, changes of a running one, and the portal. What holds is read back from Stripe. */
import type StripeClient from 'stripe'
import { publicUrl } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { addOnKey, overageKey, planKey } from './catalog'
import { customerOf, keepCustomer, requestKeyOf } from './customers'
import type { PlanChoice } from './input'
import { type Currency, trialDays } from './plans'
import type { Provider } from './provider'
import { countSeats, readSubscription } from './read'
import { asBillingError, isMissing, type Stripe, stripeOf } from './stripe-client'
import { pricesOf } from './stripe-prices'
import { portalOf } from './stripe-sync'

interface Standing {
  accountName: string
  slug: string
  customer: string | null
  requestKey: string
  seats: number
  /** The running subscription at Stripe. */
  running: { id: string; currency: string } | null
  /** The account had a plan before: no second trial. */
  tried: boolean
  /** Changes with everything that is read from Stripe: one request per state of things. */
  version: string
}

const readStanding = (ctx: Ctx): Promise<Standing> =>
  inAccount(ctx, async (tx) => {
    const { accountId } = ctx
    const requestKey = await requestKeyOf(tx, ctx)
    const { name, slug } = await tx.account.findUniqueOrThrow({
      where: { id: accountId },
      select: { name: true, slug: true },
    })
    const row = await tx.subscription.findUnique({
      where: { accountId },
      select: { stripeId: true, currency: true, state: true, provider: true },
    })
    const read = await tx.billingCustomer.findUniqueOrThrow({ where: { accountId }, select: { readAt: true } })
    const over = !row?.stripeId || row.state === 'canceled' || row.state === 'incomplete_expired'
    return {
      accountName: name,
      slug,
      customer: await customerOf(tx, ctx),
      requestKey,
      seats: await countSeats(tx, ctx),
      running: over ? null : { id: row.stripeId as string, currency: row.currency },
      tried: row?.provider === 'stripe',
      version: `${requestKey}-${read.readAt?.getTime() ?? 0}`,
    }
  })

async function customerFor(stripe: Stripe, ctx: Ctx, { customer, accountName, requestKey }: Standing): Promise<string> {
  if (customer) return customer
  const made = await stripe.customers.create(
    { name: accountName, metadata: { account: ctx.accountId }, preferred_locales: [ctx.locale] },
    { idempotencyKey: `customer-${requestKey}` },
  )
  await inAccount(ctx, (tx) => keepCustomer(tx, ctx, made.id))
  return made.id
}

/** Stripe's own names for our languages. */
const languages = { en: 'en', 'zh-CN': 'zh' } as const
const pageOf = (ctx: Ctx, slug: string): string => `${publicUrl(ctx.services.env)}/${slug}/settings/billing`

async function checkOut(stripe: Stripe, ctx: Ctx, choice: PlanChoice, standing: Standing): Promise<string> {
  const customer = await customerFor(stripe, ctx, standing)
  const [seat, overage] = await pricesOf(stripe, [
    planKey(choice.plan, choice.currency, choice.interval),
    overageKey(choice.plan, choice.currency),
  ])
  const page = pageOf(ctx, standing.slug)
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'subscription',
      customer,
      client_reference_id: ctx.accountId,
      // Metered prices take no quantity.
      line_items: [{ price: seat as string, quantity: Math.max(1, standing.seats) }, { price: overage as string }],
      subscription_data: {
        metadata: { account: ctx.accountId },
        // A yearly plan and monthly usage in one subscription need it (docs.stripe.com/billing/subscriptions/mixed-interval).
        billing_mode: { type: 'flexible' },
        ...(standing.tried ? {} : { trial_period_days: trialDays }),
      },
      allow_promotion_codes: true,
      tax_id_collection: { enabled: true },
      customer_update: { name: 'auto', address: 'auto' },
      locale: languages[ctx.locale],
      success_url: `${page}?from=checkout`,
      cancel_url: page,
    },
    {
      idempotencyKey: `checkout-${standing.version}-${Object.values(choice).join('-')}-${standing.seats}-${ctx.locale}`,
    },
  )
  if (!session.url) throw new AppError('billing_away')
  return session.url
}

async function changeRunning(stripe: Stripe, id: string, choice: PlanChoice, standing: Standing): Promise<void> {
  const subscription = await stripe.subscriptions.retrieve(id)
  const [seat, overage] = await pricesOf(stripe, [
    planKey(choice.plan, choice.currency, choice.interval),
    overageKey(choice.plan, choice.currency),
  ])
  const itemOf = (kind: string) => subscription.items.data.find(({ price }) => price.metadata.kind === kind)?.id
  const items: StripeClient.SubscriptionUpdateParams.Item[] = [
    { ...named(itemOf('plan')), price: seat as string, quantity: Math.max(1, standing.seats) },
    { ...named(itemOf('overage')), price: overage as string },
  ]
  await stripe.subscriptions.update(
    id,
    { items, proration_behavior: 'create_prorations', cancel_at_period_end: false },
    { idempotencyKey: `change-${standing.version}-${Object.values(choice).join('-')}-${standing.seats}` },
  )
}

const named = (id: string | undefined) => (id ? { id } : {})

function clientOf(ctx: Ctx): Stripe {
  const stripe = stripeOf(ctx.services)
  if (!stripe) throw new AppError('not_found')
  return stripe
}

/** Runs calls of Stripe's API with their failures as ours. */
async function calling<T>(ctx: Ctx, work: (stripe: Stripe) => Promise<T>): Promise<T> {
  try {
    return await work(clientOf(ctx))
  } catch (error) {
    const known = asBillingError(error)
    // Stripe's words may name objects, never secrets; the caller gets a code.
    if (known !== error) ctx.services.log.warn({ reason: (error as Error).message }, 'Stripe refused or was away')
    throw isMissing(error) ? new AppError('not_found', {}, { cause: error }) : known
  }
}

export const stripeProvider: Provider = {
  name: 'stripe',
  choose: (ctx, choice) =>
    calling(ctx, async (stripe) => {
      const standing = await readStanding(ctx)
      const { running } = standing
      if (!running) return checkOut(stripe, ctx, choice, standing)
      if (running.currency !== choice.currency) throw new AppError('plan_currency')
      await changeRunning(stripe, running.id, choice, standing)
      return null
    }),
  end: (ctx, ends) =>
    calling(ctx, async (stripe) => {
      const { running, version } = await readStanding(ctx)
      if (!running) throw new AppError('not_found')
      await stripe.subscriptions.update(
        running.id,
        { cancel_at_period_end: ends },
        { idempotencyKey: `end-${ends}-${version}` },
      )
    }),
  addOn: (ctx, name, on) =>
    calling(ctx, async (stripe) => {
      const { running, version } = await readStanding(ctx)
      if (!running) throw new AppError('not_found')
      const { items } = await stripe.subscriptions.retrieve(running.id)
      const item = items.data.find(({ price }) => price.metadata.kind === name)
      if (on === Boolean(item)) return
      const [price] = on ? await pricesOf(stripe, [addOnKey(name, running.currency as Currency)]) : []
      const change = item ? { id: item.id, deleted: true } : { price: price as string, quantity: 1 }
      await stripe.subscriptions.update(
        running.id,
        { items: [change], proration_behavior: 'create_prorations' },
        { idempotencyKey: `add-on-${name}-${on}-${version}` },
      )
    }),
  portal: (ctx) =>
    calling(ctx, async (stripe) => {
      const { customer, slug } = await readStanding(ctx)
      if (!customer) throw new AppError('not_found')
      const locale = languages[ctx.locale]
      const ours = await portalOf(stripe)
      const wish = {
        customer,
        return_url: `${pageOf(ctx, slug)}?from=portal`,
        locale,
        ...(ours ? { configuration: ours.id } : {}),
      }
      return (await stripe.billingPortal.sessions.create(wish)).url
    }),
}

/** Puts the number of people into the running subscription; false when it is right already. */
export async function billSeats(ctx: Ctx): Promise<boolean> {
  const stripe = clientOf(ctx)
  const { seats, told } = await inAccount(ctx, async (tx) => ({
    seats: Math.max(1, await countSeats(tx, ctx)),
    told: await readSubscription(tx, ctx),
  }))
  if (!told || told.seats === seats) return false
  const { running, version } = await readStanding(ctx)
  if (!running) return false
  const subscription = await stripe.subscriptions.retrieve(running.id)
  const item = subscription.items.data.find(({ price }) => price.metadata.kind === 'plan')
  if (!item || item.quantity === seats) return false
  await stripe.subscriptions.update(
    running.id,
    { items: [{ id: item.id, quantity: seats }], proration_behavior: 'create_prorations' },
    { idempotencyKey: `seats-${seats}-${version}` },
  )
  return true
}
