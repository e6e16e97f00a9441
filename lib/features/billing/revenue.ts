/** What an operator earns, as pure functions: by the month from what runs, and from what was paid, in four ways. */
import type { PriceKind } from './catalog'
import type { Currency } from './plans'

/** Subscriptions (messages beyond the plan included), models made to order, datasets, support and operations. */
export const ways = ['subscriptions', 'model', 'data', 'support'] as const
export type Way = (typeof ways)[number]
export type ByWay = Record<Way, number>

export const noRevenue = (): ByWay => ({ subscriptions: 0, model: 0, data: 0, support: 0 })
export const wayOf = (kind: string): Way => ways.find((way) => way === kind) ?? 'subscriptions'

/** Recurring a month, hundredths, as it was read from Stripe: of what is paid, the plan or what runs beside it. */
export const mrrOf = (monthly: unknown): ByWay => ({ ...noRevenue(), ...(monthly as Partial<ByWay>) })

/** What came in of an invoice within a while, less what went back; a part of it is each way's alike. */
export interface Flow {
  net: number
  total: number
  kinds: object
}

/** An invoice as it moved within a while: it was paid on one day, and what went back did so on others. */
export function flowOf(
  {
    paid,
    paidAt,
    back,
    total,
    kinds,
  }: { paid: number; paidAt: Date | null; back: unknown; total: number; kinds: unknown },
  { start, end }: { start: Date; end: Date },
): Flow {
  const within = (day: Date) => day >= start && day < end
  const went = (back as { at: string; amount: number }[]).filter(({ at }) => within(new Date(at)))
  const net = (paidAt && within(paidAt) ? paid : 0) - went.reduce((sum, { amount }) => sum + amount, 0)
  return { net, total, kinds: kinds as object }
}

/** Of what moved, by way: less than nothing where more went back than came in. */
export function paidByWay(flows: readonly Flow[]): ByWay {
  const found = noRevenue()
  for (const { net, total, kinds } of flows) {
    if (total <= 0) continue
    for (const [kind, amount] of Object.entries(kinds as Partial<Record<PriceKind, number>>))
      found[wayOf(kind)] += Math.round(((amount ?? 0) * net) / total)
  }
  return found
}

export type Money = Partial<Record<Currency, ByWay>>

/** Sums by currency: amounts of different ones are never added up. */
export function addMoney(all: Money, currency: Currency, more: ByWay): void {
  const sum = all[currency] ?? noRevenue()
  for (const way of ways) sum[way] += more[way]
  all[currency] = sum
}
