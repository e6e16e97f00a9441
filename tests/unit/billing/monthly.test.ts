/** What runs brings a month, exactly where Stripe's objects say enough: against invoices written out by hand. */
import { expect, test } from 'vitest'
import { monthlyOf, netShares } from '@/lib/features/billing/monthly'
import { mrrOf, noRevenue } from '@/lib/features/billing/revenue'

const due = 1_800_000_000
type Item = [kind: string, amount: number | null, interval: 'month' | 'year' | 'week', quantity?: number]

const discount = (coupon: object, end: number | null = null) => ({
  end,
  source: { coupon: { id: 'c', currency: 'usd', percent_off: null, amount_off: null, duration: 'forever', ...coupon } },
})

/** The fields of a subscription at Stripe that its amount depends on; usage where no quantity is said. */
const at = (items: Item[], discounts: object[] = [], onItems: Record<string, object[]> = {}) =>
  ({
    currency: 'usd',
    items: {
      data: items.map(([kind, amount, interval, quantity]) => ({
        quantity,
        current_period_end: due,
        discounts: onItems[kind] ?? [],
        price: {
          unit_amount_decimal: amount === null ? null : String(amount),
          product: `product_${kind}`,
          metadata: { kind },
          recurring: { interval, interval_count: 1, usage_type: quantity === undefined ? 'metered' : 'licensed' },
        },
      })),
    },
    discounts,
  }) as unknown as Parameters<typeof monthlyOf>[0]

const none = { coupons: new Map(), inherited: null }
const monthly = (...of: Parameters<typeof at>) => monthlyOf(at(...of), none)
const seats: Item = ['plan', 1_000, 'month', 3]
const data: Item = ['data', 1_000, 'month', 1]
const year: Item = ['plan', 12_000, 'year', 1]

test('the prices that are paid, a twelfth of a year, services; usage brings nothing', () => {
  expect(
    monthly([
      ['plan', 1_500, 'month', 3],
      ['overage', 0.2, 'month'],
    ]),
  ).toEqual({
    ...noRevenue(),
    subscriptions: 4_500,
  })
  expect(monthly([['plan', 19_000, 'year', 3]]).subscriptions).toBe(4_750)
  expect(monthly([['support', 1_200, 'week', 1]]).support).toBe(5_200)
  // Parts of a hundredth, and a price in tiers, which has no amount of its own.
  expect(
    monthly([
      ['plan', 10.5, 'month', 101],
      ['data', null, 'month', 1],
    ]),
  ).toMatchObject({ subscriptions: 1_061, data: 0 })
  const both = monthly([
    ['plan', 1_900, 'month', 1],
    ['data', 9_900, 'month', 1],
    ['model', 29_900, 'month', 1],
  ])
  expect(both).toEqual({ subscriptions: 1_900, data: 9_900, model: 29_900, support: 0 })
  expect(mrrOf(both)).toEqual(both)
  expect(mrrOf({})).toEqual(noRevenue())
})

test('a package of ten counts as begun, or as full, as its price says', () => {
  const packed = (round: 'up' | 'down') => {
    const subscription = at([['plan', 500, 'month', 25]])
    const [item] = subscription.items.data
    if (item) item.price.transform_quantity = { divide_by: 10, round }
    return monthlyOf(subscription, none).subscriptions
  }
  expect([packed('up'), packed('down')]).toEqual([1_500, 1_000])
})

test('discounts that go on are taken off, one after the other; one that holds once is not', () => {
  const half = discount({ percent_off: 50 })
  const eight = discount({ amount_off: 800 })
  expect(monthly([seats, data], [half])).toMatchObject({ subscriptions: 1_500, data: 500 })
  expect(monthly([seats, data], [eight])).toMatchObject({ subscriptions: 2_400, data: 800 })
  expect(monthly([seats, data], [half, eight])).toMatchObject({ subscriptions: 900, data: 300 })
  expect(monthly([seats, data], [eight, half])).toMatchObject({ subscriptions: 1_200, data: 400 })
  expect(monthly([seats, data], [discount({ percent_off: 100 }), eight])).toEqual(noRevenue())
  expect(monthly([seats], [discount({ percent_off: 50, duration: 'once' })])).toMatchObject({ subscriptions: 3_000 })
  // More than there is to pay is lost.
  expect(monthly([seats], [discount({ amount_off: 9_999 })])).toEqual(noRevenue())
})

