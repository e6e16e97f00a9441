/** Messages beyond a plan: what an owner allows, what was put down for the meter, and what Stripe was told of it. */
import StripeClient from 'stripe'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { meterName } from './catalog'
import { listPaying } from './customers'
import type { Odd } from './from-stripe'
import { lockBilling } from './lock'
import { type Currency, plans } from './plans'
import { countMessages, isManaged, readSubscription } from './read'
import {
  billablePrice,
  billedOf,
  costOf,
  extraOf,
  monthOf,
  type Said,
  type Spend,
  spendFor,
  toEntitlements,
} from './rules'
import type { Stripe } from './stripe-client'
import type { Report, When } from './untold'

/** What an owner said last, and in which currency; null: they never said anything. */
export async function readSaid(tx: Tx, ctx: Ctx): Promise<Said | null> {
  const where = { accountId: ctx.accountId }
  const row = await tx.spendLimit.findUnique({ where, select: { cap: true, alert: true, currency: true } })
  return row && { ...row, currency: row.currency as Currency | null }
}

/** What holds for the plan that is there. */
export const readSpend = async (tx: Tx, ctx: Ctx): Promise<Spend> =>
  spendFor(await readSaid(tx, ctx), await readSubscription(tx, ctx))

/** In the currency of the plan that is there. A new alert counts anew in the running month, and in none before it. */
export async function saveSpend(tx: Tx, ctx: Ctx, spend: Spend): Promise<void> {
  const { accountId } = ctx
  const currency = (await readSubscription(tx, ctx))?.currency ?? null
  const alerted = new Date(monthOf(ctx.now()).start.getTime() - 1)
  const data = { ...spend, currency, alerted, updatedAt: ctx.now() }
  await tx.spendLimit.upsert({ where: { accountId }, create: { accountId, ...data }, update: data })
}

/** True once a month: the alert is the caller's to send. */
export async function takeAlert(tx: Tx, ctx: Ctx, month: Date): Promise<boolean> {
  const where = { accountId: ctx.accountId, OR: [{ alerted: null }, { alerted: { lt: month } }] }
  return (await tx.spendLimit.updateMany({ where, data: { alerted: month } })).count === 1
}

const keyOf = ({ accountId }: Ctx, month: Date) => ({ accountId_month: { accountId, month } })

/** What of a month counts already. */
export interface Counted {
  /** Messages that are not billed: the plan's, or, where it is more, what was used under a larger one or while nothing could be billed. */
  included: number
  /** Messages that were put down for the meter. */
  reported: number
  /** What those cost, thousandths of hundredths, each at the price it was put down with. */
  spent: number
}

async function countedIn(tx: Tx, ctx: Ctx, month: Date, planned: number, price: number): Promise<Counted> {
  const select = { included: true, planned: true, reported: true }
  const row = await tx.usageMonth.findUnique({ where: keyOf(ctx, month), select })
  // Amounts of different currencies are never added up.
  const currency = (await readSubscription(tx, ctx))?.currency ?? null
  const [put] = await tx.$queryRaw<{ spent: number }[]>`
    SELECT coalesce(sum(count * coalesce(price, ${price}::float)), 0)::float AS spent FROM usage_report
    WHERE account_id = ${ctx.accountId}::uuid AND month = ${month}::date AND coalesce(currency = ${currency}, true)`
  const included = Math.max(row?.planned ?? planned, row?.included ?? 0)
  return { included, reported: row?.reported ?? 0, spent: put?.spent ?? 0 }
}

/** The running month. @param price of a thousand, hundredths */
export const readMonth = (tx: Tx, ctx: Ctx, planned: number, price: number | null): Promise<Counted> =>
  countedIn(tx, ctx, monthOf(ctx.now()).start, planned, price ?? 0)

