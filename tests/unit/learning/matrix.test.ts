/** The table of what was taken for what: every pair is counted, what is confused most comes first, and a nought is one. */
import { expect, test } from 'vitest'
import { type Judged, judge } from '@/lib/features/learning/judge'
import { type Cell, matrixOf, reportedCells } from '@/lib/features/learning/matrix'

const answer = (intent: string) => ({ intent, intentProbability: 0.9, inScope: true })
const pairs = (list: string): Cell[] =>
  list.split(' ').map((pair) => ({ truth: pair[0] as string, guess: pair[1] as string, count: 1 }))

test('what is confused most comes first, and what lies outside is a column of its own', () => {
  const matrix = matrixOf(pairs('aa aa aa aa bb bb bc cc cb dd dz ab'), 12)
  expect(matrix.rows).toEqual(['b', 'c', 'a', 'd'])
  expect(matrix.columns).toEqual(['b', 'c', 'a', 'd', ''])
  expect([matrix.count('a', 'a'), matrix.count('a', 'b'), matrix.count('b', 'a'), matrix.count('d', '')]).toEqual([
    4, 1, 0, 1,
  ])
  expect(matrix).toMatchObject({ confused: 4, whole: true })
  expect(matrixOf(pairs('aa bb'), 2)).toMatchObject({ confused: 0, columns: ['a', 'b'] })
})

test('of fifty intents that are all confused none is left out, and a nought is a nought', () => {
  const names = Array.from({ length: 50 }, (_, at) => `intent${at}`)
  const cells = names.flatMap((truth, at) => [
    { truth, guess: truth, count: 5 },
    { truth, guess: names[(at + 1) % 50] as string, count: 1 },
  ])
  const matrix = matrixOf(cells, 300)
  expect(matrix).toMatchObject({ confused: 50, whole: true })
  expect(matrix.rows.length).toBe(50)
  const all = matrix.rows.flatMap((truth) => matrix.columns.map((guess) => matrix.count(truth, guess)))
  expect(all.reduce((sum, count) => sum + count, 0)).toBe(300)
})

test('a report keeps the most frequent mistakes: what it does not know is not called nought', () => {
  const names = Array.from({ length: 405 }, (_, at) => `intent${String(at).padStart(3, '0')}`)
  const truth = names.flatMap((name) => [name, name])
  const judged = judge(
    truth,
    truth.map((name, at) => answer(at % 2 ? name : (names[(names.indexOf(name) + 1) % 405] as string))),
  )
  expect(matrixOf(reportedCells(judged), judged.texts).whole).toBe(false)
  const few: Judged = judge(['a', 'a', 'b'], [answer('a'), answer('b'), answer('x')])
  const matrix = matrixOf(reportedCells(few), few.texts)
  expect(matrix.whole).toBe(true)
  expect([matrix.count('a', 'a'), matrix.count('a', 'b'), matrix.count('b', 'b'), matrix.count('b', '')]).toEqual([
    1, 1, 0, 1,
  ])
})

test('every figure of a report says how far chance moves it', () => {
  const truth = Array.from({ length: 60 }, (_, at) => (at % 3 ? 'a' : 'b'))
  const judged = judge(
    truth,
    truth.map((label, at) => answer(at % 10 ? label : 'b')),
  )
  const holds = (range: [number, number] | undefined, value: number) => {
    const [from, to] = range ?? [1, 0]
    expect(from).toBeLessThanOrEqual(value + 1e-4)
    expect(to).toBeGreaterThanOrEqual(value - 1e-4)
    return to - from
  }
  expect(holds(judged.macroF1Range, judged.macroF1)).toBeGreaterThan(0)
  const [first] = judged.intents
  expect(holds(first?.recallRange, first?.recall ?? 2)).toBeGreaterThan(0)
  expect(holds(first?.f1Range, first?.f1 ?? 2)).toBeGreaterThan(0)
  // Nothing else was ever called so: samples say nothing else, which is no certainty.
  expect(holds(first?.precisionRange, first?.precision ?? 2)).toBeGreaterThan(0.05)
  const five = judge(
    ['a', 'a', 'a', 'a', 'a'],
    Array.from({ length: 5 }, () => answer('a')),
  )
  expect(five.intents[0]?.recallRange?.[0]).toBeCloseTo(0.5655, 3)
  expect(five.accuracyRange?.[0]).toBeCloseTo(0.5655, 3)
  expect(five.macroF1Range).toEqual(five.intents[0]?.f1Range)
  expect(five.macroF1Range?.[1]).toBe(1)
})

test('macro-F1 where every text is right, or none, is no certainty, and less open the more intents say so', () => {
  const names = Array.from({ length: 30 }, (_, at) => `intent${at}`)
  const truth = names.flatMap((name) => [name, name, name, name, name])
  const all = judge(truth, truth.map(answer))
  const [from = 2, to] = all.macroF1Range ?? []
  expect([all.macroF1, to]).toEqual([1, 1])
  expect(from).toBeGreaterThan(0.9)
  expect(from).toBeLessThan(1)
  const none = judge(
    truth,
    truth.map(() => answer('else')),
  )
  expect([none.macroF1, none.macroF1Range?.[0]]).toEqual([0, 0])
  expect(none.macroF1Range?.[1]).toBeGreaterThan(0)
})
