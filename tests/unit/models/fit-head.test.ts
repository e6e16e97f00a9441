/** What a head says about its own calibration: no text judges a temperature that it has set itself. */
import { expect, test } from 'vitest'
import { binnedError } from '@/models/evaluate/calibration'
import type { Path } from '@/models/train/path'
import { fitHead } from '@/models/train/train-head'

const path = { table: new Float32Array(0), bias: new Float32Array(2), width: 2 } as unknown as Path
const sure = () => new Float32Array([4, 0])

test('where one half is always right and the other never, calibration by the other half errs as much as it can', () => {
  const truth = Array.from({ length: 200 }, (_, at) => at % 2)
  const head = fitHead('intent', [path], [truth.map(sure)], truth, ['a', 'b'])
  // By all of them: one of two is right, and the temperature says so.
  expect(head.metrics.ece).toBeLessThan(0.02)
  expect(head.held?.after.reduce((sum, { count }) => sum + count, 0)).toBe(200)
  expect(binnedError(head.held?.after ?? [])).toBeGreaterThan(0.4)
})

test('where both halves are alike it says what all of them say; one text alone has no other half', () => {
  const truth = Array.from({ length: 400 }, (_, at) => (at % 8 < 2 ? 1 : 0))
  const head = fitHead('intent', [path], [truth.map(sure)], truth, ['a', 'b'])
  expect(binnedError(head.held?.after ?? [])).toBeCloseTo(head.metrics.ece ?? 1, 2)
  const alone = fitHead('intent', [path], [[sure()]], [0], ['a', 'b'])
  expect(alone.held?.after.reduce((sum, { count }) => sum + count, 0)).toBe(1)
})
