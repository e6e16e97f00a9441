/** The rules of learning: how texts are divided and judged, what a file may hold, what a key is made of. */
import { expect, test } from 'vitest'
import { intentKey } from '@/lib/core/intent-key'
import { keyOf } from '@/lib/features/intents/input'
import { hold } from '@/lib/features/learning/champion'
import { divide, splitOf } from '@/lib/features/learning/dataset'
import type { LearnedFrom } from '@/lib/features/learning/examples'
import { contradictionsIn, overlapsIn } from '@/lib/features/learning/health'
import { readExampleFile } from '@/lib/features/learning/input'
import { type Answer, judge } from '@/lib/features/learning/judge'
import { figuresAt } from '@/lib/features/learning/lines'
import { isDue } from '@/lib/features/learning/rule'
import { thinned } from '@/lib/features/learning/runs'

const learnedFrom = (intent: string, at: number, group = `${intent} ${at}`): LearnedFrom => ({
  messageId: null,
  exampleId: `${intent}-${at}`,
  intent,
  // In letters: numbers read alike.
  text: `${intent} ${[...String(at)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`,
  group,
  conversation: null,
  told: null,
  source: 'import',
  contactId: null,
  authorId: null,
  createdAt: new Date(0),
})
const many = (intent: string, count: number) => Array.from({ length: count }, (_, at) => learnedFrom(intent, at))

test('one conversation in five judges, always the same ones, and never both', () => {
  const groups = Array.from({ length: 10_000 }, (_, at) => `conversation ${at}`)
  const held = groups.filter((group) => splitOf(group) === 'test')
  expect(held.length).toBeGreaterThan(1_850)
  expect(held.length).toBeLessThan(2_150)
  const together = divide(
    Array.from({ length: 50 }, (_, at) => learnedFrom('a', at, `talk ${at % 10}`)),
    new Set(),
    new Set(['a']),
  )
  const splits = new Map<string, Set<string>>()
  for (const { group, split } of together.rows) splits.set(group, (splits.get(group) ?? new Set()).add(split))
  expect([...splits.values()].every((set) => set.size === 1)).toBe(true)
})

test('a young intent takes its whole conversations along, what was taught once never judges, and no text is on both sides', () => {
  const held = Array.from({ length: 200 }, (_, at) => `talk ${at}`).filter((group) => splitOf(group) === 'test')
  const old = many('old', 200)
  // Five conversations that are held out, each with one text of the young intent and one of the old one.
  const young = held
    .slice(0, 5)
    .flatMap((group, at) => [learnedFrom('young', at, group), learnedFrom('old', 300 + at, group)])
  const own = new Set(['old', 'young'])
  const sidesOf = (rows: { group: string; split: string }[], group: string) =>
    new Set(rows.filter((row) => row.group === group).map(({ split }) => split))
  const first = divide([...old, ...young], new Set(), own)
  for (const group of held.slice(0, 5)) expect(sidesOf(first.rows, group)).toEqual(new Set(['train']))

  // The intent has grown: those texts were learned, so they go on being learned, and others judge.
  const more = held.slice(5, 25).map((group, at) => learnedFrom('young', 100 + at, group))
  const all = [...old, ...young, ...more, ...many('young', 90).slice(50)]
  const taught = new Set(first.rows.flatMap(({ exampleId, split }) => (split === 'train' ? [exampleId as string] : [])))
  const second = divide(all, new Set(), own, taught)
  for (const group of held.slice(0, 5)) expect(sidesOf(second.rows, group)).toEqual(new Set(['train']))
  for (const group of held.slice(5, 25)) expect(sidesOf(second.rows, group)).toEqual(new Set(['test']))
  // The control: without the memory they would judge what learned them.
  expect(sidesOf(divide(all, new Set(), own).rows, held[0] as string)).toEqual(new Set(['test']))

  // The same text as a correction in a held-out conversation and as an example that is learned.
  const example = old.find(({ group }) => splitOf(group) === 'train') as LearnedFrom
  const twin = { ...learnedFrom('old', 999, held[30]), text: `  ${example.text.toUpperCase()}` }
  const { rows, counts } = divide([...old, twin], new Set(), own)
  expect(rows.filter(({ exampleId }) => exampleId === 'old-999')).toEqual([])
  expect([counts.train + counts.test, counts.intents.old]).toEqual([200, 200])
})

