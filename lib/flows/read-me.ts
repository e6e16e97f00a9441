/** What a signed-in person's pages begin with: who they are, where they belong, which browsers they are signed in with. */

import { requireUser } from '@/lib/features/accounts/permissions'
import { accountsOf, type OwnAccount } from '@/lib/features/accounts/read'
import { subscriptionsOf } from '@/lib/features/billing/read'
import { type Entitlements, toEntitlements } from '@/lib/features/billing/rules'
import { type ListedSession, listSessions } from '@/lib/features/identity/sessions'
import { type Profile, readProfile } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { isWaiting, mayLabel } from './standing'

export interface Me {
  user: Omit<Profile, 'lastAccount'>
  accounts: (OwnAccount &
    Pick<Entitlements, 'graceUntil' | 'readOnly'> & {
      usedUp: boolean
      closed: boolean
      /** Beyond the people that the plan includes: the person reads, and changes nothing. */
      waits: boolean
    })[]
  /** Slug of the account to open first; null when there is none. */
  home: string | null
}

export async function readMe(ctx: Ctx): Promise<Me> {
  const userId = requireUser(ctx)
  const me = await asSystem(ctx.services, 'who am I', async (tx) => {
    const { lastAccount, ...user } = await readProfile(tx, userId)
    const own = await accountsOf(tx, userId)
    const plans = await subscriptionsOf(
      tx,
      own.map(({ id }) => id),
      ctx.now(),
    )
    const accounts = own.map((account) => {
      const { graceUntil, readOnly } = toEntitlements(plans.get(account.id) ?? null, ctx.now())
      const closed = account.secondFactorRequired && user.secondFactorAt === null
      return { ...account, graceUntil, readOnly, closed }
    })
    const home = accounts.find((account) => account.slug === lastAccount) ?? accounts[0]
    return { user, accounts, home: home?.slug ?? null }
  })
  const accounts = me.accounts.map(async (account) => {
    const here = { ...ctx, accountId: account.id }
    const [usedUp, waits] = await Promise.all([
      mayLabel(here).then((may) => !may, unsaid),
      isWaiting(here, account.membershipId).catch(unsaid),
    ])
    return { ...account, usedUp, waits }
  })
  return { ...me, accounts: await Promise.all(accounts) }
}

/** A word about an account is not worth failing for. */
const unsaid = () => false

/** @param sessionId the one that asks */
export async function readSessions(ctx: Ctx, sessionId: string): Promise<ListedSession[]> {
  const id = requireUser(ctx)
  return asSystem(ctx.services, 'my sessions', (tx) => listSessions(tx, ctx, id, sessionId))
}
