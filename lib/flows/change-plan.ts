/** An owner takes a plan, another one, ends it with its period, or lets it go on. What holds afterwards comes back. */
import { AppError, isAppError } from '@/lib/core/errors'
import { canManageBilling, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { afterChange } from '@/lib/features/billing/by-time'
import { noteAsked } from '@/lib/features/billing/customers'
import type { PlanChoice } from '@/lib/features/billing/input'
import { type AddOn, includesAddOn } from '@/lib/features/billing/plans'
import type { Provider } from '@/lib/features/billing/provider'
import { demoProvider } from '@/lib/features/billing/provider.demo'
import { stripeProvider } from '@/lib/features/billing/provider.stripe'
import { readSubscription } from '@/lib/features/billing/read'
import { mayBuy, toEntitlements } from '@/lib/features/billing/rules'
import { asBillingError, isMissing, type Stripe, stripeForPerson } from '@/lib/features/billing/stripe-client'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { tellUse } from './bill-usage'
import { followAccount, followLater } from './follow-stripe'
import { type Billing, readBilling } from './read-billing'
import { forgetStanding } from './standing'

type Make = (provider: Provider, stripe: Stripe | null) => Promise<string | null | void>

/** What holds now. @param stripe the client that the person's request has; null: demo billing */
async function changed(ctx: Ctx, stripe: Stripe | null): Promise<Billing> {
  if (stripe) await followAccount(ctx, stripe)
  else await inAccount(ctx, (tx) => tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } }))
  forgetStanding(ctx.accountId)
  return readBilling(ctx)
}

const looks: readonly string[] = ['billing_unknown', 'billing_refused', 'not_found']

/** Where what is stored stands in the way (a debt that was paid, a customer that was removed) Stripe is read first, and the change made then. */
async function makeAt(ctx: Ctx, stripe: Stripe, make: Make): ReturnType<Make> {
  const provider = stripeProvider(stripe)
  try {
    return await make(provider, stripe)
  } catch (error) {
    if (!isAppError(error) || (error.code !== 'account_unpaid' && !isMissing(error.cause))) throw error
    await followAccount(ctx, stripe)
    return make(provider, stripe)
  }
}

/** Makes a change and reads what holds afterwards; a worker goes on looking where that stays open. @throws billing_unknown */
async function change(ctx: Ctx, make: Make): Promise<Changed> {
  const stripe = stripeForPerson(ctx.services)
  try {
    const url = (stripe ? await makeAt(ctx, stripe, make) : await make(demoProvider, null)) ?? null
    if (url !== null) return { ...(await readBilling(ctx)), url }
    const billing = await changed(ctx, stripe).catch((error) => {
      // It was made; "nothing was changed" would be wrong.
      throw isAppError(error) && ['billing_away', 'billing_not_ready'].includes(error.code)
        ? new AppError('billing_unknown', {}, { cause: error })
        : error
    })
    return { ...billing, url }
  } catch (error) {
    // Whatever Stripe knows that is not known here: a worker reads it.
    if (isAppError(error) && looks.includes(error.code)) await followLater(ctx)
    throw error
  }
}

/** With a url, the plan is taken on that page; without one it holds already. */
export interface Changed extends Billing {
  url: string | null
}

/** Nobody who owes buys more. @throws account_unpaid */
async function refuseOwing(ctx: Ctx, wanted: Parameters<typeof mayBuy>[2]): Promise<void> {
  const held = await inAccount(ctx, (tx) => readSubscription(tx, ctx))
  if (!mayBuy(toEntitlements(held, ctx.now()), held, wanted)) throw new AppError('account_unpaid')
}

/** A smaller plan waits where more was used of the month than it would then include. @throws plan_used */
async function refuseUsed(ctx: Ctx, { plan }: PlanChoice): Promise<void> {
  if ((await inAccount(ctx, (tx) => afterChange(tx, ctx, plan))).opens) throw new AppError('plan_used')
}

/** @throws account_unpaid (a debt), plan_used, plan_currency, billing_away, billing_unknown, billing_refused, billing_not_ready */
export async function changePlan(ctx: Ctx, choice: PlanChoice): Promise<Changed> {
  requireMember(ctx, canManageBilling)
  const { plan, interval } = choice
  return change(ctx, async (provider, stripe) => {
    await refuseOwing(ctx, choice)
    await refuseUsed(ctx, choice)
    if (stripe) await inAccount(ctx, (tx) => noteAsked(tx, ctx))
    if (stripe) await tellBefore(ctx, stripe)
    return provider.choose(ctx, choice, async (tx, goesOn) => {
      if (goesOn) await record(tx, ctx, { act: 'billing.plan_kept' })
      await record(tx, ctx, { act: 'billing.plan_changed', facts: { plan, interval } })
    })
  })
}

/** What was used until now is billed at the price until now. Words that Stripe refuses keep nobody from another plan. @throws billing_away */
async function tellBefore(ctx: Ctx, stripe: Stripe): Promise<void> {
  await tellUse(stripe, ctx).catch((error) => {
    const known = asBillingError(error)
    if (!isAppError(known) || known.code === 'billing_away') throw known
    ctx.services.log.warn({ accountId: ctx.accountId, reason: String(error) }, 'usage was not told before a change')
  })
}

/** @throws not_found, billing_away, billing_unknown, billing_refused */
export async function endPlan(ctx: Ctx, { ends }: { ends: boolean }): Promise<Changed> {
  requireMember(ctx, canManageBilling)
  return change(ctx, async (provider, stripe) => {
    if (stripe && ends) await inAccount(ctx, (tx) => noteAsked(tx, ctx))
    return provider.end(ctx, ends, (tx) => record(tx, ctx, { act: ends ? 'billing.plan_ended' : 'billing.plan_kept' }))
  })
}

/** Nobody buys what their plan has. */
async function refuseIncluded(tx: Tx, ctx: Ctx, addOn: AddOn): Promise<void> {
  const { plan } = toEntitlements(await readSubscription(tx, ctx), ctx.now())
  if (includesAddOn(plan, addOn)) throw new AppError('conflict')
}

/**
 * Something that the operator sells beside the plans.
 * @throws not_found (not sold here, or no plan runs), conflict (the plan includes it), service_trial, account_unpaid, billing_away, billing_unknown
 */
export async function changeAddOn(ctx: Ctx, { addOn, on }: { addOn: AddOn; on: boolean }): Promise<Changed> {
  requireMember(ctx, canManageBilling)
  if (on && !ctx.services.env.LINGXI_ADD_ONS.includes(addOn)) throw new AppError('not_found')
  if (on) await inAccount(ctx, (tx) => refuseIncluded(tx, ctx, addOn))
  return change(ctx, async (provider) => {
    if (on) await refuseOwing(ctx, addOn)
    await provider.addOn(ctx, addOn, on, (tx) =>
      record(tx, ctx, { act: on ? 'billing.service_added' : 'billing.service_ended', facts: { service: addOn } }),
    )
  })
}

/** The page where payment methods and invoices are managed. @throws not_found, billing_away */
export async function openPortal(ctx: Ctx): Promise<{ url: string }> {
  requireMember(ctx, canManageBilling)
  const stripe = stripeForPerson(ctx.services)
  return { url: await (stripe ? stripeProvider(stripe) : demoProvider).portal(ctx) }
}

/** Back from the provider's pages: what was done there holds at once, whether its event has come or not. @throws billing_unknown */
export async function refreshBilling(ctx: Ctx): Promise<Billing> {
  requireMember(ctx, canManageBilling)
  // The person may have made a change there: nothing that fails now makes it undone.
  return change(ctx, async () => null)
}
