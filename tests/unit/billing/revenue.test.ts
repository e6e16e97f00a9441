/** What an operator earned, by the days on which it came and went, in four ways; never across currencies. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { invoiceOf } from '@/lib/features/billing/from-stripe'
import { addMoney, flowOf, type Money, noRevenue, paidByWay, ways } from '@/lib/features/billing/revenue'

test('what was paid is divided among the ways, less what went back, to within a rounding each', () => {
  const kinds = fc.record({
    plan: fc.nat(100_000),
    overage: fc.nat(100_000),
    model: fc.nat(50_000),
    data: fc.nat(50_000),
    support: fc.nat(50_000),
  })
  fc.assert(
    fc.property(kinds, fc.double({ min: 0, max: 1, noNaN: true }), (amounts, back) => {
      const total = Object.values(amounts).reduce((sum, amount) => sum + amount, 0)
      const went = Math.round(total * back)
      const sums = paidByWay([{ net: total - went, total, kinds: amounts }])
      const all = ways.reduce((sum, way) => sum + sums[way], 0)
      expect(Math.abs(all - (total - went))).toBeLessThanOrEqual(3)
      if (went === 0) expect(sums).toMatchObject({ subscriptions: amounts.plan + amounts.overage })
    }),
  )
})

test('an invoice counts in the month in which it was paid, and what went back in the month in which it went', () => {
  const month = (number: number) => ({
    start: new Date(Date.UTC(2026, number - 1)),
    end: new Date(Date.UTC(2026, number)),
  })
  const day = (text: string) => new Date(`${text}T12:00:00Z`)
  // Made in September, paid in October, given back in part in November, and the rest taken by the bank in December.
  const back = [
    { at: day('2026-11-03').toISOString(), amount: 300 },
    { at: day('2026-12-24').toISOString(), amount: 700 },
  ]
  const invoice = { paid: 1_000, paidAt: day('2026-10-01'), back, total: 1_000, kinds: { plan: 600, data: 400 } }
  const in2026 = (number: number) => paidByWay([flowOf(invoice, month(number))])
  expect([9, 10, 11, 12].map((number) => in2026(number).subscriptions)).toEqual([0, 600, -180, -420])
  expect([9, 10, 11, 12].map((number) => in2026(number).data)).toEqual([0, 400, -120, -280])
  expect(flowOf({ ...invoice, paidAt: null }, month(10)).net).toBe(0)
})

test('a discount is taken from the line that it stands on', () => {
  const line = (price: string, amount: number, off: number) => ({
    amount,
    discount_amounts: off ? [{ amount: off, discount: 'di_1' }] : null,
    pricing: { price_details: { price } },
  })
  const invoice = {
    id: 'in_1',
    status: 'paid',
    status_transitions: { paid_at: 1_790_000_000 },
    total: 1_500,
    lines: { data: [line('price_plan', 1_000, 500), line('price_data', 1_000, 0)] },
  } as unknown as Parameters<typeof invoiceOf>[0]
  const stored = invoiceOf(invoice, new Map(), (price) => (price === 'price_data' ? 'data' : 'plan'))
  expect(stored).toMatchObject({ kinds: { plan: 500, data: 1_000 }, paidAt: new Date(1_790_000_000_000) })
})

test('currencies stay apart', () => {
  const money: Money = {}
  addMoney(money, 'usd', { ...noRevenue(), data: 1 })
  addMoney(money, 'cny', { ...noRevenue(), data: 2 })
  addMoney(money, 'usd', { ...noRevenue(), data: 3 })
  expect(money).toEqual({ usd: { ...noRevenue(), data: 4 }, cny: { ...noRevenue(), data: 2 } })
})
