/** The billing page says what is so: what becomes of messages, until when a plan goes, what a change costs and takes along. */
import { expect, test } from 'vitest'
import { messagesSaid, planSaid } from '@/app/(desk)/[account]/settings/billing/_parts/said'
import { type State, type Subscription, toEntitlements } from '@/lib/features/billing/rules'

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

test('messages beyond the plan: labelled and billed, included already, used up, or free of charge', () => {
  const said = (messages: number, labels: number | null, bills = false, state: State = 'active') => {
    const subscription = held({ state })
    return messagesSaid({
      entitlements: toEntitlements(subscription, now),
      subscription,
      used: { messages, seats: 2, trainings: 0, intents: 0 },
      beyond: { cap: 0, alert: null, said: null, price: 200, cost: 0, labels, bills },
    })
  }
  expect(said(19_999, 20_000)).toBeNull()
  expect(said(20_000, null)).toBe('beyond.demo')
  expect(said(20_000, 20_000)).toBe('beyond.capped')
  expect(said(20_000, 20_000, false, 'trialing')).toBe('beyond.usedUp')
  expect(said(21_000, 25_000, true)).toBe('beyond.billed')
  expect(said(21_000, 200_000)).toBe('beyond.kept')
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
})
