/** What an operator earned month by month, and the plans that began and ended in each. System role. */
import type { Tx } from '@/lib/platform/db/in-account'
import type { Currency } from './plans'
import { addMoney, flowOf, type Money, paidByWay } from './revenue'
import { monthOf } from './rules'

/** Plans at Stripe. */
export interface Moved {
  /** Accounts that took their first one. */
  began: number
  /** Accounts whose plan ended, and which have none since. */
  ended: number
}

/** By the days (UTC) on which it came and went. */
export async function earnedIn(tx: Tx, time: Date): Promise<Money> {
  const month = monthOf(time)
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

export async function movedIn(tx: Tx, time: Date): Promise<Moved> {
  const { start, end } = monthOf(time)
  const within = { gte: start, lt: end }
  const count = (where: object) => tx.subscription.count({ where: { provider: 'stripe', ...where } })
  return {
    began: await count({ createdAt: within }),
    ended: await count({ state: 'canceled', periodEnd: within }),
  }
}

/** The newest first. */
export async function listMonths(tx: Tx, now: Date, most: number): Promise<({ month: Date; paid: Money } & Moved)[]> {
  const months: ({ month: Date; paid: Money } & Moved)[] = []
  for (let ago = 0; ago < most; ago++) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago, 1))
    months.push({ month, paid: await earnedIn(tx, month), ...(await movedIn(tx, month)) })
  }
  return months
}
