/** The address at which Stripe tells us of what happens there: whether it is set up, and the one way to set it up from here. */
import type StripeClient from 'stripe'
import { apiVersion, type Stripe } from './stripe-client'
import { handledTypes } from './stripe-events'

type Endpoint = StripeClient.WebhookEndpoint

/** None is there, it is off, it does not tell all, or it speaks another version than this library reads. */
export type HookTrouble = 'hookMissing' | 'hookOff' | 'hookEvents' | 'hookVersion'

export interface Hook {
  trouble: HookTrouble | null
  /** Kinds of events that it does not tell. */
  lacks: string[]
}

export const hookUrl = (site: string): string => `${site.replace(/\/$/, '')}/api/stripe`

/** From the internet nothing comes to this machine's own names: such an installation listens by Stripe's own program. */
export const isReachable = (site: string): boolean =>
  !/^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(new URL(site).hostname)

/** The one at our address; of several one that is on. */
async function endpointOf(stripe: Stripe, url: string): Promise<Endpoint | null> {
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 })
  const ours = data.filter((one) => one.url.replace(/\/$/, '') === url)
  return ours.find(({ status }) => status === 'enabled') ?? ours[0] ?? null
}

const lacksOf = ({ enabled_events }: Endpoint): string[] =>
  enabled_events.includes('*') ? [] : handledTypes.filter((type) => !enabled_events.includes(type))

function troubleOf(endpoint: Endpoint): HookTrouble | null {
  if (endpoint.status !== 'enabled') return 'hookOff'
  if (lacksOf(endpoint).length) return 'hookEvents'
  // Null is the Stripe account's own version, which nobody tells.
  return endpoint.api_version && endpoint.api_version !== apiVersion ? 'hookVersion' : null
}

/** Looks and changes nothing. @param site the address people use */
export async function readHook(stripe: Stripe, site: string): Promise<Hook> {
  const endpoint = await endpointOf(stripe, hookUrl(site))
  if (!endpoint) return { trouble: 'hookMissing', lacks: [] }
  return { trouble: troubleOf(endpoint), lacks: lacksOf(endpoint) }
}

/**
 * Makes it, switches it on, or has it tell what is missing; a second run changes nothing.
 * @returns a line for each change, and the secret of one that was made, which Stripe tells this once
 */
export async function syncHook(stripe: Stripe, site: string): Promise<{ lines: string[]; secret: string | null }> {
  const url = hookUrl(site)
  const known = await endpointOf(stripe, url)
  if (!known) {
    const made = await stripe.webhookEndpoints.create({
      url,
      description: 'Lingxi',
      enabled_events: [...handledTypes],
      api_version: apiVersion,
    })
    return { lines: [`webhook ${url}: made`], secret: made.secret ?? null }
  }
  const [lacks, off] = [lacksOf(known), known.status !== 'enabled']
  if (!lacks.length && !off) return { lines: [], secret: null }
  // What else it tells stays.
  const enabled_events = [...known.enabled_events, ...lacks] as StripeClient.WebhookEndpointUpdateParams.EnabledEvent[]
  await stripe.webhookEndpoints.update(known.id, { enabled_events, disabled: false })
  const what = [...(off ? ['switched on'] : []), ...(lacks.length ? [`tells ${lacks.join(', ')}, too`] : [])]
  return { lines: [`webhook ${url}: ${what.join('; ')}`], secret: null }
}
