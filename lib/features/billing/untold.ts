/** Messages that were put down for the meter and not told yet: how many Stripe is told of, and with which time. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { customerOf } from './customers'
import { endedAt, hasEnded, subscriptionOf } from './from-stripe'
import { readSubscription } from './read'
import { overageOf, type Subscription } from './rules'
import type { Stripe } from './stripe-client'
import { subscriptionsOf } from './stripe-items'

export interface Report {
  month: Date
  first: number
  count: number
  createdAt: Date
  /** When Stripe was told of it, perhaps: nobody noted what it answered. */
  toldFor: Date | null
  /** What it is told of one that may have been told before the price rose; where it knows that one already, what it was told then counts. */
  dearer: { count: number; price: number; currency: string } | null
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
 * at Stripe, or kept the meter from being told before. Rounded over all of a month, as most reports are of a message or two. What is left
 * out costs nothing. A report that Stripe may have been told of stays as it is.
 * @returns messages that nobody pays for
 */
async function holdToPrice(tx: Tx, { accountId, now }: Ctx, price: number, currency: string): Promise<number> {
  const [sum] = await tx.$queryRaw<{ lost: number }[]>`
    WITH dearer AS (
      SELECT month, first, count AS was, CASE WHEN currency <> ${currency} THEN 0 ELSE
        (floor(sum(count * price) OVER to_here / ${price}::float) - floor(coalesce(sum(count * price) OVER before, 0) / ${price}::float))::int
      END AS told
      FROM usage_report
      WHERE account_id = ${accountId}::uuid AND sent_at IS NULL AND lost_at IS NULL AND told_for IS NULL
        AND (currency <> ${currency} OR price < ${price}::float)
      WINDOW to_here AS (PARTITION BY month, currency ORDER BY first),
        before AS (PARTITION BY month, currency ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), held AS (
      UPDATE usage_report report SET
        count = CASE WHEN told > 0 THEN told ELSE was END,
        price = CASE WHEN told > 0 THEN ${price}::float ELSE 0 END,
        lost_at = CASE WHEN told > 0 THEN NULL ELSE ${now()}::timestamptz END
      FROM dearer WHERE report.account_id = ${accountId}::uuid AND report.month = dearer.month AND report.first = dearer.first
      RETURNING was - told AS lost
    ) SELECT coalesce(sum(lost), 0)::int AS lost FROM held`
  return sum?.lost ?? 0
}

export interface Untold {
  customer: string | null
  reports: Report[]
  when: When | null
  /** Messages that were left out, so that a price that rose passes no cap. */
  leftOut: number
  /** What is stored here. */
  subscription: Subscription | null
}

/** What was put down and not told yet, the oldest first, and for when Stripe is told it; null: it can be told no more. */
export async function untold(tx: Tx, ctx: Ctx): Promise<Untold> {
  const subscription = await readSubscription(tx, ctx)
  const { currency } = subscription ?? {}
  const each = subscription && overageOf(subscription)
  const leftOut = each && currency ? await holdToPrice(tx, ctx, each, currency) : 0
  const rows = await tx.usageReport.findMany({
    where: { accountId: ctx.accountId, ...open },
    orderBy: [{ month: 'asc' }, { first: 'asc' }],
    take: 100,
    select: { month: true, first: true, count: true, createdAt: true, toldFor: true, price: true, currency: true },
  })
  const reports = rows.map(({ price, currency: was, ...report }): Report => {
    if (!each || !currency || price === null || (was === currency && price >= each)) return { ...report, dearer: null }
    const count = was === currency ? Math.floor((report.count * price) / each) : 0
    // Stripe is asked by being told: of one message at least.
    return { ...report, dearer: { count: Math.max(1, count), price: each, currency } }
  })
  return {
    customer: await customerOf(tx, ctx),
    reports,
    when: toldWhen(subscription, ctx.now()),
    leftOut,
    subscription,
  }
}

/** Stripe bills a message beyond the plan otherwise than is stored here: it was changed there, and no event has come yet, or none comes. */
export async function isPricedAnew(stripe: Stripe, customer: string, stored: Subscription | null): Promise<boolean> {
  const subscriptions = await subscriptionsOf(stripe, customer)
  const none = { invoices: [], charges: new Map(), coupons: new Map(), inherited: null }
  const priceIn = (one: Subscription | null) =>
    one && !hasEnded(one.state) ? `${one.plan} ${one.currency} ${one.overage}` : ''
  return priceIn(subscriptionOf({ subscriptions, ...none })) !== priceIn(stored)
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
