/** The reason of a routing decision: a key that has words in both languages, and facts without translation. */
import { describe, expect, test } from 'vitest'
import { type ReasonKey, readRoute, reasonOf } from '@/lib/features/routing/reason'
import type { Route } from '@/lib/features/routing/rules'
import en from '@/lib/words/en/routing.json'
import zh from '@/lib/words/zh-CN/routing.json'

const route = (part: Partial<Route> = {}): Route => ({
  ruleId: 'r',
  ruleName: 'Angry refunds',
  because: 'rule',
  evidence: [
    { field: 'intent', label: 'refund', probability: 0.88 },
    { field: 'sentiment', label: 'negative', probability: 0.93 },
  ],
  teamId: 't',
  teamName: 'Billing',
  assigneeId: null,
  priority: 'high',
  needsPerson: false,
  ...part,
})

describe('a reason', () => {
  test('names the line, the evidence from the strongest on, and what became of it', () => {
    expect(reasonOf(route())).toEqual({
      key: 'rule',
      facts: { line: 'Angry refunds' },
      evidence: [
        { field: 'sentiment', label: 'negative', probability: 0.93 },
        { field: 'intent', label: 'refund', probability: 0.88 },
      ],
      outcome: { teamName: 'Billing', assigneeId: null, priority: 'high' },
      needsPerson: false,
    })
  })

  test.each<[Partial<Route>, ReasonKey]>([
    [{}, 'rule'],
    [{ needsPerson: true }, 'ruleUnsure'],
    [{ evidence: [] }, 'catchAll'],
    [{ evidence: [], needsPerson: true }, 'ruleUnsure'],
    [{ because: 'abstained' }, 'abstained'],
    [{ because: 'unlabelled' }, 'unlabelled'],
    [{ because: 'default' }, 'default'],
  ])('%o is %s', (part, key) => {
    expect(reasonOf(route(part)).key).toBe(key)
    for (const words of [en, zh]) expect(words.reason[key]).toBeTruthy()
  })

  test('the usual priority is not news', () => {
    expect(reasonOf(route({ priority: 'normal' })).outcome.priority).toBeNull()
  })

  test('what is no decision is none', () => {
    for (const stored of [null, undefined, 'x', {}, { because: 'rule' }, []]) expect(readRoute(stored)).toBeNull()
    expect(readRoute(JSON.parse(JSON.stringify(route())))).toEqual(route())
  })
})
