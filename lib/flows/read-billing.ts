/** What an account pays for, what it has used of it, and what each other plan would mean. */

import { stringify } from 'csv-stringify/sync'
import { canManageAccount, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { type AfterChange, afterChange } from '@/lib/features/billing/by-time'
import { readDemoCharges } from '@/lib/features/billing/demo-preview'
import { readMonth, readSaid } from '@/lib/features/billing/metering'
import type { Charge } from '@/lib/features/billing/monthly'
import { beyond as beyondPlaces, readPlaced } from '@/lib/features/billing/places'
import {
  type AddOn,
  addOnNames,
  type Feature,
  includesAddOn,
  type PlanName,
  planNames,
  plans,
} from '@/lib/features/billing/plans'
import { triedElsewhere } from '@/lib/features/billing/provider.stripe'
import {
  addOnsOf,
  countSeats,
  holdsLabels,
  isManaged,
  type ListedInvoice,
  labelsFor,
  listInvoices,
  readCharges,
  readSubscription,
} from '@/lib/features/billing/read'
import {
  type Bought,
  billablePrice,
  billedOf,
  costOf,
  type Entitlements,
  extraOf,
  forecast,
  labelsOf,
  lostWith,
  type Measure,
  measures,
  monthOf,
  type Over,
  overageOf,
  overOf,
  type Said,
  type Spend,
  type Subscription,
  spendFor,
  toEntitlements,
} from '@/lib/features/billing/rules'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { type UsageDay, type UsageRow, usageAndBilled, usageByDay, usageRows } from '@/lib/features/billing/usage'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { usedOf } from './within-plan'

export interface Billing {
  /** Demo: no money moves. */
  provider: 'demo' | 'stripe'
  entitlements: Entitlements
  subscription: Subscription | null
  /** False for a plan from the time of demo billing, where money moves now: nothing is paid for it, and a real one can be taken. */
  managed: boolean
  /** A plan that the reader takes now begins with a trial: one for each account, and each person who owns some. */
  trial: boolean
  used: Record<Measure, number>
  /** Members: what is paid for. Open invitations count against a limit only. */
  people: number
  /** What is charged next, services and discounts included: by the month, by the year. In demo billing: would be. */
  charges: Charge[]
  /** Labelled messages by the end of the month, once there is a day to tell from; null also where no more get a label. */
  forecast: number | null
  month: { start: Date; end: Date }
  /** The account is there since then: no month before has anything. */
  began: Date
  /** Labelled messages of each day (UTC) of this month that had any. */
  days: UsageDay[]
  /** Messages beyond the plan: what may be spent on them, what a thousand costs (null: none can be had), and what was. */
  beyond: Spend & {
    price: number | null
    cost: number
    /** The cost by the end of the month, as the messages' forecast. */
    forecast: number | null
    /** The cap as it was set: it holds for plans in its currency. */
    said: Said | null
    /** Messages of this month that get a label, with all that; null: each. */
    labels: number | null
    /** The next one is billed. */
    bills: boolean
  }
  /** Sold here beside the plans, whether the account has it, and whether its plan includes all of it. */
  addOns: {
    name: AddOn
    on: boolean
    included: boolean /** Paid on its own: it goes on when the plan ends. */
    own: boolean
  }[]
  /** The newest first. */
  invoices: ListedInvoice[]
  /** Of each plan, what the account has more of than it includes. */
  over: Record<PlanName, Over[]>
  /** Who could only read with the Free plan: members beyond the people that it includes. */
  waits: string[]
  /** Of each plan, what the account has now that it does not include. */
  lost: Record<PlanName, Feature[]>
  /** Of each plan, what this month would include with a change to it now (of the one that is held: what it does), and from when it is open. */
  after: Record<PlanName, AfterChange>
}

export async function readBilling(ctx: Ctx): Promise<Billing> {
  requireMember(ctx, canManageAccount)
  const now = ctx.now()
  const month = monthOf(now)
  const billed = stripeOf(ctx.services) !== null
  const tried = billed && (await triedElsewhere(ctx))
  return inAccount(ctx, async (tx) => {
    const subscription = await readSubscription(tx, ctx)
    const bought = await addOnsOf(tx, ctx)
    const entitlements = toEntitlements(subscription, now, bought)
    const used = {} as Record<Measure, number>
    for (const measure of measures) used[measure] = await usedOf(tx, ctx, measure)
    const where = { id: ctx.accountId }
    const { createdAt: began } = await tx.account.findUniqueOrThrow({ where, select: { createdAt: true } })
    // An account that began within the month has a shorter one to tell from.
    const expected = forecast(used.messages, laterOf(began, month.start), month.end, now)
    const beyond = await readBeyond(tx, ctx, subscription, used.messages, expected)
    const { labels } = beyond
    const managed = await isManaged(tx, ctx)
    return {
      provider: billed ? 'stripe' : 'demo',
      entitlements,
      subscription,
      managed,
      trial: !tried && !(subscription && managed),
      used,
      people: await countSeats(tx, ctx),
      charges: await (billed ? readCharges : readDemoCharges)(tx, ctx),
      forecast:
        labels === null || expected === null ? expected : used.messages < labels ? Math.min(expected, labels) : null,
      month,
      began,
      days: await usageByDay(tx, ctx, month),
      beyond,
      addOns: soldTo(entitlements.plan, bought, ctx.services.env.LINGXI_ADD_ONS),
      invoices: await listInvoices(tx, ctx),
      over: byPlan((plan) => overOf(plan, used)),
      waits: beyondPlaces(await readPlaced(tx, ctx), plans.free.seats).map(({ name }) => name),
      lost: byPlan((plan) => lostWith(plan, entitlements, bought)),
      after: {
        free: await afterChange(tx, ctx, 'free'),
        pro: await afterChange(tx, ctx, 'pro'),
        business: await afterChange(tx, ctx, 'business'),
      },
    }
  })
}

const laterOf = (one: Date, other: Date): Date => (one > other ? one : other)

const byPlan = <T>(of: (plan: PlanName) => T) =>
  Object.fromEntries(planNames.map((plan) => [plan, of(plan)])) as Record<PlanName, T>

const soldTo = (plan: PlanName, { addOns, own }: Bought, sold: readonly AddOn[]): Billing['addOns'] =>
  addOnNames
    .filter((name) => sold.includes(name) || addOns.includes(name))
    .map((name) => ({
      name,
      on: addOns.includes(name),
      included: includesAddOn(plan, name),
      own: own.includes(name),
    }))

async function readBeyond(
  tx: Tx,
  ctx: Ctx,
  subscription: Subscription | null,
  used: number,
  expected: number | null,
): Promise<Billing['beyond']> {
  const said = await readSaid(tx, ctx)
  const spend = spendFor(said, subscription)
  const entitlements = toEntitlements(subscription, ctx.now())
  const { plan } = entitlements
  const price = subscription && plan !== 'free' ? overageOf(subscription) : null
  const bills = (await isManaged(tx, ctx)) ? billablePrice(subscription) : null
  const counted = await readMonth(tx, ctx, plans[plan].messages, bills)
  const { included, reported, spent } = counted
  const costAt = (messages: number) =>
    costOf(spent + billedOf(messages, included + reported, extraOf(bills, spend.cap, spent)) * (bills ?? 0))
  const labels = holdsLabels(ctx, plan) ? labelsFor(entitlements, labelsOf(counted, bills, spend.cap)) : null
  return {
    ...spend,
    said,
    price,
    cost: costAt(used),
    forecast: expected === null ? null : costAt(expected),
    labels,
    bills: labels !== null && used >= included + reported && used < labels,
  }
}

/** Labelled messages per day of this month and the twelve before, and how many of them were billed, as CSV. */
export async function exportUsage(ctx: Ctx): Promise<string> {
  requireMember(ctx, canManageAccount)
  const { start, end } = monthOf(ctx.now())
  const year = new Date(Date.UTC(start.getUTCFullYear() - 1, start.getUTCMonth(), 1))
  const days = await inAccount(ctx, async (tx) => {
    const used = await usageAndBilled(tx, ctx, { start: year, end })
    await record(tx, ctx, { act: 'export.usage' })
    return used
  })
  return stringify(days, { header: true, columns: ['day', 'messages', 'billed'] })
}

const page = 5_000

/** Every labelled message of a month, as CSV in parts: its id, when it was counted, and whether the plan included it or it was billed. */
export async function* exportUsageRows(ctx: Ctx, month: Date): AsyncIterable<string> {
  requireMember(ctx, canManageAccount)
  const span = monthOf(month)
  const days = await inAccount(ctx, async (tx) => {
    await record(tx, ctx, { act: 'export.usage' })
    return usageAndBilled(tx, ctx, span)
  })
  const left = new Map(days.map(({ day, messages, billed }) => [day, { included: messages - billed, billed }]))
  const isBilled = (day: string): boolean => {
    const of = left.get(day)
    // What is labelled while the file is read was put down for no bill yet.
    return of !== undefined && of.included-- <= 0 && of.billed-- > 0
  }
  const lineOf = ({ messageId, createdAt }: UsageRow): string => {
    const at = createdAt.toISOString()
    return `${messageId},${at},${isBilled(at.slice(0, 10)) ? 'billed' : 'included'}\n`
  }
  yield 'message,counted_at,charge\n'
  for (let last: UsageRow | null = null; ; ) {
    const rows: UsageRow[] = await inAccount(ctx, (tx) => usageRows(tx, ctx, span, last, page))
    if (rows.length) yield rows.map(lineOf).join('')
    if (rows.length < page) return
    last = rows.at(-1) as UsageRow
  }
}
