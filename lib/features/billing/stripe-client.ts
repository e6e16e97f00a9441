/** The client of Stripe's API; nothing of it exists without a key. */
import StripeClient from 'stripe'
import { AppError } from '@/lib/core/errors'
import type { Services } from '@/lib/platform/context'

export type Stripe = StripeClient

/** Of Stripe's API, as the library reads it. */
export const apiVersion = StripeClient.API_VERSION as StripeClient.WebhookEndpointCreateParams.ApiVersion

/** A job gives up a call after this without an answer, and tries it twice more; milliseconds. */
const patience = 10_000
/** Where a person waits: all calls together, and one try of one call. With the library's pauses it stays below 10 s. */
const personWaits = 8_000
const personTry = 4_000

/** Money moves in this installation. */
export const isBilled = ({ env }: Pick<Services, 'env'>): boolean => env.STRIPE_SECRET_KEY !== ''

/** Stripe's test mode: what looks like money is none. */
export const isTestMode = ({ env }: Pick<Services, 'env'>): boolean => /^(sk|rk)_test_/.test(env.STRIPE_SECRET_KEY)

/** What asks Stripe for tax, where the operator has set it up there. */
export const taxOf = ({ env }: Pick<Services, 'env'>): { automatic_tax?: { enabled: true } } =>
  env.LINGXI_STRIPE_TAX === 'automatic' ? { automatic_tax: { enabled: true } } : {}

const clients = new WeakMap<object, Stripe>()

function clientOf({ env }: Pick<Services, 'env'>, config: StripeClient.StripeConfig): Stripe | null {
  if (!isBilled({ env })) return null
  const { hostname, port, protocol } = new URL(env.STRIPE_API_URL)
  return new StripeClient(env.STRIPE_SECRET_KEY, {
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    ...(port ? { port } : {}),
    telemetry: false,
    ...config,
  })
}

/** The process's client, for jobs; null when no key is set: then demo billing. */
export function stripeOf(services: Pick<Services, 'env'>): Stripe | null {
  const kept = clients.get(services.env)
  if (kept) return kept
  const client = clientOf(services, { maxNetworkRetries: 2, timeout: patience })
  if (client) clients.set(services.env, client)
  return client
}

/** A client for what one person waits for: from now on its calls share one time, however many they are. */
export function stripeForPerson(services: Pick<Services, 'env'>, waits = personWaits): Stripe | null {
  const end = performance.now() + waits
  const http = StripeClient.createNodeHttpClient()
  return clientOf(services, {
    maxNetworkRetries: 1,
    timeout: personTry,
    httpClient: {
      getClientName: () => http.getClientName(),
      makeRequest: async (...request) => {
        const left = end - performance.now()
        // Not sent at all: what was not asked cannot have been done.
        if (left <= 0) throw Object.assign(new TypeError('no time left'), { code: 'ETIMEDOUT' })
        const [host, port, path, method, headers, data, protocol, timeout] = request
        return http.makeRequest(host, port, path, method, headers, data, protocol, Math.min(timeout, left))
      },
    },
  })
}

/** Ends an idempotency key: Stripe gives the first answer to a key for a day, a failure as well, so each hour asks anew. */
export const hourOf = (now: Date): number => Math.floor(now.getTime() / 3_600_000)

/** True for an answer that says "there is no such object". */
export const isMissing = (error: unknown): boolean =>
  error instanceof StripeClient.errors.StripeInvalidRequestError && error.code === 'resource_missing'

/** True for a key that may not ask this, whatever else it may. */
export const mayNot = (error: unknown): boolean => error instanceof StripeClient.errors.StripePermissionError

/** True for an answer that says "no invoice comes". */
export const isNothingUpcoming = (error: unknown): boolean =>
  error instanceof StripeClient.errors.StripeInvalidRequestError && error.code === 'invoice_upcoming_none'

/** True where no answer came at all. */
export const isUnanswered = (error: unknown): boolean => error instanceof StripeClient.errors.StripeConnectionError

/** The connection's failures that come before a request is sent. */
const unsent: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']

/** A failure that leaves open whether a change that was asked for was made. */
export function isOpen(error: unknown): boolean {
  const { StripeAPIError, StripeConnectionError } = StripeClient.errors
  if (!(error instanceof StripeConnectionError)) return error instanceof StripeAPIError
  return !unsent.includes((error.detail as { code?: unknown } | undefined)?.code)
}

/** Stripe's failures as ours; what Stripe said stays in the cause, for the log. */
export function asBillingError(error: unknown): unknown {
  const { StripeAuthenticationError, StripeError, StripeCardError, StripeInvalidRequestError, StripePermissionError } =
    StripeClient.errors
  if (!(error instanceof StripeError)) return error
  if (isMissing(error)) return new AppError('not_found', {}, { cause: error })
  // A key that is wrong or may too little does not get better by waiting.
  if (error instanceof StripeAuthenticationError || error instanceof StripePermissionError)
    return new AppError('billing_not_ready', {}, { cause: error })
  // Tax goes by an address, and there is none, or none that Stripe knows.
  if (error.code === 'customer_tax_location_invalid') return new AppError('billing_address', {}, { cause: error })
  const refused = error instanceof StripeCardError || error instanceof StripeInvalidRequestError
  return new AppError(refused ? 'billing_refused' : 'billing_away', {}, { cause: error })
}
