/** The billing page says what is so: what becomes of messages, until when a plan goes, what a change costs and takes along. */
import { expect, test } from 'vitest'
import { standingOf } from '@/app/(desk)/[account]/settings/billing/_parts/invoice-standing'
import {
  afterwards,
  chargeSaid,
  isOver,
  lastUse,
  mayChange,
  messagesAfter,
  messagesSaid,
  paidSaid,
  planSaid,
  refusal,
  serviceSaid,
  takenBack,
} from '@/app/(desk)/[account]/settings/billing/_parts/said'
import type { AddOn } from '@/lib/features/billing/plans'
import { type State, type Subscription, states, toEntitlements } from '@/lib/features/billing/rules'

const now = new Date('2026-11-20T10:00:00Z')
const held = (change: Partial<Subscription> = {}): Subscription => ({
  plan: 'pro',
  interval: 'month',
  currency: 'usd',
  state: 'active',
  seats: 2,
  periodStart: new Date('2026-11-14T10:00:00Z'),
  periodEnd: new Date('2026-12-14T10:00:00Z'),
  trialEnd: null,
  cancelAtPeriodEnd: false,
  pastDueSince: null,
  ...change,
})

const whole = (includes: number) => ({ includes, opens: null })

test('messages beyond the plan: labelled and billed, included already, used up, or free of charge', () => {
  const said = (messages: number, labels: number | null, bills = false, state: State = 'active') => {
    const subscription = held({ state })
    return messagesSaid({
      entitlements: toEntitlements(subscription, now),
      subscription,
      used: { messages, seats: 2, trainings: 0, intents: 0 },
      after: { free: whole(1_000), pro: whole(20_000), business: whole(200_000) },
      beyond: { cap: 0, alert: null, said: null, price: 200, cost: 0, forecast: null, labels, bills },
    })
  }
  expect(said(19_999, 20_000)).toBeNull()
  expect(said(20_000, null)).toBe('beyond.demo')
  expect(said(20_000, 20_000)).toBe('beyond.capped')
  expect(said(20_000, 20_000, false, 'trialing')).toBe('beyond.usedUp')
  expect(said(21_000, 25_000, true)).toBe('beyond.billed')
  expect(said(21_000, 200_000)).toBe('beyond.kept')
  // What is unpaid has the Free plan's labels, and no cap buys more.
  expect([said(999, 1_000, false, 'unpaid'), said(1_000, 1_000, false, 'unpaid')]).toEqual([null, 'beyond.usedUp'])
})

test('a plan that ends does so with its period, whatever is due; a payment that is due has its own day', () => {
  const said = (change: Partial<Subscription>) => {
    const subscription = held(change)
    return planSaid({ entitlements: toEntitlements(subscription, now), subscription, managed: true })
  }
  const [day, due] = [held().periodEnd, new Date('2026-11-25T10:00:00Z')]
  const pastDueSince = new Date('2026-11-18T10:00:00Z')
  expect(said({})).toEqual({ said: 'state.active', day, due: null })
  expect(said({ cancelAtPeriodEnd: true })).toEqual({ said: 'state.ending', day, due: null })
  expect(said({ state: 'past_due', pastDueSince })).toEqual({ said: 'state.past_due', day: due, due: null })
  expect(said({ state: 'past_due', pastDueSince, cancelAtPeriodEnd: true })).toEqual({
    said: 'state.endingDue',
    day,
    due,
  })
  for (const state of ['canceled', 'incomplete_expired'] as const)
    expect(said({ state, cancelAtPeriodEnd: true })).toEqual({ said: `state.${state}`, day, due: null })
  expect(said({ state: 'unpaid' }).said).toBe('state.readOnly')
  // It ended with a debt: first with a day until which all goes on, then with the way out.
  expect(said({ state: 'canceled', pastDueSince })).toEqual({ said: 'state.endedDue', day, due })
  const long = new Date('2026-11-01T10:00:00Z')
  expect(said({ state: 'canceled', pastDueSince: long }).said).toBe('state.readOnlyEnded')
})

