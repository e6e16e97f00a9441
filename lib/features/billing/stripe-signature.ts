/** Checks what comes in Stripe's name: the signature over the raw bytes, and its time. */
import type StripeClient from 'stripe'
import { AppError } from '@/lib/core/errors'
import type { Stripe } from './stripe-client'
import type { NewStripeEvent } from './stripe-events'

/** How far the signature's time may lie from ours, seconds. Stripe's library accepts any in the future; we do not. */
const tolerance = 300

/** @throws signature_invalid */
export function openStripeEvent(
  stripe: Stripe,
  secret: string,
  bytes: Buffer,
  signature: string | undefined,
  now: Date,
): NewStripeEvent {
  const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature ?? '')?.[1])
  if (!(Math.abs(now.getTime() / 1_000 - signedAt) <= tolerance)) throw new AppError('signature_invalid')
  let event: StripeClient.Event
  try {
    event = stripe.webhooks.constructEvent(bytes, signature ?? '', secret, tolerance, undefined, now.getTime() / 1_000)
  } catch (error) {
    throw new AppError('signature_invalid', {}, { cause: error })
  }
  const object = event.data.object as { id?: string; object?: string; customer?: string | { id: string } | null }
  const customer = object.object === 'customer' ? object.id : object.customer
  return {
    id: event.id,
    type: event.type,
    objectId: object.id ?? '',
    customer: (typeof customer === 'string' ? customer : customer?.id) ?? null,
    createdAt: new Date(event.created * 1_000),
  }
}
