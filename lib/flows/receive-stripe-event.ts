/** Takes what Stripe sends: stored once by its id, answered once that is durable; a worker acts on it. */
import { AppError } from '@/lib/core/errors'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { addStripeEvents, type NewStripeEvent } from '@/lib/features/billing/stripe-events'
import { openStripeEvent } from '@/lib/features/billing/stripe-signature'
import { Batcher } from '@/lib/platform/batch'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

type Came = NewStripeEvent & { receivedAt: Date }

/** Events that come together share one statement and one commit. */
const batchers = new WeakMap<object, Batcher<Came, undefined>>()
function batcherOf(services: Services): Batcher<Came, undefined> {
  let batcher = batchers.get(services.database)
  if (!batcher) {
    batcher = new Batcher({
      run: async (events) => {
        await asSystem(services, 'events that Stripe sends', (tx) => addStripeEvents(tx, events))
        return events.map(() => undefined)
      },
      most: 64,
      flushers: 2,
      beside: 8,
      linger: 5,
      queue: 1_000,
      full: () => new AppError('database_away', { retryAfter: 1 }),
    })
    batchers.set(services.database, batcher)
  }
  return batcher
}

/** @throws signature_invalid, not_found (this installation does not use Stripe), database_away */
export async function receiveStripeEvent(ctx: Ctx, bytes: Buffer, signature: string | undefined): Promise<void> {
  const stripe = stripeOf(ctx.services)
  const secret = ctx.services.env.STRIPE_WEBHOOK_SECRET
  if (!stripe || !secret) throw new AppError('not_found')
  const event = openStripeEvent(stripe, secret, bytes, signature, ctx.now())
  await batcherOf(ctx.services).add({ ...event, receivedAt: ctx.now() })
}