test('a plan from demo billing says on which day it ends, as soon as there is one', () => {
  const said = (change: Partial<Subscription>) => {
    const subscription = held(change)
    return planSaid({ entitlements: toEntitlements(subscription, now), subscription, managed: false })
  }
  expect(said({})).toEqual({ said: 'state.unmanaged', day: null, due: null })
  const day = held().periodEnd
  expect(said({ cancelAtPeriodEnd: true })).toEqual({ said: 'state.unmanagedUntil', day, due: null })
  expect(said({ state: 'canceled', cancelAtPeriodEnd: true })).toEqual({ said: 'state.canceled', day, due: null })
})

test('a change of a plan that was to end takes that back, and only then the dialog says so', () => {
  const taken = (change: Partial<Subscription> | null, managed = true) =>
    takenBack({ subscription: change && held(change), managed })
  expect(taken({ cancelAtPeriodEnd: true })).toEqual(held().periodEnd)
  expect([taken({}), taken(null)]).toEqual([null, null])
  // Nothing goes on: it has ended, or the plan from demo billing gives way to a real one.
  expect([taken({ state: 'canceled', cancelAtPeriodEnd: true }), taken({ cancelAtPeriodEnd: true }, false)]).toEqual([
    null,
    null,
  ])
})

test('a change says when it is charged: at once where the interval changes or a paused plan goes on, never within a trial', () => {
  const said = (change: Partial<Subscription> | null, interval: 'month' | 'year', managed = true) =>
    chargeSaid({ provider: 'stripe', subscription: change && held(change), managed }, interval)
  expect(said({}, 'month')).toBe('dialog.prorated')
  expect([said({}, 'year'), said({ interval: 'year' }, 'month')]).toEqual(['dialog.anew', 'dialog.anew'])
  expect([said({ state: 'paused' }, 'month'), said({ state: 'paused' }, 'year')]).toEqual(
    Array(2).fill('dialog.resumed'),
  )
  expect([said({ state: 'trialing' }, 'month'), said({ state: 'trialing' }, 'year')]).toEqual(
    Array(2).fill('dialog.tried'),
  )
  expect([said(null, 'year'), said({}, 'year', false)]).toEqual(Array(2).fill('dialog.leaves'))
  for (const state of ['canceled', 'incomplete_expired'] as const)
    expect(said({ state }, 'month')).toBe('dialog.leaves')
  // Demo billing says the same; it has no page to leave for.
  const demo = (subscription: Subscription | null) =>
    chargeSaid({ provider: 'demo', subscription, managed: true }, 'year')
  expect([demo(held()), demo(null), demo(held({ state: 'canceled' }))]).toEqual([
    'dialog.anew',
    'dialog.trial',
    'dialog.now',
  ])
})

test('what never began or has ended is over, and one whose first payment is open waits for that', () => {
  const over = states.filter((state) => isOver({ subscription: held({ state }), managed: true }))
  expect(over).toEqual(['canceled', 'incomplete_expired'])
  expect(isOver({ subscription: null, managed: true }) && isOver({ subscription: held(), managed: false })).toBe(true)
  expect(states.filter((state) => !mayChange({ subscription: held({ state }) }))).toEqual(['incomplete'])
})

