/** Messages beyond a plan: what an owner allows, what was put down for the meter, and what Stripe was told of it. */
import StripeClient from 'stripe'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { meterName } from './catalog'
import { customerOf } from './customers'
import { plans } from './plans'
import { lockBilling } from './provider.demo'
import { countMessages, readSubscription } from './read'
import { billedOf, extraOf, monthOf, overageOf, type Spend, toEntitlements } from './rules'
import type { Stripe } from './stripe-client'

export async function readSpend(tx: Tx, ctx: Ctx): Promise<Spend> {
  const row = await tx.spendLimit.findUnique({
    where: { accountId: ctx.accountId },
    select: { cap: true, alert: true },
  })
  return row ?? { cap: 0, alert: null }
}

/** A new alert counts anew in the running month. */
export async function saveSpend(tx: Tx, ctx: Ctx, spend: Spend): Promise<void> {
  const { accountId } = ctx
  const data = { ...spend, alerted: null, updatedAt: ctx.now() }
  await tx.spendLimit.upsert({ where: { accountId }, create: { accountId, ...data }, update: data })
}

/** True once a month: the alert is the caller's to send. */
export async function takeAlert(tx: Tx, ctx: Ctx, month: Date): Promise<boolean> {
  const where = { accountId: ctx.accountId, OR: [{ alerted: null }, { alerted: { lt: month } }] }
  return (await tx.spendLimit.updateMany({ where, data: { alerted: month } })).count === 1
}

/** The most that a plan has included in the month: changing to a smaller one makes nothing dearer that was included. */
async function includedIn(tx: Tx, ctx: Ctx, month: Date, now: number): Promise<{ included: number; reported: number }> {
  const { accountId } = ctx
  const [row] = await tx.$queryRaw<{ included: number; reported: number }[]>`
    INSERT INTO usage_month (account_id, month, included) VALUES (${accountId}::uuid, ${month}::date, ${now})
    ON CONFLICT (account_id, month) DO UPDATE SET included = GREATEST(usage_month.included, excluded.included)
    RETURNING included, reported`
  return row as { included: number; reported: number }
}

/** What the running month includes, and how many messages beyond it were put down: the plan's, or a larger one's of this month. */
export async function readMonth(tx: Tx, ctx: Ctx, planned: number): Promise<{ included: number; reported: number }> {
  const { start } = monthOf(ctx.now())
  const row = await tx.usageMonth.findUnique({
    where: { accountId_month: { accountId: ctx.accountId, month: start } },
    select: { included: true, reported: true },
  })
  return { included: Math.max(planned, row?.included ?? 0), reported: row?.reported ?? 0 }
}

/** What of a month is beyond the plan and billed, as it stands now. */
export interface Beyond {
  /** Messages, the billed ones only. */
  messages: number
  /** Of a thousand, hundredths; null where the plan sells none. */
  price: number | null
}

/** Puts down what the meter has not been told yet, and returns what is billed of this month. Counts under the account's lock. */
export async function putDown(tx: Tx, ctx: Ctx): Promise<Beyond & { month: Date }> {
  await lockBilling(tx, ctx)
  const now = ctx.now()
  const subscription = await readSubscription(tx, ctx)
  const { cap } = await readSpend(tx, ctx)
  const extra = extraOf(subscription, cap)
  const here = monthOf(now)
  const before = monthOf(new Date(here.start.getTime() - 1))
  const plan = toEntitlements(subscription, now).plan
  let billed = 0
  // Labels of the last minutes of a month are put down in the next one's first day.
  const months = now.getTime() - here.start.getTime() < 86_400_000 ? [before, here] : [here]
  for (const month of months) {
    const least = month === here ? plans[plan].messages : 0
    const { included, reported } = await includedIn(tx, ctx, month.start, least)
    // A month that nobody looked at had no plan of ours.
    billed = included ? billedOf(await countMessages(tx, ctx, month), included, extra) : 0
    if (billed <= reported) continue
    const key = { accountId: ctx.accountId, month: month.start }
    await tx.usageReport.create({ data: { ...key, first: reported, count: billed - reported, createdAt: now } })
    await tx.usageMonth.update({ where: { accountId_month: key }, data: { reported: billed } })
  }
  const price = subscription && plan !== 'free' ? overageOf(subscription) : null
  return { messages: billed, price, month: here.start }
}

interface Report {
  month: Date
  first: number
  count: number
  createdAt: Date
}

/** What was put down and not told yet, the oldest first. */
export async function untold(tx: Tx, ctx: Ctx): Promise<{ customer: string | null; reports: Report[] }> {
  const reports = await tx.usageReport.findMany({
    where: { accountId: ctx.accountId, sentAt: null },
    orderBy: [{ month: 'asc' }, { first: 'asc' }],
    take: 100,
    select: { month: true, first: true, count: true, createdAt: true },
  })
  return { customer: await customerOf(tx, ctx), reports }
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
  const meters = await stripe.billing.meters.list({ status: 'active', limit: 100 })
  const meter = meters.data.find(({ event_name }) => event_name === meterName)
  if (!meter) return false
  // Whole hours are what the summaries take.
  const seconds = (date: Date) => Math.floor(date.getTime() / 1_000)
  const start = Math.floor(seconds(report.month) / hour) * hour
  const end = Math.ceil(seconds(ctx.now()) / hour) * hour
  const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
    customer,
    start_time: start,
    end_time: end,
  })
  const counted = data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0)
  return counted >= noted + report.count
}

/** Messages that Stripe was told since a month began, as far as is noted. */
export async function notedSince(tx: Tx, ctx: Ctx, month: Date): Promise<number> {
  const where = { accountId: ctx.accountId, sentAt: { gte: month } }
  return (await tx.usageReport.aggregate({ where, _sum: { count: true } }))._sum.count ?? 0
}

/** Stripe refuses an identifier that it has counted; some of these answers carry a code, some only the words. */
const isCounted = (error: unknown): boolean =>
  error instanceof StripeClient.errors.StripeInvalidRequestError &&
  (error.code === 'duplicate_meter_event' || /event already exists with identifier/i.test(error.message))

/** Tells the meter. Its identifier is made of what it counts, so that Stripe counts it once however often it is told. */
export async function tellMeter(stripe: Stripe, ctx: Ctx, customer: string, report: Report): Promise<void> {
  const month = report.month.toISOString().slice(0, 7)
  const event = {
    event_name: meterName,
    identifier: `${ctx.accountId}-${month}-${report.first}`,
    payload: { stripe_customer_id: customer, value: String(report.count) },
  }
  await stripe.billing.meterEvents.create(event).catch((error) => {
    // Told before, by a worker that died before it noted so.
    if (!isCounted(error)) throw error
  })
}

export async function markTold(tx: Tx, ctx: Ctx, { month, first }: Pick<Report, 'month' | 'first'>): Promise<void> {
  const key = { accountId: ctx.accountId, month, first }
  await tx.usageReport.update({ where: { accountId_month_first: key }, data: { sentAt: ctx.now() } })
}
