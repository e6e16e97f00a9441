/** The operator's view of billing, over all accounts: what was earned and what needs a hand; names, plans and amounts only. System role. */
import type { Tx } from '@/lib/platform/db/in-account'
import type { Odd } from './from-stripe'
import { earnedIn, type Moved, movedIn } from './months'
import type { Currency } from './plans'
import { boughtOf, toSubscription } from './read'
import { addMoney, type Money, mrrOf } from './revenue'
import { monthOf, toEntitlements } from './rules'

/** One thing that an operator may want to look at. */
export type Attention =
  | ({ kind: 'due' | 'readOnly' | 'trial' | 'incomplete'; date: Date; owed: Owed[] } & Whose)
  | ({ kind: Odd } & Whose)
  | ({ kind: 'dispute'; amount: number; currency: Currency; invoice: string | null } & Whose)
  | { kind: 'event'; id: string; type: string; attempts: number }

interface Whose {
  /** Its name. */
  account: string
  /** At Stripe. */
  customer: string | null
}

/** What is open on invoices, hundredths. */
interface Owed {
  amount: number
  currency: Currency
}

export interface Operation {
  mrr: Money
  /** Paid in the month (UTC) that was asked for, less what was given back or taken by banks in it. */
  paid: Money
  /** In that month. */
  moved: Moved
  /** Models made to order: accounts that have the service, and trainings that were ordered for them this month. */
  made: { accounts: number; orders: number }
  attention: Attention[]
}

const week = 7 * 86_400_000
/** Of each kind, this many are named. */
const named = 50

/** @param month any time in the month whose money is shown */
export async function readOperation(tx: Tx, now: Date, month = now): Promise<Operation> {
  const rows = await tx.subscription.findMany({ where: { provider: 'stripe' } })
  const mrr: Money = {}
  const soon: { kind: 'due' | 'readOnly' | 'trial' | 'incomplete'; accountId: string; date: Date }[] = []
  for (const row of rows) {
    const { accountId } = row
    const subscription = toSubscription(row, now)
    addMoney(mrr, subscription.currency, mrrOf(row.monthly))
    const { graceUntil, readOnly } = toEntitlements(subscription, now)
    const { state, trialEnd } = subscription
    if (graceUntil) soon.push({ kind: readOnly ? 'readOnly' : 'due', accountId, date: graceUntil })
    // A first payment that was not made; a day later Stripe lets it go.
    else if (state === 'incomplete') soon.push({ kind: 'incomplete', accountId, date: subscription.periodStart })
    else if (state === 'trialing' && trialEnd && trialEnd.getTime() - now.getTime() < week)
      soon.push({ kind: 'trial', accountId, date: trialEnd })
  }
  soon.sort((a, b) => a.date.getTime() - b.date.getTime())
  const order = ['readOnly', 'due', 'incomplete', 'trial'] as const
  const shown = order.flatMap((kind) => soon.filter((one) => one.kind === kind).slice(0, named))
  const disputed = await tx.invoice.findMany({
    where: { disputed: true },
    orderBy: { createdAt: 'desc' },
    take: named,
    select: { accountId: true, number: true, paid: true, currency: true },
  })
  const odd = await tx.billingCustomer.findMany({
    where: { odd: { isEmpty: false } },
    take: named,
    select: { accountId: true, odd: true },
  })
  const whose = await whoseOf(tx, [...shown, ...disputed, ...odd])
  const owed = await owedBy(tx, shown)
  const failed = await tx.stripeEvent.findMany({
    where: { state: 'failed' },
    orderBy: { receivedAt: 'desc' },
    take: named,
    select: { id: true, type: true, attempts: true },
  })
  return {
    mrr,
    paid: await earnedIn(tx, month),
    moved: await movedIn(tx, month),
    made: await madeIn(tx, rows, now),
    attention: [
      ...shown.map(({ accountId, ...one }) => ({ ...one, owed: owed.get(accountId) ?? [], ...whose(accountId) })),
      ...disputed.map(({ accountId, number, paid, currency }) => ({
        kind: 'dispute' as const,
        ...whose(accountId),
        // Of its total, credit from before may have paid a part, which no bank takes back.
        amount: paid,
        currency: currency as Currency,
        invoice: number,
      })),
      ...odd.flatMap(({ accountId, odd }) => odd.map((kind) => ({ kind: kind as Odd, ...whose(accountId) }))),
      ...failed.map((one) => ({ kind: 'event' as const, ...one })),
    ],
  }
}

async function madeIn(
  tx: Tx,
  rows: readonly (Parameters<typeof boughtOf>[0] & { accountId: string })[],
  now: Date,
): Promise<Operation['made']> {
  const having = rows.filter((row) => boughtOf(row, now).addOns.includes('model'))
  const ids = having.map(({ accountId }) => accountId)
  const { start, end } = monthOf(now)
  const where = { accountId: { in: ids }, createdAt: { gte: start, lt: end } }
  const ordered = await tx.trainingOrder.groupBy({ by: ['accountId'], where, _count: { accountId: true } })
  return { accounts: ids.length, orders: ordered.reduce((sum, { _count }) => sum + _count.accountId, 0) }
}

async function whoseOf(tx: Tx, rows: readonly { accountId: string }[]): Promise<(accountId: string) => Whose> {
  const ids = [...new Set(rows.map(({ accountId }) => accountId))]
  const names = await tx.account.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const where = { accountId: { in: ids } }
  const customers = await tx.billingCustomer.findMany({ where, select: { accountId: true, stripeId: true } })
  return (accountId) => ({
    account: names.find(({ id }) => id === accountId)?.name ?? '',
    customer: customers.find((one) => one.accountId === accountId)?.stripeId ?? null,
  })
}

/** Open invoices of accounts, each currency by itself. */
async function owedBy(tx: Tx, rows: readonly { accountId: string }[]): Promise<Map<string, Owed[]>> {
  const where = { accountId: { in: rows.map(({ accountId }) => accountId) }, state: 'open' }
  const select = { accountId: true, currency: true, total: true, paid: true, due: true }
  const found = new Map<string, Owed[]>()
  for (const { accountId, total, paid, due, ...row } of await tx.invoice.findMany({ where, select })) {
    const [owed, amount, currency] = [found.get(accountId) ?? [], due ?? total - paid, row.currency as Currency]
    const rest = owed.filter((one) => one.currency !== currency)
    const sum = amount + owed.reduce((all, one) => all + (one.currency === currency ? one.amount : 0), 0)
    if (sum > 0) found.set(accountId, [...rest, { amount: sum, currency }])
  }
  return found
}