test('an own intent counts from five texts on, a kept one from one; an intent out of use not at all', () => {
  const learned = [...many('own', 5), ...many('small', 4), ...many('refund', 1), ...many('gone', 9)]
  const { rows, counts } = divide(learned, new Set(['refund']), new Set(['own', 'small']))
  expect(counts.tooFew).toEqual({ small: 4 })
  expect(counts.intents).toEqual({ own: 5, refund: 1 })
  expect(rows.filter(({ intent, split }) => intent === 'own' && split === 'train').length).toBeGreaterThanOrEqual(3)
})

test('texts that come with a dataset stay where it had them, all of a conversation on one side', () => {
  const [held, taught] = [true, false].map((wanted) =>
    Array.from({ length: 99 }, (_, at) => `talk ${at}`).filter((group) => (splitOf(group) === 'test') === wanted),
  ) as [string[], string[]]
  const told = (at: number, group: string | undefined, side: 'train' | 'test' | null) => ({
    ...learnedFrom('a', at, group),
    told: side,
  })
  const rows = [
    told(100, held[0], 'train'),
    told(101, taught[0], 'test'),
    // What says nothing goes along with its conversation, and what was learned anywhere in it judges nowhere.
    told(102, taught[0], null),
    told(103, taught[1], 'test'),
    told(104, taught[1], 'train'),
  ]
  const divided = divide([...many('a', 40), ...rows], new Set(), new Set(['a']))
  const sides = rows.map(({ exampleId }) => divided.rows.find((row) => row.exampleId === exampleId)?.split)
  expect(sides).toEqual(['train', 'test', 'test', 'train', 'train'])
  const before = divide([...many('a', 40), ...rows], new Set(), new Set(['a']), new Set(['a-102']))
  expect(before.rows.find(({ exampleId }) => exampleId === 'a-101')?.split).toBe('train')
})

test('the same content has the same hash in any order', () => {
  const learned = [...many('a', 8), ...many('b', 8)]
  const own = new Set(['a', 'b'])
  const { hash } = divide(learned, new Set(), own)
  expect(divide([...learned].reverse(), new Set(), own).hash).toBe(hash)
  expect(divide(learned.slice(1), new Set(), own).hash).not.toBe(hash)
})

const answers = (guesses: readonly string[], probability = 1): Answer[] =>
  guesses.map((intent) => ({ intent, intentProbability: probability, inScope: true }))

test('one guess of something else is one miss: it does not count as an intent that is always wrong', () => {
  const truth = Array.from({ length: 400 }, (_, at) => ['a', 'b', 'c', 'd'][at % 4] as string)
  const foreign = judge(truth, answers(truth.map((label, at) => (at === 0 ? 'elsewhere' : label))))
  expect(foreign.macroF1).toBeGreaterThan(0.998)
  const lost = judge(truth, answers(truth.map((label) => (label === 'a' ? 'elsewhere' : label))))
  expect(lost.macroF1).toBeCloseTo(0.75, 10)
})

test('calibration error from winning probabilities: ten answers of .8, of which six are right, are .2 apart', () => {
  const truth = Array.from({ length: 10 }, () => 'a')
  const judged = judge(
    truth,
    answers(
      truth.map((label, at) => (at < 6 ? label : 'other')),
      0.8,
    ),
  )
  expect(judged.ece).toBeCloseTo(0.2, 10)
  expect(judged.confusions).toEqual([{ truth: 'a', guess: '', count: 4 }])
})

