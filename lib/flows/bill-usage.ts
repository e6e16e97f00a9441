/** The worker's round of what is billed: people, and labelled messages beyond the plan. Stripe is told of it, or a demo invoice holds it. */
import { listDemo, listPaying } from '@/lib/features/billing/customers'
import { settleDemo } from '@/lib/features/billing/demo-invoices'
import {
  type Beyond,
  likelyTold,
  markTold,
  notedSince,
  putDown,
  readSpend,
  takeAlert,
  tellMeter,
  wasTold,
} from '@/lib/features/billing/metering'
import { billSeats } from '@/lib/features/billing/provider.stripe'
import { readSubscription } from '@/lib/features/billing/read'
import { isBilled, type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import { listUntold, loseUntold, untold } from '@/lib/features/billing/untold'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { followAccount } from './follow-stripe'
import { tellOfBilling } from './tell-of-billing'
import { tellOfPlaces } from './tell-of-places'
import { tellOwners } from './tell-owners'

/** Returns how many accounts were looked after. One account's trouble does not keep the others waiting. */
export async function billUsage(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const stripe = stripeOf(services)
  const accounts = await asSystem(services, 'accounts with a plan, or with use to tell', async (tx) =>
    // What an ended plan used last is told like the rest.
    stripe ? [...new Set([...(await listPaying(tx)), ...(await listUntold(tx))])] : listDemo(tx),
  )
  for (const accountId of accounts) {
    const ctx = ctxOf(accountId)
    await (stripe ? billAccount(stripe, ctx) : billDemo(ctx)).catch((error) =>
      services.log.warn({ accountId, reason: String(error) }, 'usage was not reported'),
    )
  }
  return accounts.length
}

async function billDemo(ctx: Ctx): Promise<void> {
  await inAccount(ctx, async (tx) => {
    const settled = await settleDemo(tx, ctx)
    await alert(tx, ctx, settled)
    await tellOfPlaces(tx, ctx)
    if (settled.made) await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
  })
}

/** Owners hear once a month that messages beyond the plan have reached the amount that they named. */
async function alert(tx: Tx, ctx: Ctx, { cost, month }: Beyond): Promise<void> {
  const { cap, alert } = await readSpend(tx, ctx)
  if (alert === null || cost < alert || !(await takeAlert(tx, ctx, month))) return
  const currency = (await readSubscription(tx, ctx))?.currency ?? 'usd'
  const cause = `spend ${ctx.accountId} ${month.toISOString()} ${alert}`
  await tellOwners(tx, ctx, 'spendAlert', cause, { amount: cost, cap, currency, demo: !isBilled(ctx.services) })
}

export async function billAccount(stripe: Stripe, ctx: Ctx): Promise<void> {
  await tellUse(stripe, ctx)
  if (await billSeats(stripe, ctx)) await followAccount(ctx)
}

/** Puts down what was used until now, and tells it. Before a plan changes: Stripe bills what it is told at the price that holds then. */
export async function tellUse(stripe: Stripe, ctx: Ctx): Promise<void> {
  const { customer, reports, when } = await inAccount(ctx, async (tx) => {
    const beyond = await putDown(tx, ctx)
    // Nothing happens at Stripe when the days of grace are over.
    await tellOfBilling(tx, ctx)
    await alert(tx, ctx, beyond)
    return untold(tx, ctx)
  })
  if (reports.length && (!customer || !when)) {
    const count = await inAccount(ctx, (tx) => loseUntold(tx, ctx))
    ctx.services.log.warn({ accountId: ctx.accountId, count }, 'use that Stripe can be told no more')
    return
  }
  if (!customer || !when) return
  for (const report of reports) {
    const noted = await inAccount(ctx, (tx) => notedSince(tx, ctx, report.month))
    const toldFor = (await wasTold(stripe, ctx, customer, report, noted))
      ? likelyTold(report, when)
      : await tellMeter(stripe, ctx, customer, report, when)
    await inAccount(ctx, (tx) => markTold(tx, ctx, report, toldFor))
  }
}
