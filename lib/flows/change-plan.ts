/** An owner takes a plan, another one, ends it with its period, or lets it go on. What holds afterwards comes back. */
import { canManageBilling, requireMember } from '@/lib/features/accounts/permissions'
import type { PlanChoice } from '@/lib/features/billing/input'
import { choosePlan, endAtPeriod } from '@/lib/features/billing/provider.demo'
import { countSeats } from '@/lib/features/billing/read'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { type Billing, readBilling } from './read-billing'

async function changing(ctx: Ctx, work: (tx: Tx) => Promise<void>): Promise<Billing> {
  requireMember(ctx, canManageBilling)
  await inAccount(ctx, async (tx) => {
    await work(tx)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
  })
  return readBilling(ctx)
}

export const changePlan = (ctx: Ctx, choice: PlanChoice): Promise<Billing> =>
  changing(ctx, async (tx) => choosePlan(tx, ctx, choice, await countSeats(tx, ctx)))

/** @throws not_found */
export const endPlan = (ctx: Ctx, { ends }: { ends: boolean }): Promise<Billing> =>
  changing(ctx, (tx) => endAtPeriod(tx, ctx, ends))