test('a file is read whole or refused with its line', async () => {
  const read = (content: string) => readExampleFile(Buffer.from(content))
  expect(await read('\ufefftext,label\n"I lost, my ""card""",Card arrival\n你好,top-up\n')).toEqual([
    { text: 'I lost, my "card"', label: 'Card arrival' },
    { text: '你好', label: 'top-up' },
  ])
  const trouble = (content: string) =>
    read(content).then(
      () => 'read',
      ({ code, facts }) => [code, facts.line],
    )
  expect(await trouble('words,label\nx,y\n')).toEqual(['file_columns', undefined])
  expect(await trouble('text,label\n"open,y\n')).toMatchObject(['file_malformed', expect.any(Number)])
  expect(await trouble('text,label\nx,y\nx,\n')).toEqual(['file_label', 3])
  expect(await trouble('')).toEqual(['file_empty', undefined])
  expect(await trouble('{"text":"a","label":"b"}\nnot json')).toEqual(['file_malformed', 2])
  expect(await trouble('{"label":"b"}')).toEqual(['file_text', 1])
  expect(await trouble('[1]')).toEqual(['file_text', 1])
  expect(await trouble('[{"text":"a","label":"b"},')).toEqual(['file_malformed', 1])
  // Many programs write one list.
  expect(await read('[{"text":"a","label":"b"},\n {"text":"c","label":"d"}]\n')).toEqual([
    { text: 'a', label: 'b' },
    { text: 'c', label: 'd' },
  ])
  expect(await trouble('PAR1 and no more')).toEqual(['file_malformed', 1])
  expect(await read('{"text":"a","label":"b"}\n\n')).toEqual([{ text: 'a', label: 'b' }])
  // A spreadsheet's own encoding: 你好 in GB 18030.
  const chinese = Buffer.concat([Buffer.from('text,label\n'), Buffer.from('c4e3bac3', 'hex'), Buffer.from(',hello\n')])
  expect(await readExampleFile(chinese)).toEqual([{ text: '你好', label: 'hello' }])
})

test('a key keeps to Latin letters and is nobody else’s', () => {
  expect(keyOf('Lost my Phone!', new Set())).toBe('lost_my_phone')
  expect(keyOf('Lost my phone', new Set(['lost_my_phone']))).toBe('lost_my_phone_2')
  // What is told by more than Latin letters has a key of its own, the same one in every account.
  const said = [
    '发货',
    'VIP 退款',
    'VIP 投诉',
    'C++',
    'C#',
    '5折',
    '5星',
    `${'long '.repeat(11)}a`,
    `${'long '.repeat(11)}b`,
  ]
  const keys = said.map((name) => keyOf(name, new Set()))
  expect(new Set(keys).size).toBe(said.length)
  expect(keys.every((key) => intentKey.safeParse(`${key}_2000`).success)).toBe(true)
  expect(keys.slice(0, 2)).toEqual([
    expect.stringMatching(/^intent_[0-9a-f]{8}$/),
    expect.stringMatching(/^vip_[0-9a-f]{8}$/),
  ])
  expect(keyOf('发货', new Set(keys))).toBe(`${keys[0]}_2`)
})

test('what was merged goes by its new name and asks for what that one asks; what is out of use covers nothing', () => {
  const champion = {
    ...{ bundle: 'base', canary: null, merged: new Map([['a', 'b']]) },
    ...{ lines: new Map([['b', 0.9]]), aside: new Set(['c']) },
  }
  const said = (intent: string) => ({ intent, intentProbability: 0.8, inScope: true }) as never
  expect(hold(champion, said('a'))).toEqual({ intent: 'b', intentProbability: 0.8, inScope: true, line: 0.9 })
  expect(hold(champion, said('c'))).toEqual({ intent: 'c', intentProbability: 0.8, inScope: false })
})

test('a line tells how many texts are handled and how many of those are right, for all intents and for one', () => {
  const text = (truth: string, intent: string, intentProbability: number, inScope = true) => ({
    truth,
    version: { intent, intentProbability, inScope },
  })
  const texts = [text('a', 'a', 0.9), text('a', 'a', 0.6), text('b', 'a', 0.7), text('b', 'b', 0.9, false)]
  expect(figuresAt(texts, 0.5, null)).toEqual({ of: 4, handled: 3, precision: 2 / 3, recall: 0.5 })
  expect(figuresAt(texts, 0.8, null)).toEqual({ of: 4, handled: 1, precision: 1, recall: 0.25 })
  expect(figuresAt(texts, 0.5, 'a')).toEqual({ of: 3, handled: 3, precision: 2 / 3, recall: 1 })
  expect(figuresAt(texts, 0.7, 'a')).toEqual({ of: 3, handled: 2, precision: 0.5, recall: 0.5 })
  expect(figuresAt(texts, 0.95, 'b')).toEqual({ of: 1, handled: 0, precision: null, recall: 0 })
  expect(figuresAt(texts, 0.5, 'z')).toEqual({ of: 0, handled: 0, precision: null, recall: null })
})

