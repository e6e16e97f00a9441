/** Routing rules: a table of decisions, and what holds for any table: first match wins, unsure means a person, turns are fair. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { abstains } from '@/lib/core/learning'
import { sentiments, type Understanding, urgencies } from '@/lib/core/ports'
import { nextTurn } from '@/lib/features/routing/read'
import { abstainBelow, decideRoute, priorities, type Rule, type Team, tryRule } from '@/lib/features/routing/rules'

const said = (part: Partial<Understanding> = {}): Understanding => ({
  modelVersion: 'm',
  intent: 'refund',
  intentProbability: 0.9,
  inScope: true,
  sentiment: 'negative',
  sentimentProbability: 0.93,
  sentimentScore: -0.9,
  language: 'en',
  languageProbability: 0.99,
  urgency: 'normal',
  urgencyProbability: 0.8,
  latencyMs: 1,
  ...part,
})
const rule = (part: Partial<Rule> = {}): Rule => ({
  id: 'r1',
  name: 'Line',
  when: {},
  teamId: null,
  priority: null,
  assign: 'none',
  ...part,
})
const billing: Team = { id: 't1', name: 'Billing', online: ['ann', 'ben', 'cy'] }
const empty: Team = { id: 't2', name: 'Empty', online: [] }
const first = () => 0

describe('a decision', () => {
  test.each<[string, Understanding | null, Rule[], object]>([
    [
      'no answer of the model',
      null,
      [rule()],
      { because: 'unlabelled', needsPerson: true, ruleId: null, teamId: null },
    ],
    ['no line', said(), [], { because: 'default', needsPerson: false, priority: 'normal' }],
    ['no line, unsure', said({ intentProbability: 0.2 }), [], { because: 'abstained', needsPerson: true }],
    ['no line, out of scope', said({ inScope: false }), [], { because: 'abstained', needsPerson: true }],
    [
      'no line, less sure than its intent asks',
      said({ intentProbability: 0.9, line: 0.91 }),
      [],
      { because: 'abstained', needsPerson: true },
    ],
    ['no line, as sure as its intent asks', said({ intentProbability: 0.9, line: 0.9 }), [], { because: 'default' }],
    [
      'a catch-all',
      said(),
      [rule({ teamId: 't1' })],
      { because: 'rule', teamId: 't1', evidence: [], needsPerson: false },
    ],
    [
      'a catch-all, unsure',
      said({ inScope: false }),
      [rule({ teamId: 't1' })],
      { because: 'rule', teamId: 't1', needsPerson: true },
    ],
    [
      'two labels',
      said(),
      [rule({ when: { intents: ['refund'], sentiments: ['negative'] }, teamId: 't1', priority: 'high' })],
      {
        ruleName: 'Line',
        teamName: 'Billing',
        priority: 'high',
        evidence: [
          { field: 'intent', label: 'refund', probability: 0.9 },
          { field: 'sentiment', label: 'negative', probability: 0.93 },
        ],
      },
    ],
    [
      'a wrong label',
      said({ sentiment: 'positive' }),
      [rule({ when: { sentiments: ['negative'] } })],
      { because: 'default' },
    ],
    [
      'too little confidence',
      said(),
      [rule({ when: { sentiments: ['negative'], minConfidence: 0.95 } })],
      { because: 'default' },
    ],
    [
      'the usual confidence',
      said({ sentimentProbability: 0.59 }),
      [rule({ when: { sentiments: ['negative'] } })],
      { because: 'default' },
    ],
    [
      'an intent below what the model dares',
      said({ intentProbability: 0.45 }),
      [rule({ when: { intents: ['refund'], minConfidence: 0.1 } })],
      { because: 'abstained', needsPerson: true },
    ],
    ['a language', said({ language: 'zh' }), [rule({ when: { languages: ['zh'] }, teamId: 't1' })], { teamId: 't1' }],
    [
      'an urgency',
      said({ urgency: 'high' }),
      [rule({ when: { urgencies: ['high'] }, priority: 'urgent' })],
      { priority: 'urgent' },
    ],
    ['an empty list asks nothing', said(), [rule({ when: { intents: [] }, teamId: 't1' })], { teamId: 't1' }],
    [
      'a team that is gone',
      said(),
      [rule({ teamId: 'gone', assign: 'round_robin' })],
      { because: 'rule', teamId: null, assigneeId: null },
    ],
    ['nobody there', said(), [rule({ teamId: 't2', assign: 'round_robin' })], { teamId: 't2', assigneeId: null }],
    ['someone there', said(), [rule({ teamId: 't1', assign: 'round_robin' })], { assigneeId: 'ann' }],
    ['not asked to assign', said(), [rule({ teamId: 't1' })], { assigneeId: null }],
  ])('%s', (_name, understanding, rules, expected) => {
    expect(decideRoute(understanding, rules, [billing, empty], first)).toMatchObject(expected)
  })

  test('nothing hangs on an intent that the model abstains on, not even where a line asks for no confidence', () => {
    const unsure = said({ intentProbability: 0.2 })
    expect(tryRule({ intents: ['refund'], minConfidence: 0 }, unsure).matches).toBe(false)
  })

  test('a trial says what was missed', () => {
    expect(tryRule({ intents: ['invoice'], sentiments: ['positive'] }, said())).toEqual({
      matches: false,
      least: 0.6,
      missed: { field: 'intent', label: 'refund', probability: 0.9 },
    })
  })
})

const probability = fc.double({ min: 0, max: 1, noNaN: true })
const anyIntent = fc.constantFrom('refund', 'invoice', 'greeting')
const anySaid = fc.record({
  modelVersion: fc.constant('m'),
  intent: anyIntent,
  intentProbability: probability,
  inScope: fc.boolean(),
  sentiment: fc.constantFrom(...sentiments),
  sentimentProbability: probability,
  sentimentScore: fc.constant(0),
  language: fc.constantFrom('en', 'zh', 'und'),
  languageProbability: probability,
  urgency: fc.constantFrom(...urgencies),
  urgencyProbability: probability,
  latencyMs: fc.constant(1),
}) as fc.Arbitrary<Understanding>
const some = <T>(item: fc.Arbitrary<T>) => fc.option(fc.uniqueArray(item, { maxLength: 3 }), { nil: undefined })
const anyRule = fc.record({
  id: fc.uuid(),
  name: fc.string(),
  when: fc.record({
    intents: some(anyIntent),
    sentiments: some(fc.constantFrom(...sentiments)),
    languages: some(fc.constantFrom('en', 'zh')),
    urgencies: some(fc.constantFrom(...urgencies)),
    minConfidence: fc.option(probability, { nil: undefined }),
  }),
  teamId: fc.constantFrom('t1', 't2', 'gone', null),
  priority: fc.option(fc.constantFrom(...priorities)),
  assign: fc.constantFrom('round_robin', 'none'),
}) as fc.Arbitrary<Rule>
const anyRules = fc.uniqueArray(anyRule, { maxLength: 8, selector: (each) => each.id })

describe('for any table and any message', () => {
  test('the first line that fits decides, whatever stands below it', () => {
    fc.assert(
      fc.property(anySaid, anyRules, anyRules, (understanding, rules, below) => {
        const place = rules.findIndex((each) => tryRule(each.when, understanding).matches)
        const route = decideRoute(understanding, rules, [billing, empty], first)
        expect(route.ruleId).toBe(place < 0 ? null : rules[place]?.id)
        if (place >= 0)
          expect(decideRoute(understanding, [...rules.slice(0, place + 1), ...below], [billing, empty], first)).toEqual(
            route,
          )
      }),
    )
  })

  test('a model that is not sure leaves it to a person, and never decides by its intent', () => {
    fc.assert(
      fc.property(anySaid, anyRules, (understanding, rules) => {
        const route = decideRoute(understanding, rules, [billing], first)
        expect(route.needsPerson).toBe(abstains(understanding))
        if (abstains(understanding) && route.because === 'rule')
          expect(route.evidence.some((each) => each.field === 'intent')).toBe(false)
      }),
    )
  })

  test('evidence is never weaker than the line asks', () => {
    fc.assert(
      fc.property(anySaid, anyRule, ({ ...understanding }, one) => {
        const fit = tryRule(one.when, understanding)
        if (fit.matches)
          for (const each of fit.evidence)
            expect(each.probability).toBeGreaterThanOrEqual(one.when.minConfidence ?? 0.6)
      }),
    )
  })

  test('the same message, table and turn give the same decision', () => {
    fc.assert(
      fc.property(anySaid, anyRules, fc.nat(), (understanding, rules, turn) => {
        const decide = () => decideRoute(understanding, rules, [billing, empty], () => turn)
        expect(decide()).toEqual(decide())
      }),
    )
  })
})

describe('round robin', () => {
  test('gives everyone the same share, also when messages of two teams alternate', () => {
    const other: Team = { id: 't9', name: 'Other', online: ['dee', 'eve'] }
    const rules = [
      rule({ id: 'a', when: { intents: ['refund'] }, teamId: 't1', assign: 'round_robin' }),
      rule({ id: 'b', teamId: 't9', assign: 'round_robin' }),
    ]
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.boolean()),
        (account, rounds, coins) => {
          const given = new Map<string, number>()
          const wanted = { t1: rounds * 3, t9: rounds * 2 }
          const turn = nextTurn(account)
          for (const coin of coins) {
            if (!wanted.t1 && !wanted.t9) break
            const toBilling = wanted.t1 > 0 && (coin || !wanted.t9)
            if (toBilling) wanted.t1--
            else wanted.t9--
            const route = decideRoute(said(toBilling ? {} : { intent: 'greeting' }), rules, [billing, other], turn)
            given.set(route.assigneeId ?? '', (given.get(route.assigneeId ?? '') ?? 0) + 1)
          }
          expect(Object.fromEntries(given)).toEqual({ ann: rounds, ben: rounds, cy: rounds, dee: rounds, eve: rounds })
        },
      ),
    )
  })

  test('messages that nobody is given take no turn', () => {
    const turn = nextTurn('quiet')
    const lines = [rule({ teamId: 't1', assign: 'round_robin' })]
    decideRoute(said(), lines, [{ ...billing, online: [] }], turn)
    decideRoute(null, lines, [billing], turn)
    expect(decideRoute(said(), lines, [billing], turn).assigneeId).toBe('ann')
  })
})

test('the line below which the model abstains is the one the product states', () => expect(abstainBelow).toBe(0.5))
