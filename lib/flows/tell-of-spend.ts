/** Owners hear once a month that messages beyond the plan have reached the amount that they named. */
import { type Beyond, readSpend, takeAlert } from '@/lib/features/billing/metering'
import { readSubscription } from '@/lib/features/billing/read'
import { isBilled } from '@/lib/features/billing/stripe-client'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { tellOwners } from './tell-owners'

/** Call it wherever use is put down: a month that is over is counted once more, and then no more. */
export async function tellOfSpend(tx: Tx, ctx: Ctx, months: readonly Beyond[]): Promise<void> {
  const { cap, alert } = await readSpend(tx, ctx)
  if (alert === null) return
  const currency = (await readSubscription(tx, ctx))?.currency ?? 'usd'
  for (const { cost, month } of months) {
    if (cost < alert || !(await takeAlert(tx, ctx, month))) continue
    const cause = `spend ${ctx.accountId} ${month.toISOString()} ${alert}`
    const demo = !isBilled(ctx.services)
    await tellOwners(tx, ctx, 'spendAlert', cause, { amount: cost, cap, currency, month, demo })
  }
}