test('with fewer messages included, further ones are billed under a cap that holds, else without a label; in demo billing Free labels all', () => {
  const after = (change: Partial<Subscription> | null, cap: number, currency: 'usd' | 'cny' = 'usd') =>
    messagesAfter(
      {
        provider: 'stripe',
        trial: change === null,
        subscription: change && held({ plan: 'business', ...change }),
        beyond: {
          cap,
          alert: null,
          said: { cap, alert: null, currency: 'usd' },
          price: 100,
          cost: 0,
          forecast: null,
          labels: 9,
          bills: false,
        },
      },
      'pro',
      currency,
    )
  expect([after({}, 1_000), after({}, 0)]).toEqual(['dialog.overBilled', 'dialog.overUsedUp'])
  expect([after({ state: 'trialing' }, 1_000), after({ state: 'canceled' }, 1_000, 'cny'), after(null, 1_000)]).toEqual(
    Array(3).fill('dialog.overUsedUp'),
  )
  const demo = { cap: 0, alert: null, said: null, price: null, cost: 0, forecast: null, labels: null, bills: false }
  const billing = { subscription: held(), trial: false, beyond: demo }
  expect(messagesAfter({ ...billing, provider: 'demo' }, 'pro', 'usd')).toBe('dialog.overUsedUp')
  expect(messagesAfter({ ...billing, provider: 'demo' }, 'free')).toBeNull()
  expect(messagesAfter({ ...billing, provider: 'stripe' }, 'free')).toBe('dialog.overFree')
})

test('of a plan that ends the messages beyond it are billed after its end, where they can be at all', () => {
  const of = (change: Partial<Subscription> | null, cap = 2_000, managed = true) => ({
    subscription: change && held(change),
    managed,
    beyond: { cap, alert: null, said: null, price: 200, cost: 0, forecast: null, labels: 9, bills: false },
  })
  const last = (...about: Parameters<typeof of>) => lastUse(of(...about))
  expect([last({}), last({ state: 'past_due' })]).toEqual([2_000, 2_000])
  expect([
    last({ state: 'trialing' }),
    last({ state: 'canceled' }),
    last(null),
    last({}, 0),
    last({}, 9, false),
  ]).toEqual(Array(5).fill(null))
  // A service that a trial ends with, or one under no cap: nothing at all comes after it.
  expect([of({}), of({ state: 'trialing' }), of({}, 0)].map(afterwards)).toEqual(['beyondOnly', 'none', 'none'])
})

test('what cannot be bought now is said before the press: in a trial, and while a payment is due', () => {
  const said = (change: Partial<Subscription>, name: 'data' | 'support' = 'data') => {
    const subscription = held(change)
    return refusal({ entitlements: toEntitlements(subscription, now), subscription }, name)
  }
  expect([said({}), said({ state: 'trialing' }), said({ state: 'trialing' }, 'support')]).toEqual([
    null,
    'afterTrial',
    null,
  ])
  const pastDueSince = new Date('2026-11-01T10:00:00Z')
  expect([said({ state: 'past_due', pastDueSince }), said({ state: 'past_due', pastDueSince: now })]).toEqual([
    'owed',
    'owed',
  ])
})

test('a service says when it is charged, and what comes back when it ends', () => {
  const said = (state: State, on: boolean, name: AddOn = 'support') =>
    serviceSaid({ provider: 'stripe', subscription: held({ state }) }, name, on, now)
  expect([said('active', true, 'data'), said('active', true, 'model')]).toEqual(['addOn.whole', 'addOn.whole'])
  expect([said('active', true), said('active', false)]).toEqual(['addOn.charged', 'addOn.kept'])
  expect([said('trialing', true), said('trialing', false)]).toEqual(['addOn.tried', 'addOn.over'])
  expect([said('paused', true), said('paused', false)]).toEqual(['addOn.paused', 'addOn.over'])
})

test('a service in a trial that ends the plan is charged nothing; where the plan was set to end later, it is', () => {
  const said = (change: Partial<Subscription>) => {
    const subscription = held({ state: 'trialing', trialEnd: held().periodEnd, ...change })
    // As a page has it: times are texts there.
    const read = JSON.parse(JSON.stringify(subscription)) as Subscription
    const as = [subscription, read].map((one) =>
      serviceSaid({ provider: 'stripe', subscription: one }, 'support', true, now),
    )
    expect(as[0]).toBe(as[1])
    return as[0]
  }
  expect([said({}), said({ cancelAtPeriodEnd: true })]).toEqual(['addOn.tried', 'addOn.triedOnly'])
  expect(said({ cancelAtPeriodEnd: true, periodEnd: new Date('2027-01-14T10:00:00Z') })).toBe('addOn.tried')
})

