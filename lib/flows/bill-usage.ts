/** The worker's round of what Stripe has to know: seats, and labelled messages beyond the plan. */
import { listPaying } from '@/lib/features/billing/customers'
import {
  listUntold,
  loseUntold,
  markTold,
  notedSince,
  putDown,
  readSpend,
  takeAlert,
  tellMeter,
  untold,
  wasTold,
} from '@/lib/features/billing/metering'
import { billSeats } from '@/lib/features/billing/provider.stripe'
import { readSubscription } from '@/lib/features/billing/read'
import { type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { followAccount } from './follow-stripe'
import { tellOfBilling } from './tell-of-billing'
import { tellOwners } from './tell-owners'

/** Returns how many accounts were looked after. One account's trouble does not keep the others waiting. */
export async function billUsage(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const stripe = stripeOf(services)
  if (!stripe) return 0
  // What an ended plan used last is told like the rest.
  const accounts = await asSystem(services, 'accounts with a plan at Stripe, or with use to tell', async (tx) => [
    ...new Set([...(await listPaying(tx)), ...(await listUntold(tx))]),
  ])
  for (const accountId of accounts)
    await billAccount(stripe, ctxOf(accountId)).catch((error) =>
      services.log.warn({ accountId, reason: String(error) }, 'usage was not reported'),
    )
  return accounts.length
}

export async function billAccount(stripe: Stripe, ctx: Ctx): Promise<void> {
  await tellUse(stripe, ctx)
  if (await billSeats(stripe, ctx)) await followAccount(ctx)
}

/** Puts down what was used until now, and tells it. Before a plan changes: Stripe bills what it is told at the price that holds then. */
export async function tellUse(stripe: Stripe, ctx: Ctx): Promise<void> {
  const { customer, reports, when } = await inAccount(ctx, async (tx) => {
    const { cost, month } = await putDown(tx, ctx)
    // Nothing happens at Stripe when the days of grace are over.
    await tellOfBilling(tx, ctx)
    const { cap, alert } = await readSpend(tx, ctx)
    if (alert !== null && cost >= alert && (await takeAlert(tx, ctx, month))) {
      const currency = (await readSubscription(tx, ctx))?.currency ?? 'usd'
      const cause = `spend ${ctx.accountId} ${month.toISOString()} ${alert}`
      await tellOwners(tx, ctx, 'spendAlert', cause, { amount: cost, cap, currency })
    }
    return untold(tx, ctx)
  })
  if (reports.length && (!customer || !when)) {
    const count = await inAccount(ctx, (tx) => loseUntold(tx, ctx))
    ctx.services.log.warn({ accountId: ctx.accountId, count }, 'use that Stripe can be told no more')
    return
  }
  for (const report of customer ? reports : []) {
    const noted = await inAccount(ctx, (tx) => notedSince(tx, ctx, report.month))
    if (!(await wasTold(stripe, ctx, customer as string, report, noted)))
      await tellMeter(stripe, ctx, customer as string, report, when ?? {})
    await inAccount(ctx, (tx) => markTold(tx, ctx, report))
  }
}
