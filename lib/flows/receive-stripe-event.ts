/** Takes what Stripe sends: stored once by its id, answered at once; a worker acts on it. */
import { AppError } from '@/lib/core/errors'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { addStripeEvent } from '@/lib/features/billing/stripe-events'
import { openStripeEvent } from '@/lib/features/billing/stripe-signature'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

/** @throws signature_invalid, not_found (this installation does not use Stripe) */
export async function receiveStripeEvent(ctx: Ctx, bytes: Buffer, signature: string | undefined): Promise<void> {
  const stripe = stripeOf(ctx.services)
  const secret = ctx.services.env.STRIPE_WEBHOOK_SECRET
  if (!stripe || !secret) throw new AppError('not_found')
  const event = openStripeEvent(stripe, secret, bytes, signature, ctx.now())
  await asSystem(ctx.services, 'an event from Stripe', (tx) => addStripeEvent(tx, event, ctx.now()))
}