test('an amount comes off each invoice: of a year alone once, of months beside a year twelve times', () => {
  const sixty = discount({ amount_off: 6_000 })
  expect(monthly([year], [sixty]).subscriptions).toBe(500)
  // Eleven invoices have the service alone: 1,000 − 600. One has 12,000 and 1,000 less 600 of both: 11,446.15 and 953.85.
  const mixed = monthly([year, data], [discount({ amount_off: 600 })])
  expect(mixed).toMatchObject({ subscriptions: Math.round(11_446.15 / 12), data: Math.round((11 * 400 + 953.85) / 12) })
  // What an invoice of one month cannot hold is not moved to another.
  expect(monthly([year, data], [sixty])).toMatchObject({ subscriptions: Math.round((12_000 * 7) / 13 / 12), data: 45 })
  // A part is a part, however long the periods are.
  expect(monthly([year, data], [discount({ percent_off: 25 })])).toMatchObject({ subscriptions: 750, data: 750 })
})

test('a discount on an item is that item’s, before those of the whole', () => {
  const onPlan = { plan: [discount({ amount_off: 500 })] }
  expect(monthly([seats, data], [], onPlan)).toMatchObject({ subscriptions: 2_500, data: 1_000 })
  expect(monthly([seats, data], [discount({ percent_off: 10 })], onPlan)).toMatchObject({
    subscriptions: 2_250,
    data: 900,
  })
})

test('a coupon for some products leaves the others alone, and is known when one asks for the coupon itself', () => {
  const told = discount({ id: 'few', percent_off: 50 })
  const coupon = { ...told.source.coupon, applies_to: { products: ['product_data'] } }
  const more = { coupons: new Map([['few', coupon]]), inherited: null } as unknown as Parameters<typeof monthlyOf>[1]
  expect(monthlyOf(at([seats, data], [told]), more)).toMatchObject({ subscriptions: 3_000, data: 500 })
})

test('a coupon of another currency takes what it says for this one, or nothing', () => {
  const yuan = { amount_off: 7_000, currency: 'cny' }
  const both = discount({ ...yuan, currency_options: { usd: { amount_off: 1_000 } } })
  expect(monthly([seats], [both]).subscriptions).toBe(2_000)
  expect(monthly([seats], [discount(yuan)]).subscriptions).toBe(3_000)
})

test('a discount that will be over when the price is billed next does not recur', () => {
  const until = (end: number) => [discount({ percent_off: 50, duration: 'repeating' }, end)]
  expect(monthly([seats], until(due + 1)).subscriptions).toBe(1_500)
  expect(monthly([seats], until(due)).subscriptions).toBe(3_000)
})

test('a customer’s discount holds where the subscription has none of its own', () => {
  const more = { coupons: new Map(), inherited: discount({ percent_off: 50 }) } as unknown as Parameters<
    typeof monthlyOf
  >[1]
  expect(monthlyOf(at([seats]), more).subscriptions).toBe(1_500)
  expect(monthlyOf(at([seats], [discount({ percent_off: 10 })]), more).subscriptions).toBe(2_700)
  expect(monthlyOf(at([seats], [discount({ percent_off: 10, duration: 'once' })]), more).subscriptions).toBe(1_500)
})

/** @param lines price, hundredths with the tax, and the tax in them */
const invoice = (created: number, ...lines: [price: string, amount: number, tax: number][]) =>
  ({
    created,
    lines: {
      data: lines.map(([price, amount, tax]) => ({
        amount,
        taxes: [{ amount: tax, tax_behavior: 'inclusive' }],
        pricing: { price_details: { price } },
      })),
    },
  }) as unknown as Parameters<typeof netShares>[0][number]

test('how much of a price is no tax: as on the newest invoice, whatever a cent was rounded to, and on none yet as the others', () => {
  expect(netShares([])('pro')).toBe(1)
  const share = netShares([invoice(1, ['pro', 95_000, 15_833])])
  expect(share('pro')).toBeCloseTo(5 / 6, 4)
  // A plan that it was changed to, before its first invoice.
  expect(share('business')).toBe(share('pro'))
  // For a few hours of a person.
  const small = netShares([invoice(1, ['pro', 95_000, 15_833]), invoice(2, ['pro', 3, 1])])
  expect(small('pro')).toBeCloseTo(5 / 6, 4)
  const risen = netShares([
    invoice(2, ['pro', 95_000, 19_000]),
    invoice(1, ['pro', 95_000, 15_833], ['data', 2_000, 0]),
  ])
  expect([risen('pro'), risen('data')]).toEqual([0.8, 1])
})
