/** What demo invoices say, as pure functions of what was taken: whole periods, parts of them, and what messages beyond the plan cost. */
import type { PriceKind } from './catalog'
import type { Charge } from './monthly'
import {
  type AddOn,
  addOns as addOnPrices,
  type Currency,
  type Interval,
  intervals,
  type PlanName,
  plans,
} from './plans'
import { isWhole } from './preview'
import { periodAfter, periodAt } from './rules'

/** What is billed. */
export interface Terms {
  plan: PlanName
  interval: Interval
  currency: Currency
  seats: number
  addOns: readonly AddOn[]
}

export interface Line {
  /** A plan, its trial, a service, messages beyond the plan, or credit: kept of an invoice before, and kept for the next one. */
  what: 'plan' | 'trial' | 'service' | 'overage' | 'credit' | 'kept'
  kind: PriceKind
  /** Hundredths, less than nothing for what is given back; whole ones once the invoice is made. */
  amount: number
  plan?: PlanName
  seats?: number
  messages?: number
  /** Times as texts, since lines are stored as they are. */
  from?: string
  to?: string
}

interface Item {
  line: Omit<Line, 'amount'>
  interval: Interval
  /** Of a whole period. */
  amount: number
}

const itemsOf = ({ plan, interval, currency, seats, addOns }: Terms): Item[] => [
  {
    line: { what: 'plan', kind: 'plan', plan, seats },
    interval,
    amount: plans[plan].price[currency][interval] * seats,
  },
  ...addOns.map(
    (name): Item => ({
      line: { what: 'service', kind: name },
      interval: 'month',
      amount: addOnPrices[name][currency],
    }),
  ),
]

const days = (start: Date, end: Date) => ({ from: start.toISOString(), to: end.toISOString() })

export const trialLine = ({ plan, seats }: Terms, start: Date, end: Date): Line => ({
  what: 'trial',
  kind: 'plan',
  amount: 0,
  plan,
  seats,
  ...days(start, end),
})

/** What begins so many months after the anchor: services each month, a yearly plan each twelfth one. */
export function linesAt(terms: Terms, anchor: Date, month: number): Line[] {
  const start = periodAfter(anchor, 'month', month)
  return itemsOf(terms)
    .filter(({ interval }) => interval === 'month' || month % 12 === 0)
    .map(({ line, amount, interval }) => {
      const end = periodAfter(anchor, 'month', month + (interval === 'year' ? 12 : 1))
      return { ...line, amount, ...days(start, end) }
    })
}

/** What is asked for next of all that goes by the month, and by the year. @param end when the plan ends; null: it goes on */
export function nextCharges(terms: Terms, anchor: Date, now: Date, end: Date | null): Charge[] {
  return intervals.flatMap((interval) => {
    const own = itemsOf(terms).filter((item) => item.interval === interval)
    const at = now < anchor ? anchor : periodAt(anchor, interval, now).end
    if (!own.length || (end && at >= end)) return []
    return [{ interval, at, amount: own.reduce((sum, { amount }) => sum + amount, 0) }]
  })
}

/**
 * A change within a period: what is left of the old plan is given back, and what is left of the new is billed. Of a service nothing is
 * given back, unless a new period of it begins at once; one that gives all it has at once costs the month that runs. @param after null: all begins anew
 */
export function prorated(before: Terms, after: Terms | null, anchor: Date, now: Date): Line[] {
  const [old, next] = [itemsOf(before), after ? itemsOf(after) : []]
  const names = (items: Item[]) => items.map((item) => JSON.stringify(item))
  const only = (items: Item[], others: Item[]) => items.filter((item) => !names(others).includes(JSON.stringify(item)))
  const part = ({ line, amount, interval }: Item, sign: 1 | -1): Line => {
    const { start, end } = periodAt(anchor, interval, now)
    if (sign === 1 && line.kind !== 'plan' && line.kind !== 'overage' && isWhole(line.kind))
      return { ...line, amount, ...days(start, end) }
    const rest = (end.getTime() - now.getTime()) / (end.getTime() - start.getTime())
    return { ...line, amount: sign * amount * rest, ...days(now, end) }
  }
  const back = only(old, next).filter(({ line }) => after === null || line.what === 'plan')
  return [...back.map((item) => part(item, -1)), ...only(next, old).map((item) => part(item, 1))]
}

/** The days on which something begins, after `since` and until `now`, and before the end where there is one. */
export function billedDays(anchor: Date, since: Date, now: Date, end: Date | null): { at: Date; month: number }[] {
  const found: { at: Date; month: number }[] = []
  for (let month = 0; ; month++) {
    const at = periodAfter(anchor, 'month', month)
    if (at > now || (end && at >= end)) return found
    if (at > since) found.push({ at, month })
  }
}

/** Messages beyond the plan are one line of an invoice, however often they were counted. */
export function addLine(lines: readonly Line[], line: Line): Line[] {
  const known = line.what === 'overage' ? lines.find(({ what }) => what === 'overage') : undefined
  if (!known) return [...lines, line]
  const sum = { ...known, amount: known.amount + line.amount, messages: (known.messages ?? 0) + (line.messages ?? 0) }
  return lines.map((one) => (one === known ? sum : one))
}

export interface Closed {
  lines: Line[]
  total: number
  kinds: Partial<Record<PriceKind, number>>
  /** For the next invoice: one never asks for less than nothing. */
  rest: Line[]
}

/** An invoice of these lines, in whole hundredths. */
export function close(lines: readonly Line[]): Closed {
  // A sum and nothing else: -0 is no amount.
  const whole = lines.map((line) => ({ ...line, amount: Math.round(line.amount) + 0 }))
  const sum = whole.reduce((all, { amount }) => all + amount, 0)
  const kept: Line[] = sum < 0 ? [{ what: 'kept', kind: 'plan', amount: -sum }] : []
  const shown = [...whole, ...kept]
  const kinds: Closed['kinds'] = {}
  for (const { kind, amount } of shown) kinds[kind] = (kinds[kind] ?? 0) + amount
  return {
    lines: shown,
    total: Math.max(0, sum),
    kinds,
    rest: sum < 0 ? [{ what: 'credit', kind: 'plan', amount: sum }] : [],
  }
}
