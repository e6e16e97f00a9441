/** The client of Stripe's API; nothing of it exists without a key. */
import StripeClient from 'stripe'
import { AppError } from '@/lib/core/errors'
import type { Services } from '@/lib/platform/context'

export type Stripe = StripeClient

/** After this without an answer a call is given up, milliseconds. */
const patience = 10_000

const clients = new WeakMap<object, Stripe>()

/** The process's client; null when no key is set: then demo billing. */
export function stripeOf({ env }: Pick<Services, 'env'>): Stripe | null {
  if (!env.STRIPE_SECRET_KEY) return null
  const kept = clients.get(env)
  if (kept) return kept
  const { hostname, port, protocol } = new URL(env.STRIPE_API_URL)
  const client = new StripeClient(env.STRIPE_SECRET_KEY, {
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    ...(port ? { port } : {}),
    maxNetworkRetries: 2,
    timeout: patience,
    telemetry: false,
  })
  clients.set(env, client)
  return client
}

/** True for an answer that says "there is no such object". */
export const isMissing = (error: unknown): boolean =>
  error instanceof StripeClient.errors.StripeInvalidRequestError && error.code === 'resource_missing'

/** Stripe's failures as ours; what Stripe said stays in the cause, for the log. */
export function asBillingError(error: unknown): unknown {
  if (!(error instanceof StripeClient.errors.StripeError)) return error
  return new AppError('billing_away', {}, { cause: error })
}
