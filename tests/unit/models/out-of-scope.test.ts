/** Known texts against unknown ones: the curve, its ends, and what is said of texts that are called out of scope by name. */
import { describe, expect, it } from 'vitest'
import { binnedError, calibrationError, reliabilityBins } from '@/models/evaluate/calibration'
import { familiarity, rocOf } from '@/models/evaluate/out-of-scope'

describe('the curve of unknown texts', () => {
  it('is perfect where they lie apart, and even where they do not', () => {
    const apart = rocOf([3, 4, 5], [0, 1, 2])
    expect(apart.auroc).toBe(1)
    expect(apart.points).toContainEqual({ kept: 1, passed: 0 })
    const same = rocOf([1, 2, 3], [1, 2, 3])
    expect(same.auroc).toBe(0.5)
    for (const { kept, passed } of same.points) expect(kept).toBeCloseTo(passed, 9)
  })

  it('rises from nothing to everything, in at most fifty steps', () => {
    const scores = (shift: number) => Array.from({ length: 300 }, (_, at) => Math.sin(at * 7) + shift)
    const { points, known, unknown } = rocOf(scores(0.5), scores(0))
    expect([known, unknown]).toEqual([300, 300])
    expect(points.length).toBeLessThanOrEqual(52)
    expect(points[0]).toEqual({ kept: 0, passed: 0 })
    expect(points.at(-1)).toEqual({ kept: 1, passed: 1 })
    for (let at = 1; at < points.length; at++) {
      expect(points[at]?.kept).toBeGreaterThanOrEqual(points[at - 1]?.kept as number)
      expect(points[at]?.passed).toBeGreaterThanOrEqual(points[at - 1]?.passed as number)
    }
  })

  it('puts what is called out of scope before everything else', () => {
    expect(familiarity('out_of_scope', 9)).toBeLessThan(familiarity('refund', -50))
    expect(familiarity('out_of_scope', 1)).toBeLessThan(familiarity('out_of_scope', 2))
  })
})

it('bins hold the same error as the answers themselves', () => {
  const probabilities = Array.from({ length: 200 }, (_, at) => {
    const top = 0.5 + ((at * 37) % 100) / 200
    return [top, 1 - top]
  })
  const truth = probabilities.map((_, at) => (at % 3 ? 0 : 1))
  const answers = probabilities.map(([probability = 0], at) => ({ probability, right: truth[at] === 0 }))
  expect(binnedError(reliabilityBins(answers))).toBeCloseTo(calibrationError(probabilities, truth), 9)
  expect(binnedError(reliabilityBins([]))).toBe(0)
})