/** What was used and not billed stays so, whatever plan follows; what a larger plan would have included besides goes with it. */
async function includeAtLeast(tx: Tx, ctx: Ctx, month: Date, included: number): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO usage_month (account_id, month, included) VALUES (${ctx.accountId}::uuid, ${month}::date, ${included})
    ON CONFLICT (account_id, month) DO UPDATE SET included = GREATEST(usage_month.included, excluded.included), closed = false`
}

/** Nobody writes into a month so long after its end, milliseconds. */
const settled = 3_600_000
/** What is older is nobody's to bill any more. */
const looksBack = 93 * 86_400_000

/** The months before this one that were not counted after their end; where no worker ran for long, also those it never saw. */
async function monthsLeft(tx: Tx, ctx: Ctx, here: Date): Promise<Date[]> {
  const where = {
    accountId: ctx.accountId,
    month: { lt: here, gte: new Date(here.getTime() - looksBack) },
    closed: false,
  }
  const rows = await tx.usageMonth.findMany({
    where,
    orderBy: { month: 'asc' },
    select: { month: true },
  })
  const last = rows.at(-1)
  const months = rows.map(({ month }) => month)
  if (last)
    for (let next = monthOf(last.month).end; next < here; next = monthOf(next).end) {
      await includeAtLeast(tx, ctx, next, 0)
      months.push(next)
    }
  return months
}

/** A month's messages beyond the plan, for whoever owns the account. */
export interface Beyond {
  month: Date
  /** Hundredths, at most. */
  cost: number
}

/**
 * Puts down what the meter has not been told yet, under what holds now: before a plan, a price or a cap changes, it settles what was
 * used until then. What was labelled while nothing could be billed is never billed later.
 * @param end the plan ended then: later messages are none of its, and nothing more will come
 * @returns the running month, and those before it that were open, the oldest first
 */
export async function putDown(tx: Tx, ctx: Ctx, end: Date | null = null): Promise<Beyond[]> {
  await lockBilling(tx, ctx)
  const now = ctx.now()
  const subscription = await readSubscription(tx, ctx)
  const { cap } = await readSpend(tx, ctx)
  const price = (await isManaged(tx, ctx)) ? billablePrice(subscription) : null
  const planned = plans[toEntitlements(subscription, now).plan].messages
  const here = monthOf(now).start
  const before = await monthsLeft(tx, ctx, here)
  const months: Beyond[] = []
  for (const month of [...before, here]) {
    const span = monthOf(month)
    const until = end && end < span.end ? end : span.end
    const { included, reported, spent } = await countedIn(tx, ctx, month, planned, price ?? 0)
    const used = await countMessages(tx, ctx, { start: month, end: until })
    const extra = extraOf(price, cap, spent)
    const count = billedOf(used, included + reported, extra)
    // What the plan included; and, where no more can be billed, what is above it when a cap is raised or a trial ends.
    const kept = count === extra ? used - reported - count : Math.min(used - reported, included)
    await includeAtLeast(tx, ctx, month, Math.max(0, kept))
    if (count > 0) {
      const key = { accountId: ctx.accountId, month }
      await tx.usageReport.create({
        data: { ...key, first: reported, count, price, currency: subscription?.currency ?? null, createdAt: now },
      })
      await tx.usageMonth.update({ where: keyOf(ctx, month), data: { reported: reported + count } })
    }
    const closed = end !== null || now.getTime() - span.end.getTime() > settled
    if (closed) await tx.usageMonth.update({ where: keyOf(ctx, month), data: { closed } })
    months.push({ month, cost: costOf(spent + count * (price ?? 0)) })
  }
  return months
}

/** Stripe knows an identifier for at least 24 hours (docs.stripe.com/api/billing/meter-event); after so long it is asked what it counted. */
const remembered = 23 * 3_600_000
const hour = 3_600

/** An old report may have been told by a worker that died before it noted so: then the meter has more than what is noted. */
export async function wasTold(
  stripe: Stripe,
  ctx: Ctx,
  customer: string,
  report: Report,
  noted: number,
): Promise<boolean> {
  if (ctx.now().getTime() - report.createdAt.getTime() < remembered) return false
  const counted = await countedAt(stripe, customer, report.month, ctx.now())
  return counted !== null && counted >= noted + report.count
}

/** What the meter counted of a customer within these hours, begun ones whole; null: there is no such meter. */
export async function countedAt(stripe: Stripe, customer: string, start: Date, end: Date): Promise<number | null> {
  const meters = await stripe.billing.meters.list({ status: 'active', limit: 100 })
  const meter = meters.data.find(({ event_name }) => event_name === meterName)
  if (!meter) return null
  // Whole hours are what the summaries take.
  const hours = (date: Date) => date.getTime() / 1_000 / hour
  const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
    customer,
    start_time: Math.floor(hours(start)) * hour,
    end_time: Math.ceil(hours(end)) * hour,
  })
  return data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0)
}

/** Messages that Stripe was told with a time since then (and before `end`), as far as is noted. */
export async function notedSince(tx: Tx, ctx: Ctx, start: Date, end?: Date): Promise<number> {
  const toldFor = { gte: start, ...(end ? { lt: end } : {}) }
  const where = { accountId: ctx.accountId, sentAt: { not: null }, toldFor }
  return (await tx.usageReport.aggregate({ where, _sum: { count: true } }))._sum.count ?? 0
}

/** Accounts whose meter is looked at: that pay, of which Stripe was told since then, or that differed when it was last. System role. */
export async function listCompared(tx: Tx, since: Date): Promise<string[]> {
  const told = await tx.usageReport.groupBy({ by: ['accountId'], where: { toldFor: { gte: since } } })
  const differing = await tx.billingCustomer.findMany({
    where: { odd: { has: 'usage' satisfies Odd } },
    select: { accountId: true },
  })
  return [...new Set([...(await listPaying(tx)), ...[...told, ...differing].map(({ accountId }) => accountId)])]
}

/** Stripe refuses an identifier that it has counted; some of these answers carry a code, some only the words. */
const isCounted = (error: unknown): boolean =>
  error instanceof StripeClient.errors.StripeInvalidRequestError &&
  (error.code === 'duplicate_meter_event' || /event already exists with identifier/i.test(error.message))

/** What Stripe made of a report: the time that it counts it by, and whether it knew it already. */
export interface Told {
  at: Date
  before: boolean
}

/** Tells the meter. Its identifier is made of what it counts, so that Stripe counts it once however often it is told. */
export async function tellMeter(stripe: Stripe, ctx: Ctx, customer: string, report: Report, when: When): Promise<Told> {
  const month = report.month.toISOString().slice(0, 7)
  const event = {
    event_name: meterName,
    identifier: `${ctx.accountId}-${month}-${report.first}`,
    ...when,
    payload: { stripe_customer_id: customer, value: String(report.dearer?.count ?? report.count) },
  }
  const told = await stripe.billing.meterEvents.create(event).catch((error) => {
    // Told before, by a worker that died before it noted so.
    if (!isCounted(error)) throw error
  })
  return told ? { at: new Date(told.timestamp * 1_000), before: false } : { at: likelyTold(report, when), before: true }
}

/** When a report was told of which that was not noted: at its try, or, of an older version, as soon as it was put down. */
export const likelyTold = ({ createdAt, toldFor }: Report, { timestamp }: When): Date =>
  toldFor ?? (timestamp === undefined ? createdAt : new Date(timestamp * 1_000))

const reportKey = ({ accountId }: Ctx, { month, first }: Report) => ({
  accountId_month_first: { accountId, month, first },
})

/** Before Stripe is told: whoever dies before the answer leaves a report that may have been told. */
export async function markTried(tx: Tx, ctx: Ctx, report: Report, { timestamp }: When): Promise<void> {
  const toldFor = timestamp === undefined ? ctx.now() : new Date(timestamp * 1_000)
  if (!report.toldFor) await tx.usageReport.update({ where: reportKey(ctx, report), data: { toldFor } })
}

/** Stripe refused it: it was not told. */
export async function unmarkTried(tx: Tx, ctx: Ctx, report: Report): Promise<void> {
  await tx.usageReport.update({ where: reportKey(ctx, report), data: { toldFor: null } })
}

export async function markTold(tx: Tx, ctx: Ctx, report: Report, { at, before }: Told): Promise<void> {
  const data = { sentAt: ctx.now(), toldFor: at, ...(before ? {} : report.dearer) }
  await tx.usageReport.update({ where: reportKey(ctx, report), data })
}
