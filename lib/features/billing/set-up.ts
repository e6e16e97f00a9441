/** What keeps an installation from being paid, found before a customer does: its settings, its key, and what is sold at Stripe. */
import { isAppError } from '@/lib/core/errors'
import type { Services } from '@/lib/platform/context'
import { asBillingError, isTestMode, type Stripe } from './stripe-client'
import { OtherMeter, syncStripe } from './stripe-sync'

export type Trouble = 'webhook' | 'test' | 'key' | 'away' | 'meter' | 'differs'

export interface SetUp {
  troubles: Trouble[]
  /** What `npm run stripe:sync` would change. */
  changes: string[]
}

/** Looks and changes nothing. @param site the installation's own address */
export async function readSetUp(stripe: Stripe, { env }: Pick<Services, 'env'>, site: string): Promise<SetUp> {
  const troubles: Trouble[] = []
  if (!env.STRIPE_WEBHOOK_SECRET) troubles.push('webhook')
  if (isTestMode({ env })) troubles.push('test')
  try {
    const changes = await syncStripe(stripe, site, true)
    return { troubles: changes.length ? [...troubles, 'differs'] : troubles, changes }
  } catch (error) {
    return { troubles: [...troubles, troubleOf(error)], changes: [] }
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof OtherMeter) return 'meter'
  const known = asBillingError(error)
  if (!isAppError(known)) throw error
  return known.code === 'billing_away' ? 'away' : 'key'
}
