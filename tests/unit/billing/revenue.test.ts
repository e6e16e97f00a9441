/** What an operator earns: by the month, and of what was paid, in four ways; never across currencies. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { invoiceOf } from '@/lib/features/billing/from-stripe'
import { monthlyOf } from '@/lib/features/billing/monthly'
import { addMoney, type Money, mrrOf, noRevenue, paidByWay, ways } from '@/lib/features/billing/revenue'
import { states } from '@/lib/features/billing/rules'

/** The fields of a subscription at Stripe that its amount depends on. */
function at(
  items: [kind: string, amount: number | null, interval: 'month' | 'year', quantity?: number][],
  coupons: object[] = [],
) {
  return {
    items: {
      data: items.map(([kind, unit_amount, interval, quantity]) => ({
        quantity,
        price: {
          unit_amount,
          metadata: { kind },
          recurring: { interval, interval_count: 1, usage_type: quantity === undefined ? 'metered' : 'licensed' },
        },
      })),
    },
    discounts: coupons.map((coupon) => ({ source: { coupon } })),
  } as unknown as Parameters<typeof monthlyOf>[0]
}

test('a month of what runs: the prices that are paid, a twelfth of a year, services; trials and what has ended bring nothing', () => {
  expect(
    monthlyOf(
      at([
        ['plan', 1_500, 'month', 3],
        ['overage', 200, 'month'],
      ]),
    ),
  ).toEqual({ ...noRevenue(), subscriptions: 4_500 })
  expect(monthlyOf(at([['plan', 19_000, 'year', 3]])).subscriptions).toBe(4_750)
  const both = at([
    ['plan', 1_900, 'month', 1],
    ['data', 9_900, 'month', 1],
    ['model', 29_900, 'month', 1],
  ])
  expect(monthlyOf(both)).toEqual({ subscriptions: 1_900, data: 9_900, model: 29_900, support: 0 })
  const monthly = monthlyOf(both)
  expect(states.filter((state) => mrrOf(state, monthly).data > 0)).toEqual(['active', 'past_due'])
  expect(mrrOf('active', {})).toEqual(noRevenue())
})

test('discounts that go on are taken off, one that holds once is not', () => {
  const percent = (percent_off: number, duration = 'forever') => ({ percent_off, amount_off: null, duration })
  const amount = (amount_off: number) => ({ percent_off: null, amount_off, duration: 'repeating' })
  const items: Parameters<typeof at>[0] = [
    ['plan', 1_000, 'month', 3],
    ['data', 1_000, 'month', 1],
  ]
  expect(monthlyOf(at(items, [percent(50)]))).toMatchObject({ subscriptions: 1_500, data: 500 })
  expect(monthlyOf(at(items, [amount(800)]))).toMatchObject({ subscriptions: 2_400, data: 800 })
  expect(monthlyOf(at(items, [percent(100), amount(800)]))).toEqual(noRevenue())
  expect(monthlyOf(at(items, [percent(50, 'once')]))).toMatchObject({ subscriptions: 3_000 })
  expect(monthlyOf(at([['plan', 12_000, 'year', 1]], [amount(6_000)])).subscriptions).toBe(500)
})

test('what was paid is divided among the ways, less what was given back, to within a rounding each', () => {
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
      const refunded = Math.round(total * back)
      const sums = paidByWay([{ paid: total, refunded, disputed: false, total, kinds: amounts }])
      const all = ways.reduce((sum, way) => sum + sums[way], 0)
      expect(Math.abs(all - (total - refunded))).toBeLessThanOrEqual(3)
      if (refunded === 0) expect(sums).toMatchObject({ subscriptions: amounts.plan + amounts.overage })
    }),
  )
  const invoice = { paid: 100, refunded: 0, disputed: false, total: 100, kinds: { plan: 100 } }
  expect(paidByWay([invoice]).subscriptions).toBe(100)
  expect(paidByWay([{ ...invoice, paid: 0 }])).toEqual(noRevenue())
  expect(paidByWay([{ ...invoice, disputed: true }])).toEqual(noRevenue())
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
    total: 1_500,
    lines: { data: [line('price_plan', 1_000, 500), line('price_data', 1_000, 0)] },
  } as unknown as Parameters<typeof invoiceOf>[0]
  const stored = invoiceOf(invoice, new Map(), (price) => (price === 'price_data' ? 'data' : 'plan'))
  expect(stored?.kinds).toEqual({ plan: 500, data: 1_000 })
})

test('currencies stay apart', () => {
  const money: Money = {}
  addMoney(money, 'usd', { ...noRevenue(), data: 1 })
  addMoney(money, 'cny', { ...noRevenue(), data: 2 })
  addMoney(money, 'usd', { ...noRevenue(), data: 3 })
  expect(money).toEqual({ usd: { ...noRevenue(), data: 4 }, cny: { ...noRevenue(), data: 2 } })
})
