/** Billing by Stripe: a first plan by Checkout, changes of a running one, and the portal. What holds is read back from Stripe. */
import type StripeClient from 'stripe'
import { publicUrl } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { customerOf, requestKeyOf } from './customers'
import { hasEnded, runningIn } from './from-stripe'
import type { PlanChoice } from './input'
import { type AddOn, addOnNames, includesAddOn } from './plans'
import type { Provider } from './provider'
import { countSeats, readSubscription } from './read'
import { waitsForTrial } from './rules'
import { type Buyer, checkOut, stripeLanguages } from './stripe-checkout'
import { asBillingError, isOpen, type Stripe, taxOf } from './stripe-client'
import {
  type Item,
  type ItemChange,
  itemOf,
  planItems,
  prorationOf,
  refuseOwing,
  sellersOf,
  serviceItems,
  subscriptionsOf,
} from './stripe-items'
import { type Owing, previewAt } from './stripe-preview'
import { portalOf } from './stripe-sync'

type Standing = Buyer & Owing

/** Whether another account of the acting owner's has had a plan: who owns several tries one. */
export async function triedElsewhere({ services, actor, accountId }: Ctx): Promise<boolean> {
  if (actor.kind !== 'member') return false
  const { userId } = actor
  return asSystem(services, 'whether an owner has tried a plan elsewhere', async (tx) => {
    const where = { userId, role: 'owner', accountId: { not: accountId } }
    const owned = await tx.membership.findMany({ where, select: { accountId: true } })
    const ids = owned.map((one) => one.accountId)
    return (await tx.subscription.count({ where: { accountId: { in: ids }, provider: 'stripe' } })) > 0
  })
}

/** What Stripe has of a customer, ended or not, may be younger than what is stored here. */
const buyerOf = async (ctx: Ctx, standing: Standing, all: readonly unknown[]): Promise<Standing> => ({
  ...standing,
  tried: standing.tried || all.length > 0 || (await triedElsewhere(ctx)),
})

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
      select: { state: true, provider: true, pastDueSince: true },
    })
    const read = await tx.billingCustomer.findUniqueOrThrow({ where: { accountId }, select: { readAt: true } })
    return {
      accountName: name,
      customer: await customerOf(tx, ctx),
      requestKey,
      seats: await countSeats(tx, ctx),
      owes: row?.provider === 'stripe' && row.pastDueSince !== null && row.pastDueSince <= ctx.now(),
      tried: row?.provider === 'stripe',
      version: `${requestKey}-${read.readAt?.getTime() ?? 0}`,
      page: `${publicUrl(ctx.services.env)}/${slug}/settings/billing`,
    }
  })

const runningOf = async (stripe: Stripe, { customer }: Standing): Promise<StripeClient.Subscription | null> =>
  runningIn(await subscriptionsOf(stripe, customer))

/** Ends a service where it is sold. Stripe leaves no subscription without an item: one that sells nothing else ends as a whole. */
async function endItem(stripe: Stripe, { id, items }: StripeClient.Subscription, item: Item): Promise<void> {
  if (items.data.length === 1) await make(stripe.subscriptions.cancel(id))
  else
    await make(stripe.subscriptions.update(id, { items: [{ id: item.id, deleted: true }], proration_behavior: 'none' }))
}

/** A change that was asked for; when Stripe leaves open whether it was made, that is said. */
async function make(change: Promise<unknown>): Promise<void> {
  await change.catch((error) => {
    throw isOpen(error) ? new AppError('billing_unknown', {}, { cause: error }) : error
  })
}

/** What takes an end back, by whichever way it was set: here, or in the portal. */
function goOn(subscription: StripeClient.Subscription): StripeClient.SubscriptionUpdateParams {
  if (subscription.cancel_at_period_end) return { cancel_at_period_end: false }
  return subscription.cancel_at === null ? {} : { cancel_at: '' }
}

/**
 * The use that a price has until it goes is billed where the change prorates, and else by nobody
 * (docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup): for who owes its price goes by itself, and first.
 */
function splitUse(running: StripeClient.Subscription, items: readonly ItemChange[]): [ItemChange[], ItemChange[]] {
  const use = itemOf(running, 'overage')
  const goes = ({ id, price }: ItemChange) => use !== undefined && id === use.id && price !== use.price.id
  return [items.filter(goes), items.filter((one) => !goes(one))]
}

async function changeTo(
  stripe: Stripe,
  running: StripeClient.Subscription,
  all: readonly StripeClient.Subscription[],
  choice: PlanChoice,
  { seats, owes }: Standing,
  tax: ReturnType<typeof taxOf>,
): Promise<void> {
  if (running.currency !== choice.currency) throw new AppError('plan_currency')
  refuseOwing(running, owes, choice)
  const items = await planItems(stripe, running, choice, seats)
  const proration_behavior = prorationOf(running, owes)
  const [use, rest] = proration_behavior === 'none' ? splitUse(running, items) : [[], items]
  if (use.length)
    await make(stripe.subscriptions.update(running.id, { items: use, proration_behavior: 'create_prorations' }))
  const change = { items: rest, proration_behavior, ...goOn(running), ...tax }
  await make(stripe.subscriptions.update(running.id, change))
  if (running.status === 'paused') await resume(stripe, running.id)
  for (const addOn of addOnNames)
    for (const { seller, item } of includesAddOn(choice.plan, addOn) ? sellersOf(all, addOn) : [])
      if (seller !== running) await endItem(stripe, seller, item)
}

