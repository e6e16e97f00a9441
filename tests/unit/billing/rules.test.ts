/** What a subscription allows, how one that no provider renews moves on, and what the plans' table must hold. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { locales } from '@/lib/core/locale'
import { type AddOn, currencies, features, intervals, planNames, plans } from '@/lib/features/billing/plans'
import {
  advance,
  allows,
  billablePrice,
  costOf,
  extraOf,
  forecast,
  graceDays,
  includedAfter,
  mayBuy,
  measures,
  monthOf,
  moreLabels,
  overageOf,
  overOf,
  periodAfter,
  type State,
  type Subscription,
  smallerFrom,
  states,
  toEntitlements,
} from '@/lib/features/billing/rules'
import { say } from '@/lib/words/say'

const day = 86_400_000
const start = new Date('2026-01-31T10:00:00Z')
const pro = (change: Partial<Subscription> = {}): Subscription => ({
  plan: 'pro',
  interval: 'month',
  currency: 'usd',
  state: 'active',
  seats: 2,
  periodStart: start,
  periodEnd: periodAfter(start, 'month', 1),
  trialEnd: null,
  cancelAtPeriodEnd: false,
  pastDueSince: null,
  ...change,
})
const later = (days: number) => new Date(start.getTime() + days * day)

test('a larger plan includes at least as much, and a year costs less than twelve months', () => {
  for (const [smaller, larger] of [
    ['free', 'pro'],
    ['pro', 'business'],
  ] as const)
    for (const measure of measures)
      expect(plans[larger][measure] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
        plans[smaller][measure] ?? Number.POSITIVE_INFINITY,
      )
  for (const name of ['pro', 'business'] as const)
    for (const currency of currencies) {
      const { month, year } = plans[name].price[currency]
      expect(Number.isInteger(month) && Number.isInteger(year) && month > 0).toBe(true)
      expect(year).toBeLessThan(12 * month)
    }
})

test('what has ended is the Free plan; what is due has seven days, then the desk is read-only and the chat goes on', () => {
  expect(toEntitlements(null, start).plan).toBe('free')
  const expected: Record<State, string> = {
    trialing: 'pro',
    active: 'pro',
    past_due: 'pro',
    paused: 'free',
    unpaid: 'pro',
    canceled: 'free',
    incomplete: 'free',
    incomplete_expired: 'free',
  }
  for (const state of states) expect(toEntitlements(pro({ state }), start).plan, state).toBe(expected[state])
  const unpaid = pro({ state: 'past_due', pastDueSince: start })
  expect(toEntitlements(unpaid, later(graceDays))).toMatchObject({ plan: 'pro', readOnly: false })
  const late = toEntitlements(unpaid, new Date(later(graceDays).getTime() + 1))
  expect(late).toMatchObject({ plan: 'pro', readOnly: true, graceUntil: later(graceDays) })
  expect(toEntitlements(pro({ state: 'unpaid' }), start).readOnly).toBe(true)
  expect(measures.filter((measure) => allows(late, measure, 0))).toEqual(['messages'])
  // The Free plan's limits, whichever of Stripe's settings ends the last try, and its services with it.
  const limits = ({ limits: { seats: _people, ...rest } }: ReturnType<typeof toEntitlements>) => rest
  for (const state of ['past_due', 'unpaid', 'active', 'canceled'] as const) {
    const owed = toEntitlements({ ...unpaid, plan: 'business', state }, later(8))
    expect([owed.readOnly, limits(owed)]).toEqual([true, limits(toEntitlements(null, start))])
  }
  const all = (subscription: Subscription, own: AddOn[] = []) => {
    const held = toEntitlements(subscription, later(8), { addOns: ['model', 'data'], own })
    return features.filter((feature) => allows(held, feature))
  }
  expect(all(pro())).toEqual(['files', 'data', 'model'])
  expect([all(unpaid), all(unpaid, ['data'])]).toEqual([[], ['files', 'data']])
  expect(all({ ...unpaid, pastDueSince: later(7) })).toEqual(['files', 'data', 'model'])
  expect(all(pro({ state: 'incomplete' }))).toEqual([])
})

test('who owes buys nothing more on credit, and may take less', () => {
  const owing = pro({ state: 'unpaid' })
  const may = (held: Subscription, wanted: Parameters<typeof mayBuy>[2]) =>
    mayBuy(toEntitlements(held, start), held, wanted)
  const asks = ['model', { plan: 'business', interval: 'month' }, { plan: 'pro', interval: 'year' }] as const
  for (const wanted of asks) expect([may(pro(), wanted), may(owing, wanted)]).toEqual([true, false])
  // In grace, too; and months for a year would give back what nobody paid.
  const grace = pro({ state: 'past_due', pastDueSince: start })
  for (const wanted of asks) expect(may(grace, wanted)).toBe(false)
  for (const held of [owing, grace]) {
    const large = { ...held, plan: 'business' as const, interval: 'year' as const }
    expect(may(large, { plan: 'pro', interval: 'year' })).toBe(true)
    expect(may(large, { plan: 'pro', interval: 'month' })).toBe(false)
  }
})

test('a month whose plan changes includes each plan by its time, and a smaller one waits until what was used is within that', () => {
  const { start: first, end } = monthOf(start)
  const length = end.getTime() - first.getTime()
  const reached = { open: 0, waits: 0, month: 0 }
  fc.assert(
    fc.property(fc.array(fc.nat(999), { minLength: 1, maxLength: 6 }), fc.nat(250_000), (parts, used) => {
      const days = [...parts].sort((a, b) => a - b).map((part) => first.getTime() + (length * part) / 1_000)
      // As the product goes: from change to change, to the other plan each time.
      let plan = 'pro' as 'pro' | 'business'
      let included: number = plans.pro.messages
      for (const at of days) {
        const next: typeof plan = plan === 'pro' ? 'business' : 'pro'
        included = includedAfter(included, plan, next, new Date(at))
        plan = next
      }
      // Said again as a sum of the parts of the month.
      const edges = [first.getTime(), ...days, end.getTime()]
      const parted = edges.slice(1).reduce((sum, edge, at) => {
        const each = at % 2 === 0 ? 20_000 : 200_000
        return sum + (each * (edge - (edges[at] as number))) / length
      }, 0)
      expect(Math.abs(included - parted)).toBeLessThanOrEqual(days.length)
      if (plan === 'pro') return
      const now = new Date(days.at(-1) as number)
      const opens = smallerFrom(included, used, 'business', 'pro', now)
      expect(opens === null).toBe(includedAfter(included, 'business', 'pro', now) >= used)
      if (!opens) return void reached.open++
      expect(opens > now && opens <= end).toBe(true)
      if (opens.getTime() === end.getTime()) return void reached.month++
      reached.waits++
      expect(includedAfter(included, 'business', 'pro', opens)).toBeGreaterThanOrEqual(used - 1)
      const before = new Date(opens.getTime() - length / 1_000)
      expect(before <= now || includedAfter(included, 'business', 'pro', before) < used).toBe(true)
    }),
    { numRuns: 10_000, seed: 2 },
  )
  for (const [name, often] of Object.entries(reached)) expect(often, name).toBeGreaterThan(200)
  // A larger one is always open.
  expect(smallerFrom(20_000, 90_000, 'pro', 'business', first)).toBeNull()
})

test('a limit is reached with the last one it includes', () => {
  const free = toEntitlements(null, start)
  expect(allows(free, 'seats', 2)).toBe(true)
  expect(allows(free, 'seats', 3)).toBe(false)
  expect(allows(toEntitlements(pro(), start), 'seats', 10_000)).toBe(true)
  const used = { seats: 4, trainings: 5, intents: 21, messages: 10 }
  expect(overOf('free', used)).toEqual([
    { measure: 'seats', used: 4, limit: 3 },
    { measure: 'intents', used: 21, limit: 20 },
  ])
  expect(overOf('pro', used)).toEqual([])
})

test('months end on their last day and come back to the day they began on', () => {
  const ends = [1, 2, 3, 12].map((periods) => periodAfter(start, 'month', periods).toISOString().slice(0, 10))
  expect(ends).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2027-01-31'])
  expect(periodAfter(new Date('2028-02-29T00:00:00Z'), 'year', 1).toISOString().slice(0, 10)).toBe('2029-02-28')
})

test('a trial becomes a paid period, a period is followed by the next, a cancelled one by nothing', () => {
  const trial = pro({ state: 'trialing', trialEnd: later(14), periodEnd: later(14) })
  expect(advance(trial, later(13)).state).toBe('trialing')
  expect(advance(trial, later(14))).toMatchObject({ state: 'active', periodStart: later(14) })
  expect(advance(pro({ cancelAtPeriodEnd: true }), later(40)).state).toBe('canceled')
  expect(advance(pro({ state: 'canceled' }), later(400)).state).toBe('canceled')
})

test('whenever one looks, the period holds the moment, and looking twice changes nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...intervals),
      fc.boolean(),
      fc.integer({ min: 0, max: 4_000 * 24 }),
      (interval, tried, hours) => {
        const begun = tried
          ? pro({ interval, state: 'trialing', trialEnd: later(14), periodEnd: later(14) })
          : pro({ interval, periodEnd: periodAfter(start, interval, 1) })
        const now = new Date(start.getTime() + hours * 3_600_000)
        const stands = advance(begun, now)
        expect(stands.periodStart <= now && now < stands.periodEnd).toBe(true)
        expect(advance(stands, now)).toEqual(stands)
        expect(toEntitlements(stands, now).plan).toBe('pro')
      },
    ),
    { numRuns: 2_000, seed: 5 },
  )
})

test('a forecast needs a day, and goes on at the same pace', () => {
  const { start: first, end } = monthOf(new Date('2026-11-16T00:00:00Z'))
  expect([first.toISOString(), end.toISOString()]).toEqual(['2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'])
  expect(forecast(100, first, end, new Date('2026-11-16T00:00:00Z'))).toBe(200)
  expect(forecast(100, first, end, new Date('2026-11-01T23:00:00Z'))).toBeNull()
  expect(forecast(100, first, end, end)).toBe(100)
  expect(planNames[0]).toBe('free')
})

test('messages beyond the plan cost what was bought, whatever is sold today', () => {
  const at = (overage: number | null) => pro({ overage })
  expect(overageOf(at(null))).toBe(200)
  expect(overageOf(at(300))).toBe(300)
  expect(overageOf({ ...at(300), plan: 'free' })).toBeNull()
  expect([extraOf(200, 1_000), extraOf(100, 1_000), extraOf(null, 1_000)]).toEqual([5_000, 10_000, 0])
  for (const state of states)
    expect(billablePrice({ ...at(300), state }), state).toBe(['active', 'past_due'].includes(state) ? 300 : null)
})

test('a cap holds whatever the prices of a month were: what was put down stays spent', () => {
  // 5,000 at $2 a thousand are the whole of $10; at half the price none is left either.
  expect(extraOf(100, 1_000, 5_000 * 200)).toBe(0)
  expect(extraOf(100, 1_500, 5_000 * 200)).toBe(5_000)
  expect(extraOf(100, 500, 5_000 * 200)).toBe(0)
  expect([costOf(5_000 * 200), costOf(1)]).toEqual([1_000, 1])
})

test('what brings labels back is what would: no cap on Free or in a trial, no larger plan above the largest, nothing in a debt', () => {
  const more = (change: Partial<Subscription> | null) => {
    const subscription = change && pro(change)
    return moreLabels(toEntitlements(subscription, later(20)), billablePrice(subscription))
  }
  expect([more(null), more({ state: 'canceled' }), more({ state: 'trialing' })]).toEqual(Array(3).fill('plan'))
  expect([more({}), more({ plan: 'business' })]).toEqual(['either', 'cap'])
  expect(more({ plan: 'business', state: 'trialing' })).toBe('wait')
  expect(more({ state: 'past_due', pastDueSince: later(0) })).toBe('wait')
  // Each has its words in a mail.
  for (const locale of locales)
    for (const one of ['either', 'plan', 'cap', 'wait'])
      expect(say(locale, 'mail', `labelsUsedUp.more.${one}`)).toBeTruthy()
})
