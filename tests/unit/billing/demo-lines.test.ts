/** Demo invoices add up: whole periods, parts of them that meet, and no invoice of less than nothing. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addLine, billedDays, close, type Line, linesAt, prorated, type Terms } from '@/lib/features/billing/demo-lines'
import { intervals } from '@/lib/features/billing/plans'
import { periodAt } from '@/lib/features/billing/rules'

const anchor = new Date('2026-01-31T10:00:00Z')
const on = (day: string) => new Date(`${day}T10:00:00Z`)
const terms = (change: Partial<Terms> = {}): Terms => ({
  plan: 'pro',
  interval: 'month',
  currency: 'usd',
  seats: 3,
  addOns: [],
  ...change,
})
const sum = (lines: readonly Line[]) => lines.reduce((all, { amount }) => all + amount, 0)
const days = (since: string, now: string, end: string | null = null) =>
  billedDays(anchor, on(since), on(now), end === null ? null : on(end)).map(({ at, month }) => [
    at.toISOString().slice(0, 10),
    month,
  ])

test('a plan is billed by its people each month, a yearly one each twelfth month, services each month', () => {
  expect(linesAt(terms(), anchor, 0)).toEqual([
    {
      what: 'plan',
      kind: 'plan',
      plan: 'pro',
      seats: 3,
      amount: 5_700,
      from: anchor.toISOString(),
      to: on('2026-02-28').toISOString(),
    },
  ])
  const year = terms({ interval: 'year', addOns: ['data'] })
  expect(linesAt(year, anchor, 0).map(({ kind, amount }) => [kind, amount])).toEqual([
    ['plan', 57_000],
    ['data', 9_900],
  ])
  expect(linesAt(year, anchor, 11).map(({ kind }) => kind)).toEqual(['data'])
  expect(linesAt(year, anchor, 12)[0]).toMatchObject({ kind: 'plan', to: on('2028-01-31').toISOString() })
})

test('each period is billed on its first day, once, and none that begins with the end', () => {
  expect(days('2026-01-30', '2026-03-31')).toEqual([
    ['2026-01-31', 0],
    ['2026-02-28', 1],
    ['2026-03-31', 2],
  ])
  expect(days('2026-02-28', '2026-03-31')).toEqual([['2026-03-31', 2]])
  expect(days('2026-03-31', '2026-03-31')).toEqual([])
  expect(days('2026-01-31', '2026-06-30', '2026-03-31')).toEqual([['2026-02-28', 1]])
})

test('a change gives back what is left of the old and bills what is left of the new, and nothing of what stays', () => {
  const half = new Date((anchor.getTime() + on('2026-02-28').getTime()) / 2)
  const lines = prorated(terms({ addOns: ['data'] }), terms({ plan: 'business', addOns: ['data'] }), anchor, half)
  expect(lines.map(({ plan, amount }) => [plan, amount])).toEqual([
    ['pro', -2_850],
    ['business', 7_350],
  ])
  const more = prorated(terms(), terms({ seats: 4 }), anchor, half)
  expect(sum(more)).toBe(950)
  expect(prorated(terms(), null, anchor, half)).toMatchObject([{ plan: 'pro', amount: -2_850 }])
  expect(prorated(terms(), terms(), anchor, half)).toEqual([])
  // A service is paid for the rest of its month (one that gives all it has at once, for the whole), and nothing of that comes back but
  // where it begins anew.
  expect(prorated(terms(), terms({ addOns: ['support'] }), anchor, half)).toMatchObject([{ amount: 9_950 }])
  const served = terms({ addOns: ['data'] })
  const [whole] = prorated(terms(), served, anchor, half)
  expect(whole).toMatchObject({ kind: 'data', amount: 9_900, from: anchor.toISOString() })
  expect(prorated(served, terms(), anchor, half)).toEqual([])
  expect(prorated(served, null, anchor, half)).toMatchObject([{ kind: 'plan' }, { kind: 'data', amount: -4_950 }])
})

test('to and fro within a moment costs nothing, whenever it is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...intervals),
      fc.integer({ min: 0, max: 900 * 24 }),
      fc.integer({ min: 1, max: 50 }),
      (interval, hours, seats) => {
        const now = new Date(anchor.getTime() + hours * 3_600_000)
        const [one, other] = [terms({ interval }), terms({ interval, plan: 'business', seats })]
        const there = prorated(one, other, anchor, now)
        expect(sum([...there, ...prorated(other, one, anchor, now)])).toBeCloseTo(0, 6)
        // Never more than a whole period of it.
        const { end } = periodAt(anchor, interval, now)
        for (const { to = '' } of there) expect(new Date(to) <= end).toBe(true)
      },
    ),
    { numRuns: 1_000, seed: 33 },
  )
})

test('an invoice never asks for less than nothing: the rest is credit for the next', () => {
  const line = (amount: number): Line => ({ what: 'plan', kind: 'plan', amount })
  expect(close([line(1_900.4), line(-900.6)])).toMatchObject({ total: 999, rest: [], kinds: { plan: 999 } })
  const less = close([line(500), line(-900)])
  expect(less).toMatchObject({ total: 0, rest: [{ what: 'credit', amount: -400 }] })
  expect(sum(less.lines)).toBe(0)
  expect(close([...less.rest, line(1_000)]).total).toBe(600)
})

test('messages beyond the plan are one line, and no part of one gets lost by counting often', () => {
  const one: Line = { what: 'overage', kind: 'overage', amount: 0.2, messages: 1 }
  const lines = Array.from({ length: 500 }, () => one).reduce<Line[]>(addLine, [])
  expect(lines).toHaveLength(1)
  expect(close(lines)).toMatchObject({ total: 100, lines: [{ messages: 500, amount: 100 }] })
})
