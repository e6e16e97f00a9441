/** The operator's long lists, a page at a time: accounts with their plan and use, and what Stripe sent. System role. */
import { AppError } from '@/lib/core/errors'
import type { Tx } from '@/lib/platform/db/in-account'
import { hasEnded } from './from-stripe'
import type { AddOn } from './plans'
import { subscriptionsOf } from './read'
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

/**
 * Accounts, the newest first: ids sort by time, so the last one of a page says where the next begins.
 * @param search part of a name or an address (slug)
 */
export async function listAccounts(tx: Tx, now: Date, search: string, before: string | null): Promise<AccountPage> {
  // The library leaves the database's signs as they are.
  const contains = { contains: search.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const }
  const rows = await tx.account.findMany({
    where: {
      ...(search ? { OR: [{ name: contains }, { slug: contains }] } : {}),
      ...(before ? { id: { lt: before } } : {}),
    },
    orderBy: { id: 'desc' },
    take: page + 1,
    select: { id: true, slug: true, name: true, createdAt: true },
  })
  const shown = rows.slice(0, page)
  const ids = shown.map(({ id }) => id)
  const subscriptions = await subscriptionsOf(tx, ids, now)
  const where = { accountId: { in: ids } }
  const bought = await tx.subscription.findMany({
    where,
    select: { accountId: true, provider: true, addOns: true, monthly: true },
  })
  const month = monthOf(now)
  const used = await tx.usageRecord.groupBy({
    by: ['accountId'],
    where: { ...where, createdAt: { gte: month.start, lt: month.end } },
    _count: { accountId: true },
  })
  const accounts = shown.map((row): OperatedAccount => {
    const subscription = subscriptions.get(row.id) ?? null
    const extra = bought.find(({ accountId }) => accountId === row.id)
    const runs = subscription && !hasEnded(subscription.state)
    const addOns = (runs ? (extra?.addOns ?? []) : []) as AddOn[]
    const provider = (extra?.provider ?? null) as OperatedAccount['provider']
    const monthly = subscription && provider === 'stripe' ? mrrOf(subscription.state, extra?.monthly) : null
    const { plan, graceUntil, readOnly } = toEntitlements(subscription, now)
    const mrr = monthly ? ways.reduce((sum, way) => sum + monthly[way], 0) : 0
    const messages = used.find(({ accountId }) => accountId === row.id)?._count.accountId ?? 0
    return { ...row, provider, subscription, addOns, plan, graceUntil, readOnly, mrr, messages }
  })
  return { accounts, next: rows.length > page ? (shown.at(-1)?.id ?? null) : null }
}

export const eventStates = ['queued', 'done', 'ignored', 'failed'] as const

export interface StripeEventRow {
  id: string
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
    select: { id: true, type: true, state: true, attempts: true, problem: true, createdAt: true, receivedAt: true },
  })
  const events = rows.slice(0, page).map((row) => ({ ...row, state: row.state as StripeEventRow['state'] }))
  return { events, next: rows.length > page ? (events.at(-1)?.id ?? null) : null }
}

/** An event is acted on once more; that reads Stripe again and so does no harm. @throws not_found */
export async function replayStripeEvent(tx: Tx, id: string, now: Date): Promise<void> {
  const data = { state: 'queued', attempts: 0, problem: null, dueAt: now, doneAt: null }
  const { count } = await tx.stripeEvent.updateMany({ where: { id, state: { not: 'queued' } }, data })
  if (count !== 1) throw new AppError('not_found')
}
