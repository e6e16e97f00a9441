/** The worker's round of what is billed: people, and labelled messages beyond the plan. Stripe is told of it, or a demo invoice holds it. */
import { listDemo, listPaying } from '@/lib/features/billing/customers'
import { settleDemo } from '@/lib/features/billing/demo-invoices'
import {
  likelyTold,
  markTold,
  markTried,
  notedSince,
  putDown,
  type Told,
  tellMeter,
  unmarkTried,
  wasTold,
} from '@/lib/features/billing/metering'
import { billSeats } from '@/lib/features/billing/provider.stripe'
import { isOpen, type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import { isPricedAnew, listUntold, loseUntold, type Report, untold, type When } from '@/lib/features/billing/untold'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { followAccount } from './follow-stripe'
import { tellOfBilling } from './tell-of-billing'
import { tellOfPlaces } from './tell-of-places'
import { tellOfSpend } from './tell-of-spend'

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
    await tellOfSpend(tx, ctx, settled.beyond)
    await tellOfPlaces(tx, ctx)
    if (settled.made) await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
  })
}

export async function billAccount(stripe: Stripe, ctx: Ctx): Promise<void> {
  await tellUse(stripe, ctx)
  if (await billSeats(stripe, ctx)) await followAccount(ctx)
}

/** Puts down what was used until now, and tells it. Before a plan changes: Stripe bills what it is told at the price that holds then. */
export async function tellUse(stripe: Stripe, ctx: Ctx): Promise<void> {
  let found = await inAccount(ctx, async (tx) => {
    const beyond = await putDown(tx, ctx)
    // Nothing happens at Stripe when the days of grace are over.
    await tellOfBilling(tx, ctx)
    await tellOfSpend(tx, ctx, beyond)
    return untold(tx, ctx)
  })
  // The cap holds at the price that Stripe bills by, which may be younger than the last reading.
  if (found.reports.length && found.customer && (await isPricedAnew(stripe, found.customer, found.subscription))) {
    await followAccount(ctx, stripe)
    const { leftOut } = found
    found = await inAccount(ctx, (tx) => untold(tx, ctx))
    found.leftOut += leftOut
  }
  const { customer, reports, when, leftOut } = found
  const { accountId } = ctx
  if (leftOut) ctx.services.log.warn({ accountId, count: leftOut }, 'use left out: its price rose before it was told')
  if (reports.length && (!customer || !when)) {
    const count = await inAccount(ctx, (tx) => loseUntold(tx, ctx))
    ctx.services.log.warn({ accountId, count }, 'use that Stripe can be told no more')
    return
  }
  if (!customer || !when) return
  for (const report of reports) {
    const told = await tellOnce(stripe, ctx, customer, report, when)
    await inAccount(ctx, (tx) => markTold(tx, ctx, report, told))
  }
}

async function tellOnce(stripe: Stripe, ctx: Ctx, customer: string, report: Report, when: When): Promise<Told> {
  const noted = await inAccount(ctx, async (tx) => {
    await markTried(tx, ctx, report, when)
    return notedSince(tx, ctx, report.month)
  })
  if (await wasTold(stripe, ctx, customer, report, noted)) return { at: likelyTold(report, when), before: true }
  return tellMeter(stripe, ctx, customer, report, when).catch(async (error) => {
    if (!report.toldFor && !isOpen(error)) await inAccount(ctx, (tx) => unmarkTried(tx, ctx, report))
    throw error
  })
}
