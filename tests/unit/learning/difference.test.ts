/** How sure the difference of two models is: told from luck on many texts, not on few, and the other way round for the other one. */
import { expect, test } from 'vitest'
import { differenceOf } from '@/lib/features/learning/gate'
import { type Answer, judge } from '@/lib/features/learning/judge'

const answers = (labels: string[]): Answer[] =>
  labels.map((intent) => ({ intent, intentProbability: 0.9, inScope: true }))
const truth = (texts: number) => Array.from({ length: texts }, (_, at) => 'abcd'[at % 4] as string)
/** Wrong on every text whose place is asked for. */
const wrong = (labels: string[], at: (place: number) => boolean) =>
  answers(labels.map((label, place) => (at(place) ? 'z' : label)))

test('five of sixty texts are luck, eighty of a thousand are not', () => {
  const differ = (texts: number, better: number, worse: number) => {
    const labels = truth(texts)
    return differenceOf(
      labels,
      wrong(labels, (at) => at < better),
      wrong(labels, (at) => at >= texts - worse),
    )
  }
  // Exact: of 8 that differ at least 5 one way, twice. (93 / 256) * 2
  expect(differ(60, 5, 3)?.chance).toBeCloseTo(0.7266, 4)
  expect(differ(60, 3, 5)?.chance).toBeCloseTo(0.7266, 4)
  const [from, to] = differ(60, 5, 3)?.macroF1 ?? [0, 0]
  expect([from < 0, to > 0]).toEqual([true, true])
  expect(differ(1_000, 80, 30)?.chance).toBeLessThan(0.001)
  // Rare is not never: 2 ** -59.
  expect(differ(1_000, 60, 0)?.chance).toBeCloseTo(2 ** -59, 25)
  expect(differ(1_000, 60, 0)?.chance).toBeGreaterThan(0)
  const sure = differ(1_000, 80, 30)?.macroF1 ?? [0, 0]
  expect([sure[0] > 0, sure[1] < 0.1]).toEqual([true, true])
  const other = differ(1_000, 30, 80)?.macroF1 ?? [0, 0]
  expect([other[0] > -0.1, other[1] < 0]).toEqual([true, true])
})

test('the same answers differ by nothing, and without texts there is nothing to say', () => {
  const labels = truth(40)
  expect(differenceOf(labels, answers(labels), answers(labels))).toEqual({ macroF1: [0, 0], chance: 1 })
  expect(differenceOf([], [], [])).toBeNull()
})

test('the range is about the figure that the gate goes by', () => {
  const labels = truth(400)
  const [theirs, mine] = [wrong(labels, (at) => at % 10 === 0), wrong(labels, (at) => at % 4 === 1 && at % 8 === 1)]
  const seen = judge(labels, mine).macroF1 - judge(labels, theirs).macroF1
  const [from, to] = differenceOf(labels, theirs, mine)?.macroF1 ?? [0, 0]
  expect(from).toBeLessThan(seen)
  expect(to).toBeGreaterThan(seen)
})
