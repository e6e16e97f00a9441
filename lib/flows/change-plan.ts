/** An owner takes a plan, another one, ends it with its period, or lets it go on. What holds afterwards comes back. */

import { AppError } from '@/lib/core/errors'
import { canManageBilling, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import type { PlanChoice } from '@/lib/features/billing/input'
import type { AddOn } from '@/lib/features/billing/plans'
import type { Provider } from '@/lib/features/billing/provider'
import { demoProvider } from '@/lib/features/billing/provider.demo'
import { stripeProvider } from '@/lib/features/billing/provider.stripe'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { followAccount } from './follow-stripe'
import { type Billing, readBilling } from './read-billing'
import { forgetStanding } from './standing'

const providerOf = (ctx: Ctx): Provider => (stripeOf(ctx.services) ? stripeProvider : demoProvider)

/** What holds now. */
async function changed(ctx: Ctx): Promise<Billing> {
  if (stripeOf(ctx.services)) await followAccount(ctx)
  else await inAccount(ctx, (tx) => tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } }))
  forgetStanding(ctx.accountId)
  return readBilling(ctx)
}

/** With a url, the plan is taken on that page; without one it holds already. */
export async function changePlan(ctx: Ctx, choice: PlanChoice): Promise<Billing & { url: string | null }> {
  requireMember(ctx, canManageBilling)
  const { plan, interval } = choice
  const url = await providerOf(ctx).choose(ctx, choice, (tx) =>
    record(tx, ctx, { act: 'billing.plan_changed', facts: { plan, interval } }),
  )
  return { ...(url ? await readBilling(ctx) : await changed(ctx)), url }
}

/** @throws not_found, billing_away */
export async function endPlan(ctx: Ctx, { ends }: { ends: boolean }): Promise<Billing> {
  requireMember(ctx, canManageBilling)
  await providerOf(ctx).end(ctx, ends, (tx) =>
    record(tx, ctx, { act: ends ? 'billing.plan_ended' : 'billing.plan_kept' }),
  )
  return changed(ctx)
}

/** Something that the operator sells beside the plans. @throws not_found (not sold here, or no plan runs), billing_away */
export async function changeAddOn(ctx: Ctx, { addOn, on }: { addOn: AddOn; on: boolean }): Promise<Billing> {
  requireMember(ctx, canManageBilling)
  if (on && !ctx.services.env.LINGXI_ADD_ONS.includes(addOn)) throw new AppError('not_found')
  await providerOf(ctx).addOn(ctx, addOn, on, (tx) =>
    record(tx, ctx, { act: on ? 'billing.service_added' : 'billing.service_ended', facts: { service: addOn } }),
  )
  return changed(ctx)
}

/** The page where payment methods and invoices are managed. @throws not_found, billing_away */
export async function openPortal(ctx: Ctx): Promise<{ url: string }> {
  requireMember(ctx, canManageBilling)
  return { url: await providerOf(ctx).portal(ctx) }
}

/** Back from the provider's pages: what was done there holds at once, whether its event has come or not. */
export async function refreshBilling(ctx: Ctx): Promise<Billing> {
  requireMember(ctx, canManageBilling)
  return changed(ctx)
}
