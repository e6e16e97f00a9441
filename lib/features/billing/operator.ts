/** The operator's view of billing, over all accounts: what was earned and what needs a hand; names, plans and amounts only. System role. */
import type { Tx } from '@/lib/platform/db/in-account'
import { hasEnded, type Odd } from './from-stripe'
import type { Currency } from './plans'
import { toSubscription } from './read'
import { addMoney, flowOf, type Money, mrrOf, paidByWay } from './revenue'
import { monthOf, toEntitlements } from './rules'

/** One thing that an operator may want to look at. */
export type Attention =
  | { kind: 'due' | 'readOnly' | 'trial' | 'incomplete'; account: string; date: Date }
  | { kind: Odd; account: string }
  | { kind: 'dispute'; account: string; amount: number; currency: Currency; invoice: string | null }
  | { kind: 'event'; id: string; type: string; attempts: number }

export interface Operation {
  mrr: Money
  /** Paid this month (UTC), less what was given back or taken by banks in it. */
  paid: Money
  /** Models made to order: accounts that have the service, and trainings that were ordered for them this month. */
  made: { accounts: number; orders: number }
  attention: Attention[]
}

const week = 7 * 86_400_000
/** Of each kind, this many are named. */
const named = 50

export async function readOperation(tx: Tx, now: Date): Promise<Operation> {
  const rows = await tx.subscription.findMany({ where: { provider: 'stripe' } })
  const mrr: Money = {}
  const soon: { kind: 'due' | 'readOnly' | 'trial' | 'incomplete'; accountId: string; date: Date }[] = []
  for (const row of rows) {
    const { accountId } = row
    const subscription = toSubscription(row, now)
    addMoney(mrr, subscription.currency, mrrOf(subscription.state, row.monthly))
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
    select: { accountId: true, number: true, total: true, currency: true },
  })
  const odd = await tx.billingCustomer.findMany({
    where: { odd: { isEmpty: false } },
    take: named,
    select: { accountId: true, odd: true },
  })
  const names = await namesOf(tx, [...shown, ...disputed, ...odd])
  const failed = await tx.stripeEvent.findMany({
    where: { state: 'failed' },
    orderBy: { receivedAt: 'desc' },
    take: named,
    select: { id: true, type: true, attempts: true },
  })
  return {
    mrr,
    paid: await paidIn(tx, now),
    made: await madeIn(tx, rows, now),
    attention: [
      ...shown.map(({ accountId, ...one }) => ({ ...one, account: names.get(accountId) ?? '' })),
      ...disputed.map(({ accountId, number, total, currency }) => ({
        kind: 'dispute' as const,
        account: names.get(accountId) ?? '',
        amount: total,
        currency: currency as Currency,
        invoice: number,
      })),
      ...odd.flatMap(({ accountId, odd }) =>
        odd.map((kind) => ({ kind: kind as Odd, account: names.get(accountId) ?? '' })),
      ),
      ...failed.map((one) => ({ kind: 'event' as const, ...one })),
    ],
  }
}

async function madeIn(
  tx: Tx,
  rows: readonly { accountId: string; state: string; addOns: string[] }[],
  now: Date,
): Promise<Operation['made']> {
  const having = rows.filter(({ state, addOns }) => addOns.includes('model') && !hasEnded(state))
  const ids = having.map(({ accountId }) => accountId)
  const { start, end } = monthOf(now)
  const where = { accountId: { in: ids }, createdAt: { gte: start, lt: end } }
  const ordered = await tx.trainingOrder.groupBy({ by: ['accountId'], where, _count: { accountId: true } })
  return { accounts: ids.length, orders: ordered.reduce((sum, { _count }) => sum + _count.accountId, 0) }
}

async function namesOf(tx: Tx, rows: readonly { accountId: string }[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.map(({ accountId }) => accountId))]
  const accounts = await tx.account.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map(accounts.map(({ id, name }) => [id, name]))
}

/** By the days on which it came and went. */
async function paidIn(tx: Tx, now: Date): Promise<Money> {
  const month = monthOf(now)
  const within = { gte: month.start, lt: month.end }
  const invoices = await tx.invoice.findMany({
    // What went back later than this month may have done so before, too.
    where: { OR: [{ paidAt: within }, { backAt: { gte: month.start } }] },
    select: { currency: true, paid: true, paidAt: true, back: true, total: true, kinds: true },
  })
  const paid: Money = {}
  for (const { currency, ...invoice } of invoices)
    addMoney(paid, currency as Currency, paidByWay([flowOf(invoice, month)]))
  return paid
}
