/** What keeps an installation from being paid, found before a customer does: its settings, its key, what is sold at Stripe, who tells of it, and tax. */
import { isAppError } from '@/lib/core/errors'
import type { Services } from '@/lib/platform/context'
import { asBillingError, isTestMode, mayNot, type Stripe, taxOf } from './stripe-client'
import { type HookTrouble, isReachable, readHook } from './stripe-hook'
import { OtherMeter, syncStripe } from './stripe-sync'

export type Trouble = 'webhook' | HookTrouble | 'hookUnread' | 'tax' | 'test' | 'key' | 'away' | 'meter' | 'differs'

export interface SetUp {
  troubles: Trouble[]
  /** What `npm run stripe:sync` would change. */
  changes: string[]
  /** Kinds of events that Stripe does not tell us. */
  lacks: string[]
}

/** Looks and changes nothing. @param site the installation's own address */
export async function readSetUp(stripe: Stripe, { env }: Pick<Services, 'env'>, site: string): Promise<SetUp> {
  const troubles: Trouble[] = []
  const found: SetUp = { troubles, changes: [], lacks: [] }
  if (!env.STRIPE_WEBHOOK_SECRET) troubles.push('webhook')
  if (isTestMode({ env })) troubles.push('test')
  try {
    found.changes = await syncStripe(stripe, site, true)
    if (found.changes.length) troubles.push('differs')
    if (isReachable(site)) {
      const { trouble, lacks } = await hookAt(stripe, site)
      found.lacks = lacks
      if (trouble) troubles.push(trouble)
    }
    if (taxOf({ env }).automatic_tax && !(await computesTax(stripe))) troubles.push('tax')
  } catch (error) {
    troubles.push(troubleOf(error))
  }
  return found
}

/** A key of its own making may be kept from reading these: that is no trouble of what it is for. */
const hookAt = (stripe: Stripe, site: string): Promise<{ trouble: Trouble | null; lacks: string[] }> =>
  readHook(stripe, site).catch((error) => {
    if (mayNot(error)) return { trouble: 'hookUnread' as const, lacks: [] }
    throw error
  })

const computesTax = (stripe: Stripe): Promise<boolean> =>
  stripe.tax.settings.retrieve().then(
    ({ status }) => status === 'active',
    (error) => {
      if (mayNot(error)) return true
      throw error
    },
  )

function troubleOf(error: unknown): Trouble {
  if (error instanceof OtherMeter) return 'meter'
  const known = asBillingError(error)
  if (!isAppError(known)) throw error
  return known.code === 'billing_away' ? 'away' : 'key'
}
