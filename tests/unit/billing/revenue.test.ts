/** What an operator earns: by the month, and of what was paid, in four ways; never across currencies. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMoney, type Money, mrrOf, noRevenue, paidByWay, ways } from '@/lib/features/billing/revenue'
import { type Subscription, states } from '@/lib/features/billing/rules'

const running: Subscription = {
  plan: 'pro',
  interval: 'month',
  currency: 'usd',
  state: 'active',
  seats: 3,
  periodStart: new Date(0),
  periodEnd: new Date(1),
  trialEnd: null,
  cancelAtPeriodEnd: false,
  pastDueSince: null,
}

test('a month of what runs: seats, a twelfth of a year, services; trials and what has ended bring nothing', () => {
  expect(mrrOf(running, [])).toEqual({ ...noRevenue(), subscriptions: 5_700 })
  expect(mrrOf({ ...running, interval: 'year' }, ['data']).subscriptions).toBe(4_750)
  expect(mrrOf(running, ['data', 'model'])).toMatchObject({ data: 9_900, model: 29_900, support: 0 })
  const bringing = states.filter((state) => mrrOf({ ...running, state }, ['data']).subscriptions > 0)
  expect(bringing).toEqual(['active', 'past_due'])
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

test('currencies stay apart', () => {
  const money: Money = {}
  addMoney(money, 'usd', { ...noRevenue(), data: 1 })
  addMoney(money, 'cny', { ...noRevenue(), data: 2 })
  addMoney(money, 'usd', { ...noRevenue(), data: 3 })
  expect(money).toEqual({ usd: { ...noRevenue(), data: 4 }, cny: { ...noRevenue(), data: 2 } })
})
