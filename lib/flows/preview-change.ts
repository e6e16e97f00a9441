/** An owner asks what a change would cost, before it is made: nothing is. */
import { canManageBilling, requireMember } from '@/lib/features/accounts/permissions'
import type { Preview, Wish } from '@/lib/features/billing/preview'
import { demoProvider } from '@/lib/features/billing/provider.demo'
import { stripeProvider } from '@/lib/features/billing/provider.stripe'
import { stripeForPerson } from '@/lib/features/billing/stripe-client'
import type { Ctx } from '@/lib/platform/context'

/** A dialog is open meanwhile, and works without it: shorter than for a change, milliseconds. */
const patience = 5_000

/** @throws not_found (nothing runs that could change), plan_currency, service_trial, billing_away, billing_not_ready */
export async function previewChange(ctx: Ctx, wish: Wish): Promise<Preview> {
  requireMember(ctx, canManageBilling)
  const stripe = stripeForPerson(ctx.services, patience)
  return (stripe ? stripeProvider(stripe) : demoProvider).preview(ctx, wish)
}