test('on a plan that ends before another invoice a service is charged at once; a year that goes on for months has one, and demo billing a last one', () => {
  const said = (change: Partial<Subscription>, name: AddOn = 'support', provider: 'stripe' | 'demo' = 'stripe') =>
    serviceSaid({ provider, subscription: held({ cancelAtPeriodEnd: true, ...change }) }, name, true, now)
  expect([said({}), said({}, 'data')]).toEqual(['addOn.chargedNow', 'addOn.wholeNow'])
  const year = { interval: 'year' as const, periodEnd: new Date('2027-11-14T10:00:00Z') }
  expect([said(year), said(year, 'data')]).toEqual(['addOn.charged', 'addOn.whole'])
  expect(said({ ...year, periodStart: new Date('2025-12-14T10:00:00Z'), periodEnd: held().periodEnd })).toBe(
    'addOn.chargedNow',
  )
  expect(said({}, 'support', 'demo')).toBe('addOn.charged')
})

test('a month of a plan that was taken on a day that not every month has is its last one all the same', () => {
  const said = (change: Partial<Subscription>, at: string) =>
    serviceSaid(
      { provider: 'stripe', subscription: held({ cancelAtPeriodEnd: true, ...change }) },
      'support',
      true,
      new Date(at),
    )
  const march = { periodStart: new Date('2027-02-28T10:00:00Z'), periodEnd: new Date('2027-03-31T10:00:00Z') }
  expect([said(march, '2027-03-02T10:00:00Z'), said(march, '2027-03-30T10:00:00Z')]).toEqual([
    'addOn.chargedNow',
    'addOn.chargedNow',
  ])
  // An end that somebody set for a later month.
  const later = { ...march, periodEnd: new Date('2027-05-31T10:00:00Z') }
  expect(said(later, '2027-03-02T10:00:00Z')).toBe('addOn.charged')
})

test('what is charged next is said while something will be: the amount that is taken, and its day', () => {
  const at = new Date('2026-12-14T10:00:00Z')
  const said = (change: Partial<Subscription>) =>
    paidSaid({ subscription: held(change), charges: [{ interval: 'year', amount: 76_000, at }] })
  expect(said({ state: 'trialing' })).toEqual([{ said: 'pays.year', amount: 76_000, at }])
  expect(paidSaid({ subscription: held(), charges: [] })).toEqual([])
  expect(states.filter((state) => said({ state }).length)).toEqual([
    'trialing',
    'active',
    'past_due',
    'canceled',
    'incomplete_expired',
  ])
})

test('an invoice has the word that matters most, and one for each state', () => {
  const paid = { demo: false, disputed: false, refunded: 0, total: 7_600, paid: 7_100, due: 0, state: 'paid' } as const
  expect(standingOf(paid)).toBe('paid')
  expect(standingOf({ ...paid, refunded: 7_100 })).toBe('refunded')
  expect(standingOf({ ...paid, refunded: 7_000 })).toBe('partly')
  expect(standingOf({ ...paid, refunded: 7_000, disputed: true })).toBe('disputed')
  expect(standingOf({ ...paid, disputed: true, demo: true })).toBe('demo')
  const open = { ...paid, paid: 0, due: 7_600, state: 'open' } as const
  expect(standingOf(open)).toBe('open')
  // A part was paid, and went back: what is left to pay matters more.
  expect(standingOf({ ...open, due: 7_100, paid: 500, refunded: 500 })).toBe('rest')
  for (const state of ['draft', 'void', 'uncollectible'] as const) expect(standingOf({ ...open, state })).toBe(state)
})
