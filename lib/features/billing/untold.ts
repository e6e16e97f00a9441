/** Messages that were put down for the meter and not told yet: how many Stripe is told of, and with which time. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { customerOf } from './customers'
import { endedAt } from './from-stripe'
import { readSubscription } from './read'
import { overageOf, type Subscription } from './rules'

export interface Report {
  month: Date
  first: number
  count: number
  createdAt: Date
}

/** Of a report that was not told yet. */
const open = { sentAt: null, lostAt: null }

/** Accounts with something to tell, whatever became of their plan. System role. */
export async function listUntold(tx: Tx): Promise<string[]> {
  const rows = await tx.usageReport.groupBy({ by: ['accountId'], where: open })
  return rows.map(({ accountId }) => accountId)
}

/**
 * Stripe bills a message at the price that holds when it is told of it (docs.stripe.com/billing/subscriptions/billing-mode/compare). Of what
 * was put down at a lower price it is told so many that they cost no more than was allowed, of another currency none: whoever changed it
 * at Stripe, or kept the meter from being told before.
 */
async function holdToPrice(tx: Tx, { accountId, now }: Ctx, subscription: Subscription | null): Promise<void> {
  const price = subscription && overageOf(subscription)
  if (!price) return
  await tx.$executeRaw`
    UPDATE usage_report SET lost_at = ${now()} WHERE account_id = ${accountId}::uuid AND sent_at IS NULL AND lost_at IS NULL
      AND (currency <> ${subscription.currency} OR floor(count * price / ${price}::float) < 1)`
  await tx.$executeRaw`
    UPDATE usage_report SET count = floor(count * price / ${price}::float), price = ${price}::float
    WHERE account_id = ${accountId}::uuid AND sent_at IS NULL AND lost_at IS NULL AND price < ${price}::float`
}

/** What was put down and not told yet, the oldest first, and for when Stripe is told it; null: it can be told no more. */
export async function untold(
  tx: Tx,
  ctx: Ctx,
): Promise<{ customer: string | null; reports: Report[]; when: When | null }> {
  const subscription = await readSubscription(tx, ctx)
  await holdToPrice(tx, ctx, subscription)
  const reports = await tx.usageReport.findMany({
    where: { accountId: ctx.accountId, ...open },
    orderBy: [{ month: 'asc' }, { first: 'asc' }],
    take: 100,
    select: { month: true, first: true, count: true, createdAt: true },
  })
  return { customer: await customerOf(tx, ctx), reports, when: toldWhen(subscription, ctx.now()) }
}

/** Stripe takes events that are 35 days old (docs.stripe.com/api/billing/meter-event/create); an hour is left for the way. */
const oldest = 35 * 86_400_000 - 3_600_000

/** Seconds; nothing: as it is told. */
export interface When {
  timestamp?: number
}

/**
 * The time of an event. A plan that goes on has a next invoice, which takes what is told now: none comes too late. One that has ended has
 * its last invoice only, which takes what lies before the end. Null: too long ago.
 */
export function toldWhen(subscription: Subscription | null, now: Date): When | null {
  const ended = subscription && endedAt(subscription)
  if (!ended) return {}
  const last = Math.min(now.getTime(), ended.getTime() - 1_000)
  return now.getTime() - last < oldest ? { timestamp: Math.floor(last / 1_000) } : null
}

/** Nobody can be billed for what is left: the customer is gone, or its plan ended too long ago. */
export async function loseUntold(tx: Tx, ctx: Ctx): Promise<number> {
  const where = { accountId: ctx.accountId, ...open }
  return (await tx.usageReport.updateMany({ where, data: { lostAt: ctx.now() } })).count
}
