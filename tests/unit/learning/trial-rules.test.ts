/** What a trial concludes: exact tests against known values, few false alarms however often it is looked at, and real harm found. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fisherTest, signTest } from '@/lib/features/learning/exact-tests'
import { laneOf, type TrialFigures, verdictOf } from '@/lib/features/learning/trial-rules'

const figures = (part: Partial<TrialFigures>): TrialFigures => ({
  both: 1000,
  agreed: 900,
  judged: 0,
  rightTried: 0,
  rightRival: 0,
  seenTried: 0,
  correctedTried: 0,
  seenRival: 0,
  correctedRival: 0,
  won: 0,
  lost: 0,
  slowTried: 5,
  slowRival: 5,
  ...part,
})

/** mulberry32: the same tosses in every run. */
function tosses(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

describe('exact tests', () => {
  test.each([
    [10, 10, 1 / 1024],
    [8, 10, 56 / 1024],
    [0, 10, 1],
    [1, 0, 0],
  ])('at least %i of %i tosses: %f', (wins, n, expected) => expect(signTest(wins, n)).toBeCloseTo(expected, 12))

  test('so many tosses that a half to that power is nothing convict nobody who won', () => {
    expect(signTest(0, 1_500)).toBeCloseTo(1, 9)
    expect(signTest(750, 1_500)).toBeCloseTo(0.51, 2)
    expect(signTest(850, 1_500)).toBeLessThan(1e-6)
  })

  // Fisher's tea: 3 of 4 cups and all four, The Design of Experiments (1935), chapter II.
  test.each([
    [4, 4, 0, 4, 1 / 70],
    [3, 4, 1, 4, 17 / 70],
    [0, 5, 3, 5, 1],
    [0, 0, 3, 5, 1],
  ])('%i of %i beside %i of %i: %f', (a, of, b, ofB, expected) =>
    expect(fisherTest(a, of, b, ofB)).toBeCloseTo(expected, 10),
  )

  test('a probability for any table, and none rises with more events on the tried side', () => {
    const size = fc.nat(300)
    fc.assert(
      fc.property(size, size, size, size, (n, m, x, y) => {
        const [a, b] = [Math.min(x, n), Math.min(y, m)]
        const p = fisherTest(a, n, b, m)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        if (a < n) expect(fisherTest(a + 1, n, b, m)).toBeLessThanOrEqual(p + 1e-9)
      }),
    )
  })
})

describe('verdicts', () => {
  test.each([
    ['nothing known', figures({}), 100, null],
    ['nine losses are no proof yet', figures({ lost: 9 }), 100, null],
    ['ten of ten are', figures({ lost: 10 }), 100, 'worse'],
    ['wins are no harm', figures({ won: 200 }), 100, null],
    ['losses of a silent one conclude nothing: people judge what they see', figures({ lost: 50 }), 0, null],
    [
      'labels changed as often',
      figures({ seenTried: 50, correctedTried: 5, seenRival: 950, correctedRival: 95 }),
      5,
      null,
    ],
    [
      'labels changed far more',
      figures({ seenTried: 50, correctedTried: 20, seenRival: 950, correctedRival: 95 }),
      5,
      'worse',
    ],
    ['three times as long and long at all', figures({ slowTried: 400, slowRival: 20 }), 0, 'slow'],
    ['three times nothing is nothing', figures({ slowTried: 20, slowRival: 5 }), 0, null],
    ['too few answers', figures({ both: 99, slowTried: 400, slowRival: 20 }), 0, null],
  ] as const)('%s', (_name, given, share, expected) => expect(verdictOf(given, share)).toBe(expected))

  test('looked at after every one of 300 messages, 2 of 100 equally good versions at most give way; of those half as good, nearly all', () => {
    const random = tosses(7)
    const gaveWay = (losing: number): number => {
      let ended = 0
      for (let trial = 0; trial < 1000; trial++) {
        let [won, lost] = [0, 0]
        for (let at = 0; at < 300; at++) {
          if (random() < losing) lost++
          else won++
          if (verdictOf(figures({ won, lost }), 100) === 'worse') {
            ended++
            break
          }
        }
      }
      return ended / 1000
    }
    expect(gaveWay(0.5)).toBeLessThanOrEqual(0.02)
    expect(gaveWay(2 / 3)).toBeGreaterThan(0.95)
  })
})

test('lanes are even, and another trial deals anew', () => {
  const people = Array.from({ length: 5000 }, (_, at) => `contact ${at}`)
  const share = people.filter((one) => laneOf('a trial', one) < 20).length / people.length
  expect(share).toBeGreaterThan(0.17)
  expect(share).toBeLessThan(0.23)
  const both = people.filter((one) => laneOf('a trial', one) < 20 && laneOf('another', one) < 20).length
  expect(both / people.length).toBeLessThan(0.06)
})
