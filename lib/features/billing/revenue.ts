/** What an operator earns, as pure functions: by the month from what runs, and from what was paid, in four ways. */
import type { PriceKind } from './catalog'
import type { Currency } from './plans'
import type { State } from './rules'

/** Subscriptions (messages beyond the plan included), models made to order, datasets, support and operations. */
export const ways = ['subscriptions', 'model', 'data', 'support'] as const
export type Way = (typeof ways)[number]
export type ByWay = Record<Way, number>

export const noRevenue = (): ByWay => ({ subscriptions: 0, model: 0, data: 0, support: 0 })
export const wayOf = (kind: string): Way => ways.find((way) => way === kind) ?? 'subscriptions'

/** Recurring a month, hundredths, as it was read from Stripe (`monthlyOf`); a trial and what has ended bring none. */
export function mrrOf(state: State, monthly: unknown): ByWay {
  return state === 'active' || state === 'past_due' ? { ...noRevenue(), ...(monthly as Partial<ByWay>) } : noRevenue()
}

/**
 * Of invoices: what was paid and not given back, by way. A part that was given back is taken from each way alike; what is disputed
 * the bank has taken back.
 */
export function paidByWay(
  invoices: readonly { paid: number; refunded: number; disputed: boolean; total: number; kinds: object }[],
): ByWay {
  const found = noRevenue()
  for (const { paid, refunded, disputed, total, kinds } of invoices) {
    if (total <= 0 || disputed) continue
    const share = Math.max(0, paid - refunded) / total
    for (const [kind, amount] of Object.entries(kinds as Partial<Record<PriceKind, number>>))
      found[wayOf(kind)] += Math.round((amount ?? 0) * share)
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
