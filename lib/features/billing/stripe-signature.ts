/** Checks what comes in Stripe's name: the signature over the raw bytes, and its time. */
import type StripeClient from 'stripe'
import { AppError } from '@/lib/core/errors'
import type { Stripe } from './stripe-client'
import type { NewStripeEvent } from './stripe-events'

/** How far the signature's time may lie from ours, seconds. Stripe's library accepts any in the future; we do not. */
const tolerance = 300

/** What is used of an event's object: its name and whose it is. */
interface Named {
  id?: string
  object?: string
  customer?: string | { id: string } | null
  charge?: string
}

/** @throws signature_invalid */
export function openStripeEvent(
  stripe: Stripe,
  secret: string,
  bytes: Buffer,
  signature: string | undefined,
  now: Date,
): NewStripeEvent {
  // One time only: with two, the library might check another than we do.
  const times = [...(signature ?? '').matchAll(/(?:^|,)\s*t=([^,]*)/g)]
  const signedAt = times.length === 1 ? Number(times[0]?.[1] || Number.NaN) : Number.NaN
  if (!(Math.abs(now.getTime() / 1_000 - signedAt) <= tolerance)) throw new AppError('signature_invalid')
  let event: StripeClient.Event
  try {
    event = stripe.webhooks.constructEvent(bytes, signature ?? '', secret, tolerance, undefined, now.getTime() / 1_000)
  } catch (error) {
    throw new AppError('signature_invalid', {}, { cause: error })
  }
  const object = event.data.object as Named
  const customer = object.object === 'customer' ? object.id : object.customer
  return {
    id: event.id,
    type: event.type,
    // A dispute names no customer; its charge does.
    objectId: (object.object === 'dispute' ? object.charge : object.id) ?? '',
    customer: (typeof customer === 'string' ? customer : customer?.id) ?? null,
    createdAt: new Date(event.created * 1_000),
  }
}