test('a long curve keeps its ends', () => {
  const steps = Array.from({ length: 1_000 }, (_, at) => ({ at, done: at / 1_000, loss: 1 }))
  const kept = thinned(steps)
  expect(kept.length).toBe(240)
  expect([kept[0]?.at, kept.at(-1)?.at]).toEqual([0, 999])
})

test('a rule is due after its number of corrections, or after a week, and never without anything new', () => {
  const now = new Date('2026-03-10')
  const days = (count: number) => new Date(now.getTime() - count * 86_400_000)
  const nothing = { model: null, underWay: false, failed: null, corrections: 0, examples: 0 }
  const due = (rule: Parameters<typeof isDue>[0], model: Date | null, corrections: number, more: object = {}) =>
    isDue(rule, { ...nothing, model, corrections, ...more }, now)
  const after = { afterCorrections: 20, weekly: false }
  expect([due(after, days(1), 19), due(after, days(1), 20), due(after, null, 20)]).toEqual([false, true, true])
  const weekly = { afterCorrections: null, weekly: true }
  expect([due(weekly, days(6), 5), due(weekly, days(7), 5), due(weekly, days(30), 0)]).toEqual([false, true, false])
  expect(due({ afterCorrections: null, weekly: false }, null, 500)).toBe(false)
  // Texts that were written or imported are something new, too.
  expect([due(weekly, days(7), 0, { examples: 1 }), due(after, days(7), 0, { examples: 500 })]).toEqual([true, false])
  // A run that came to nothing takes nothing off the count, and is tried again a day later; one under way is waited for.
  expect([due(after, days(9), 20, { failed: days(0.9) }), due(after, days(9), 20, { failed: days(1) })]).toEqual([
    false,
    true,
  ])
  expect([due(weekly, days(9), 20, { underWay: true }), due(weekly, null, 1)]).toEqual([false, true])
})

test('labels that contradict each other, and intents that are taken for each other', async () => {
  const said = (text: string, intent: string, at: number): LearnedFrom => ({ ...learnedFrom(intent, at), text })
  const learned = [
    said('Where is it?', 'a', 1),
    said('where  is IT', 'b', 2),
    said('where is it!', 'a', 3),
    said('else', 'b', 4),
    said('The parcel that I sent back has not arrived at your house', 'a', 5),
    said('the parcel that I sent back has not arrived at you house', 'b', 6),
    said('The parcel that I sent back has not arrived at your house!', 'a', 7),
  ]
  expect((await contradictionsIn(learned)).map((group) => group.map(({ exampleId }) => exampleId))).toEqual([
    ['a-1', 'b-2', 'a-3'],
    ['a-5', 'b-6', 'a-7'],
  ])
  const kept = new Set(['a-1', 'b-2', 'a-3', 'a-7'])
  expect(await contradictionsIn(learned, ({ exampleId }) => kept.has(exampleId ?? ''))).toHaveLength(1)
  const confusions = [
    { truth: 'a', guess: 'b', count: 2 },
    { truth: 'b', guess: 'a', count: 1 },
    { truth: 'a', guess: 'c', count: 1 },
    { truth: 'a', guess: '', count: 9 },
  ]
  const candidate = { ...judge(['a'], []), confusions }
  expect(overlapsIn({ candidate })).toEqual([{ one: 'a', other: 'b', count: 0, held: 3, ids: [] }])
  const overlaps = [{ one: 'a', other: 'c', count: 4, ids: ['x'] }]
  expect(overlapsIn({ candidate, overlaps })).toEqual([
    { one: 'a', other: 'c', count: 4, held: 1, ids: ['x'] },
    { one: 'a', other: 'b', count: 0, held: 3, ids: [] },
  ])
})
