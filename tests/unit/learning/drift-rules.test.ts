/** Drift: known values of both measures, no alarm where nothing changed, and one where it did. */
import { describe, expect, test } from 'vitest'
import { driftOf, jensenShannon, type Span, stabilityIndex } from '@/lib/features/learning/drift-rules'

const million = (...shares: number[]) => shares.map((share) => share * 1e6)
const pairs = (p: number[], q: number[]) => p.map((each, at) => [each, q[at] ?? 0] as [number, number])

describe('measures', () => {
  // (0.5 − 0.9) ln(0.5 / 0.9) + (0.5 − 0.1) ln(0.5 / 0.1), and the mean of both divergences from (0.7, 0.3), by hand.
  test('an even mix beside nine to one', () => {
    const both = pairs(million(0.5, 0.5), million(0.9, 0.1))
    expect(stabilityIndex(both)).toBeCloseTo(0.8789, 3)
    expect(jensenShannon(both)).toBeCloseTo(0.1468, 3)
  })

  test('nothing in common is one bit; the same mix is nothing', () => {
    expect(jensenShannon(pairs(million(1, 0), million(0, 1)))).toBeCloseTo(1, 4)
    expect(stabilityIndex(pairs(million(0.3, 0.7), million(0.3, 0.7)))).toBeCloseTo(0, 12)
  })
})

const span = (counts: Record<string, number>, part: Partial<Span> = {}): Span => {
  const messages = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const labels = new Map(Object.entries(counts))
  const sure = { confidence: messages * 0.8, confidenceSquared: messages * 0.66 }
  return { messages, labels, outOfScope: Math.round(messages / 20), corrected: 0, slow: null, ...sure, ...part }
}
const usual = { refund: 400, invoice: 300, greeting: 100 }
const steady = { labels: 'steady', outOfScope: 'steady', confidence: 'steady', corrections: 'steady' }

test.each([
  ['the same', span({ refund: 200, invoice: 150, greeting: 50 }), {}],
  ['another mix', span({ refund: 50, invoice: 50, greeting: 300 }), { labels: 'shifted' }],
  ['a label never seen before', span({ refund: 150, invoice: 110, greeting: 40, recall: 100 }), { labels: 'shifted' }],
  ['a little different', span({ refund: 150, invoice: 140, greeting: 100 }), { labels: 'moving' }],
  [
    'more that is not known',
    span({ refund: 200, invoice: 150, greeting: 50 }, { outOfScope: 80 }),
    { outOfScope: 'shifted' },
  ],
  ['somewhat more', span({ refund: 200, invoice: 150, greeting: 50 }, { outOfScope: 45 }), { outOfScope: 'moving' }],
  ['less that is not known', span({ refund: 200, invoice: 150, greeting: 50 }, { outOfScope: 0 }), {}],
  [
    'less sure',
    span({ refund: 200, invoice: 150, greeting: 50 }, { confidence: 400 * 0.65, confidenceSquared: 400 * 0.44 }),
    { confidence: 'shifted' },
  ],
  ['corrected often', span({ refund: 200, invoice: 150, greeting: 50 }, { corrected: 60 }), { corrections: 'shifted' }],
])('%s', (_name, recent, expected) => {
  const drift = driftOf(recent, span(usual))
  expect(drift.enough).toBe(true)
  expect(drift.levels).toEqual({ ...steady, ...expected })
})

test('too few messages say nothing, none at all divide by nothing', () => {
  const few = driftOf(span({ greeting: 199 }), span({ refund: 500 }))
  expect(few).toMatchObject({ enough: false, levels: steady })
  const none = driftOf(span({}), span({}))
  expect(none).toMatchObject({ enough: false, psi: 0, jensenShannon: 0, recent: 0, levels: steady })
})

test('the same mix of thirty labels drawn 1,000 times in the least number of messages raises ten alarms at most', () => {
  let state = 11
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const draw = (count: number) => {
    const counts: Record<string, number> = {}
    for (let at = 0; at < count; at++) {
      // Squared: some labels are common, many are rare.
      const label = `label ${Math.floor(30 * random() ** 2)}`
      counts[label] = (counts[label] ?? 0) + 1
    }
    return span(counts)
  }
  let alarms = 0
  for (let at = 0; at < 1000; at++) if (driftOf(draw(200), draw(200)).levels.labels !== 'steady') alarms++
  expect(alarms).toBeLessThanOrEqual(10)
})
