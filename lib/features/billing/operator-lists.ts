/** The operator's long lists, a page at a time: accounts with their plan and use, and what Stripe sent. System role. */
import { AppError } from '@/lib/core/errors'
import type { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'
import type { AddOn, PlanName } from './plans'
import { boughtOf, toSubscription } from './read'
import { mrrOf, ways } from './revenue'
import { type Entitlements, monthOf, type Subscription, toEntitlements } from './rules'

export interface OperatedAccount {
  id: string
  slug: string
  name: string
  createdAt: Date
  provider: 'demo' | 'stripe' | null
  subscription: Subscription | null
  addOns: AddOn[]
  /** At Stripe. */
  customer: string | null
  plan: Entitlements['plan']
  graceUntil: Date | null
  readOnly: boolean
  /** Hundredths a month, all ways together; only what Stripe bills. */
  mrr: number
  /** Labelled this month. */
  messages: number
}

export interface AccountPage {
  accounts: OperatedAccount[]
  /** Give it back as `before`; null on the last page. */
  next: string | null
}

const page = 50

/** Where an account stands with what it pays at Stripe; `none` pays nothing and never did. */
export const standings = ['active', 'trialing', 'due', 'ended', 'none'] as const

const standingWhere = (now: Date): Record<(typeof standings)[number], Prisma.AccountWhereInput> => ({
  active: { subscription: { provider: 'stripe', state: 'active' } },
  trialing: { subscription: { provider: 'stripe', state: 'trialing' } },
  due: {
    subscription: {
      provider: 'stripe',
      // An invoice that is sent is due on a day of its own, which may lie ahead.
      OR: [{ state: { in: ['past_due', 'unpaid', 'incomplete'] } }, { pastDueSince: { lte: now } }],
    },
  },
  ended: { subscription: { provider: 'stripe', state: { in: ['canceled', 'incomplete_expired', 'paused'] } } },
  none: { NOT: { subscription: { provider: 'stripe' } } },
})

/** Of all accounts. */
export interface Wanted {
  /** Part of a name or an address (slug). */
  search: string
  standing?: (typeof standings)[number] | undefined
  plan?: PlanName | undefined
}

/** Accounts, the newest first: ids sort by time, so the last one of a page says where the next begins. */
export async function listAccounts(
  tx: Tx,
  now: Date,
  { search, standing, plan: wanted }: Wanted,
  before: string | null,
): Promise<AccountPage> {
  // The library leaves the database's signs as they are.
  const contains = { contains: search.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const }
  const rows = await tx.account.findMany({
    where: {
      ...(search ? { OR: [{ name: contains }, { slug: contains }] } : {}),
      ...(before ? { id: { lt: before } } : {}),
      AND: [
        standing ? standingWhere(now)[standing] : {},
        wanted ? { subscription: { provider: 'stripe', plan: wanted } } : {},
      ],
    },
    orderBy: { id: 'desc' },
    take: page + 1,
    select: { id: true, slug: true, name: true, createdAt: true },
  })
  const shown = rows.slice(0, page)
  const ids = shown.map(({ id }) => id)
  const where = { accountId: { in: ids } }
  const bought = await tx.subscription.findMany({ where })
  const customers = await tx.billingCustomer.findMany({ where, select: { accountId: true, stripeId: true } })
  const month = monthOf(now)
  const used = await tx.usageRecord.groupBy({
    by: ['accountId'],
    where: { ...where, createdAt: { gte: month.start, lt: month.end } },
    _count: { accountId: true },
  })
  const accounts = shown.map((row): OperatedAccount => {
    const extra = bought.find(({ accountId }) => accountId === row.id)
    const subscription = extra ? toSubscription(extra, now) : null
    const addOns = extra ? [...boughtOf(extra, now).addOns] : []
    const provider = (extra?.provider ?? null) as OperatedAccount['provider']
    const monthly = subscription && provider === 'stripe' ? mrrOf(extra?.monthly) : null
    const { plan, graceUntil, readOnly } = toEntitlements(subscription, now)
    const mrr = monthly ? ways.reduce((sum, way) => sum + monthly[way], 0) : 0
    const messages = used.find(({ accountId }) => accountId === row.id)?._count.accountId ?? 0
    const customer = customers.find(({ accountId }) => accountId === row.id)?.stripeId ?? null
    return { ...row, provider, subscription, addOns, customer, plan, graceUntil, readOnly, mrr, messages }
  })
  return { accounts, next: rows.length > page ? (shown.at(-1)?.id ?? null) : null }
}

export const eventStates = ['queued', 'done', 'ignored', 'failed'] as const

export interface StripeEventRow {
  id: string
  /** Whose it is, by name; null where it names no customer, or a stranger. */
  account: string | null
  type: string
  state: (typeof eventStates)[number]
  attempts: number
  problem: string | null
  createdAt: Date
  receivedAt: Date
}

export interface EventPage {
  events: StripeEventRow[]
  next: string | null
}

/** What Stripe sent, the newest first. @param before the last event of the page before */
export async function listStripeEvents(
  tx: Tx,
  state: StripeEventRow['state'] | null,
  before: string | null,
): Promise<EventPage> {
  const last = before && (await tx.stripeEvent.findUnique({ where: { id: before }, select: { receivedAt: true } }))
  // An event that was removed meanwhile was an old one: there is nothing behind it.
  if (before && !last) return { events: [], next: null }
  const rows = await tx.stripeEvent.findMany({
    where: {
      ...(state ? { state } : {}),
      ...(last
        ? { OR: [{ receivedAt: { lt: last.receivedAt } }, { receivedAt: last.receivedAt, id: { lt: before ?? '' } }] }
        : {}),
    },
    orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
    take: page + 1,
    select: {
      id: true,
      type: true,
      customer: true,
      state: true,
      attempts: true,
      problem: true,
      createdAt: true,
      receivedAt: true,
    },
  })
  const shown = rows.slice(0, page)
  const names = await namesOf(
    tx,
    shown.flatMap(({ customer }) => customer ?? []),
  )
  const events = shown.map(({ customer, ...row }) => ({
    ...row,
    account: names.get(customer ?? '') ?? null,
    state: row.state as StripeEventRow['state'],
  }))
  return { events, next: rows.length > page ? (events.at(-1)?.id ?? null) : null }
}

/** Names of accounts by their customer at Stripe. */
async function namesOf(tx: Tx, customers: string[]): Promise<Map<string, string>> {
  const rows = await tx.billingCustomer.findMany({
    where: { stripeId: { in: customers } },
    select: { stripeId: true, account: { select: { name: true } } },
  })
  return new Map(rows.map(({ stripeId, account }) => [stripeId ?? '', account.name]))
}

/** An event is acted on once more; that reads Stripe again and so does no harm. @throws not_found */
export async function replayStripeEvent(tx: Tx, id: string, now: Date): Promise<void> {
  const data = { state: 'queued', attempts: 0, problem: null, dueAt: now, doneAt: null }
  const { count } = await tx.stripeEvent.updateMany({ where: { id, state: { not: 'queued' } }, data })
  if (count !== 1) throw new AppError('not_found')
}
