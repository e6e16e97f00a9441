/** The operator's view of billing, over all accounts: names, plans, amounts and events; nothing of what they write. System role. */
import { AppError } from '@/lib/core/errors'
import type { Tx } from '@/lib/platform/db/in-account'
import type { AddOn, Currency } from './plans'
import { subscriptionsOf } from './read'
import { addMoney, type Money, mrrOf, paidByWay, ways } from './revenue'
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

export interface StripeEventRow {
  id: string
  type: string
  state: 'queued' | 'done' | 'ignored' | 'failed'
  attempts: number
  problem: string | null
  createdAt: Date
  receivedAt: Date
}

export interface Operation {
  accounts: OperatedAccount[]
  mrr: Money
  /** Paid this month (UTC) and not given back. */
  paid: Money
  events: StripeEventRow[]
}

/** The newest accounts and events that are shown. */
const most = 500

export async function readOperation(tx: Tx, now: Date): Promise<Operation> {
  const month = monthOf(now)
  const rows = await tx.account.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: most,
    select: { id: true, slug: true, name: true, createdAt: true },
  })
  const ids = rows.map(({ id }) => id)
  const subscriptions = await subscriptionsOf(tx, ids, now)
  const bought = await tx.subscription.findMany({ select: { accountId: true, provider: true, addOns: true } })
  const used = await tx.usageRecord.groupBy({
    by: ['accountId'],
    where: { createdAt: { gte: month.start, lt: month.end } },
    _count: { accountId: true },
  })
  const mrr: Money = {}
  const accounts = rows.map((row): OperatedAccount => {
    const subscription = subscriptions.get(row.id) ?? null
    const extra = bought.find(({ accountId }) => accountId === row.id)
    const addOns = (extra?.addOns ?? []) as AddOn[]
    const provider = (extra?.provider ?? null) as OperatedAccount['provider']
    const monthly = subscription && provider === 'stripe' ? mrrOf(subscription, addOns) : null
    if (subscription && monthly) addMoney(mrr, subscription.currency, monthly)
    const { plan, graceUntil, readOnly } = toEntitlements(subscription, now)
    return {
      ...row,
      provider,
      subscription,
      addOns,
      plan,
      graceUntil,
      readOnly,
      mrr: monthly ? ways.reduce((sum, way) => sum + monthly[way], 0) : 0,
      messages: used.find(({ accountId }) => accountId === row.id)?._count.accountId ?? 0,
    }
  })
  const invoices = await tx.invoice.findMany({
    where: { createdAt: { gte: month.start, lt: month.end }, paid: { gt: 0 } },
    select: { currency: true, paid: true, refunded: true, total: true, kinds: true },
  })
  const paid: Money = {}
  for (const { kinds, ...invoice } of invoices)
    addMoney(paid, invoice.currency as Currency, paidByWay([{ ...invoice, kinds: (kinds ?? {}) as object }]))
  return { accounts, mrr, paid, events: await listStripeEvents(tx) }
}

async function listStripeEvents(tx: Tx): Promise<StripeEventRow[]> {
  const rows = await tx.stripeEvent.findMany({
    orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
    take: 100,
    select: { id: true, type: true, state: true, attempts: true, problem: true, createdAt: true, receivedAt: true },
  })
  return rows.map((row) => ({ ...row, state: row.state as StripeEventRow['state'] }))
}

/** An event is acted on once more; that reads Stripe again and so does no harm. @throws not_found */
export async function replayStripeEvent(tx: Tx, id: string, now: Date): Promise<void> {
  const data = { state: 'queued', attempts: 0, problem: null, dueAt: now, doneAt: null }
  const { count } = await tx.stripeEvent.updateMany({ where: { id, state: { not: 'queued' } }, data })
  if (count !== 1) throw new AppError('not_found')
}
