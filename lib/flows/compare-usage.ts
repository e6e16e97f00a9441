/** Once a day: whether Stripe's meter counted what it was told. What it refuses later it tells nobody who asks for nothing. */
import { customerOf, noteCounted } from '@/lib/features/billing/customers'
import { countedAt, listCompared, notedSince } from '@/lib/features/billing/metering'
import { monthOf } from '@/lib/features/billing/rules'
import { type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'

/** Stripe sums up a little later than it is told. */
const hour = 3_600_000
/** The two clocks differ, and an answer takes its time. */
const blur = 60_000
/** A month that is over is looked at for so long. */
const looksBack = 7 * 24 * hour
/** All of such a month, of a plan that has ended meanwhile as well. */
const tellsBack = 40 * 24 * hour

async function compare(stripe: Stripe, ctx: Ctx): Promise<void> {
  const now = ctx.now().getTime()
  const { start } = monthOf(new Date(now - looksBack))
  const end = new Date(Math.floor(now / hour) * hour - hour)
  const told = await inAccount(ctx, async (tx) => ({
    customer: await customerOf(tx, ctx),
    least: await notedSince(tx, ctx, new Date(start.getTime() + blur), new Date(end.getTime() - blur)),
    // What was told before may have been noted only just now.
    most: await notedSince(tx, ctx, new Date(start.getTime() - blur)),
  }))
  const counted = told.customer ? await countedAt(stripe, told.customer, start, end) : null
  // Of a customer that was removed nothing can be compared any more.
  const differs = !told.customer
    ? false
    : counted === null
      ? told.least > 0
      : counted < told.least || counted > told.most
  if (differs)
    ctx.services.log.warn({ accountId: ctx.accountId, ...told, counted }, 'the meter counted other than it was told')
  await inAccount(ctx, (tx) => noteCounted(tx, ctx, differs))
}

/** Returns how many accounts were looked at. One account's trouble does not keep the others waiting. */
export async function compareUsage(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const stripe = stripeOf(services)
  if (!stripe) return 0
  const since = new Date(ctxOf('').now().getTime() - tellsBack)
  const accounts = await asSystem(services, 'accounts whose use is told to Stripe', (tx) => listCompared(tx, since))
  for (const accountId of accounts)
    await compare(stripe, ctxOf(accountId)).catch((error) =>
      services.log.warn({ accountId, reason: String(error) }, 'what the meter counted was not compared'),
    )
  return accounts.length
}