/** A paused plan goes on with a payment; without one it stays paused. */
async function resume(stripe: Stripe, id: string): Promise<void> {
  let status = ''
  await make(
    stripe.subscriptions.resume(id).then((one) => {
      status = one.status
    }),
  )
  if (status === 'paused') throw new AppError('billing_refused')
}

/** Runs calls of Stripe's API with their failures as ours. */
async function calling<T>(ctx: Ctx, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const known = asBillingError(error)
    // Stripe's words may name objects, never secrets; the caller gets a code.
    if (known !== error) ctx.services.log.warn({ reason: (error as Error).message }, 'Stripe refused or was away')
    throw known
  }
}

/** @param stripe the client whose time these calls share */
export const stripeProvider = (stripe: Stripe): Provider => ({
  name: 'stripe',
  choose: (ctx, choice) =>
    calling(ctx, async () => {
      const standing = await readStanding(ctx)
      const all = await subscriptionsOf(stripe, standing.customer)
      const running = runningIn(all)
      // A second plan beside a debt would let it be forgotten.
      if (!running && standing.owes) throw new AppError('account_unpaid')
      if (!running) return checkOut(stripe, ctx, choice, await buyerOf(ctx, standing, all))
      await changeTo(stripe, running, all, choice, standing, taxOf(ctx.services))
      return null
    }),
  end: (ctx, ends) =>
    calling(ctx, async () => {
      const running = await runningOf(stripe, await readStanding(ctx))
      if (!running) throw new AppError('not_found')
      if (!ends && running.status === 'paused') return resume(stripe, running.id)
      // "At the period's end" is the earliest end of all items there: of a year, the first month. The latest one was paid for.
      const change = ends ? { cancel_at: 'max_period_end' as const } : goOn(running)
      await make(stripe.subscriptions.update(running.id, change))
    }),
  addOn: (ctx, name, on) => calling(ctx, async () => changeAddOn(stripe, ctx, name, on)),
  preview: (ctx, wish) =>
    calling(ctx, async () => {
      const standing = await readStanding(ctx)
      const all = await subscriptionsOf(stripe, standing.customer)
      const buyer = await buyerOf(ctx, standing, all)
      return previewAt(stripe, wish, all, buyer, taxOf(ctx.services), ctx.now())
    }),
  portal: (ctx) =>
    calling(ctx, async () => {
      const { customer, page } = await readStanding(ctx)
      if (!customer) throw new AppError('not_found')
      const ours = await portalOf(stripe)
      const wish = {
        customer,
        return_url: `${page}?from=portal`,
        locale: stripeLanguages[ctx.locale],
        ...(ours ? { configuration: ours.id } : {}),
      }
      return (await stripe.billingPortal.sessions.create(wish)).url
    }),
})

async function changeAddOn(stripe: Stripe, ctx: Ctx, name: AddOn, on: boolean): Promise<void> {
  const standing = await readStanding(ctx)
  const all = await subscriptionsOf(stripe, standing.customer)
  // A service may be sold as a subscription of its own.
  const [sold] = sellersOf(all, name)
  if (on === Boolean(sold)) return
  // One of its own may be ended when the plan is over.
  if (sold) return endItem(stripe, sold.seller, sold.item)
  const plan = runningIn(all)
  if (!plan) throw new AppError('not_found')
  if (waitsForTrial(name, plan.status)) throw new AppError('service_trial')
  refuseOwing(plan, standing.owes, name)
  await make(stripe.subscriptions.update(plan.id, await serviceItems(stripe, plan, name, ctx.now())))
}

/** Puts the number of people into the running subscription; true: what is stored is to be read again. */
export async function billSeats(stripe: Stripe, ctx: Ctx): Promise<boolean> {
  const { seats, told } = await inAccount(ctx, async (tx) => ({
    seats: Math.max(1, await countSeats(tx, ctx)),
    told: await readSubscription(tx, ctx),
  }))
  if (!told || told.seats === seats || hasEnded(told.state)) return false
  const standing = await readStanding(ctx)
  const running = await runningOf(stripe, standing)
  const item = running && itemOf(running, 'plan')
  // What is stored is older than Stripe's: it is read again.
  if (!item || item.quantity === seats) return true
  const items = [{ id: item.id, quantity: seats }]
  const fewer = seats < (item.quantity ?? 1)
  const proration_behavior = prorationOf(running, standing.owes, fewer)
  await stripe.subscriptions.update(running.id, { items, proration_behavior })
  return true
}
