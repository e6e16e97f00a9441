/** Statistics against numbers worked out by hand or by scikit-learn's definitions. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { calibrationError, fitTemperature, logLoss } from '@/models/evaluate/calibration'
import { accuracy, bootstrap, classRanges, confusion, macroF1, perClass, wilson } from '@/models/evaluate/metrics'
import { auroc, rejected, thresholdForLoss } from '@/models/evaluate/out-of-scope'
import { blend } from '@/models/train/blend'
import { softmax } from '@/models/train/forward'
import { Random } from '@/models/train/random'

const truth = [0, 0, 0, 1, 1, 2, 2, 2, 2, 2]
const guess = [0, 0, 1, 1, 2, 2, 2, 2, 0, 2]
const labels = ['a', 'b', 'c']

describe('golden numbers', () => {
  // 120 random answers over four classes of unequal size, judged by scikit-learn and scipy (versions in the file).
  const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden-statistics.json'), 'utf8')) as {
    truth: number[]
    logits: number[][]
    known: number[]
    unknown: number[]
    confusion: number[][]
    accuracyInterval: [number, number]
  } & Record<'precision' | 'recall' | 'f1' | 'support', number[]> &
    Record<'accuracy' | 'macroF1' | 'logLoss' | 'calibrationError' | 'temperature' | 'auroc', number>
  const own = golden.logits.map((line) => line.indexOf(Math.max(...line)))
  const names = ['a', 'b', 'c', 'd']

  it('are those of scikit-learn: counts, precision, recall, F1, area under the curve', () => {
    expect(confusion(golden.truth, own, 4)).toEqual(golden.confusion)
    expect(accuracy(golden.truth, own)).toBeCloseTo(golden.accuracy, 12)
    expect(macroF1(golden.truth, own, names)).toBeCloseTo(golden.macroF1, 12)
    for (const [at, figures] of perClass(golden.truth, own, names).entries()) {
      for (const name of ['precision', 'recall', 'f1', 'support'] as const)
        expect(figures[name]).toBeCloseTo(golden[name][at] as number, 12)
    }
    expect(auroc(golden.known, golden.unknown)).toBeCloseTo(golden.auroc, 12)
  })

  it('are those of scipy: log loss, temperature, calibration error, bootstrap interval', () => {
    expect(logLoss(golden.logits, golden.truth, 1)).toBeCloseTo(golden.logLoss, 10)
    expect(fitTemperature(golden.logits, golden.truth)).toBeCloseTo(golden.temperature, 4)
    const probabilities = golden.logits.map((line) => softmax(line))
    expect(calibrationError(probabilities, golden.truth)).toBeCloseTo(golden.calibrationError, 6)
    const right = golden.truth.map((value, at) => value === own[at])
    const rate = (some: Int32Array) => [...some].filter((at) => right[at]).length / some.length
    const interval = bootstrap(right.length, rate, { rounds: 4000 })
    for (const [at, edge] of interval.entries())
      expect(Math.abs(edge - (golden.accuracyInterval[at] as number))).toBeLessThan(0.02)
  })
})

describe('counts', () => {
  it('agree with the confusion matrix', () => {
    expect(confusion(truth, guess, 3)).toEqual([
      [2, 1, 0],
      [0, 1, 1],
      [1, 0, 4],
    ])
    expect(accuracy(truth, guess)).toBeCloseTo(0.7, 12)
  })

  it('give precision, recall and F1 per class', () => {
    const [a, b, c] = perClass(truth, guess, labels)
    expect(a).toMatchObject({ support: 3, precision: 2 / 3, recall: 2 / 3 })
    expect(b).toMatchObject({ support: 2, precision: 0.5, recall: 0.5 })
    expect(c?.f1).toBeCloseTo(0.8, 12)
    expect(macroF1(truth, guess, labels)).toBeCloseTo((2 / 3 + 0.5 + 0.8) / 3, 12)
  })

  it('leave classes out that occur nowhere, and count a missed class as 0', () => {
    expect(macroF1([0, 0], [0, 0], labels)).toBe(1)
    expect(macroF1([0, 1], [0, 0], labels)).toBeCloseTo((2 / 3 + 0) / 2, 12)
  })

  it.each(['precision', 'recall', 'f1'] as const)(
    'the range of each %s is that of the same statistic by the general bootstrap',
    (figure) => {
      const ranges = classRanges(truth, guess, 3, { rounds: 400 })
      for (const [own, range] of ranges.entries()) {
        const statistic = (some: Int32Array) => {
          const pick = (of: readonly number[]) => [...some].map((at) => of[at] as number)
          return perClass(pick(truth), pick(guess), labels)[own]?.[figure] ?? 0
        }
        const other = bootstrap(truth.length, statistic, { rounds: 400 })
        expect(range[figure]).toEqual(other.map((edge) => expect.closeTo(edge, 12)))
      }
    },
  )

  it('five of five is no certainty: Wilson says 57 % or more, and so does every figure of the class', () => {
    expect(wilson(5, 5)).toEqual([expect.closeTo(0.5655, 3), 1])
    expect(wilson(0, 5)).toEqual([0, expect.closeTo(0.4345, 3)])
    // Of Newcombe (1998): 81 of 263.
    expect(wilson(81, 263)).toEqual([expect.closeTo(0.2553, 4), expect.closeTo(0.3662, 4)])
    const [all, none] = classRanges([0, 0, 0, 0, 0], [0, 0, 0, 0, 0], 2)
    expect([all?.precision[0], all?.recall[0]]).toEqual([wilson(5, 5)[0], wilson(5, 5)[0]])
    expect(all?.f1).toEqual([expect.closeTo(0.7225, 3), 1])
    expect(none).toEqual({ precision: [0, 0], recall: [0, 0], f1: [0, 0] })
  })

  it('bootstrap repeats for a seed and holds the estimate', () => {
    const right = truth.map((value, at) => value === guess[at])
    const rate = (some: Int32Array) => [...some].filter((at) => right[at]).length / some.length
    const interval = bootstrap(10, rate, { rounds: 500, seed: 3 })
    expect(interval).toEqual(bootstrap(10, rate, { rounds: 500, seed: 3 }))
    expect(interval[0]).toBeLessThan(0.7)
    expect(interval[1]).toBeGreaterThan(0.7)
  })
})

describe('calibration', () => {
  it('measures the gap between certainty and truth', () => {
    // Two bins: .9 sure and half right (gap .4), .6 sure and all right (gap .4).
    const lines = [
      [0.9, 0.1],
      [0.9, 0.1],
      [0.6, 0.4],
      [0.6, 0.4],
    ]
    expect(calibrationError(lines, [0, 1, 0, 0])).toBeCloseTo(0.4, 6)
    expect(calibrationError([[1, 0]], [0])).toBe(0)
  })

  it('finds the temperature that was applied', () => {
    const random = new Random(5)
    const logits: number[][] = []
    const drawn: number[] = []
    for (let at = 0; at < 6000; at++) {
      const line = [random.normal() * 2, random.normal() * 2, random.normal() * 2]
      const probabilities = softmax(line)
      let point = random.float()
      let label = 0
      while (label < 2 && point > (probabilities[label] as number)) point -= probabilities[label++] as number
      drawn.push(label)
      logits.push(line.map((value) => value * 2.5))
    }
    const temperature = fitTemperature(logits, drawn)
    expect(temperature).toBeGreaterThan(2.3)
    expect(temperature).toBeLessThan(2.7)
    expect(logLoss(logits, drawn, temperature)).toBeLessThan(logLoss(logits, drawn, 1))
  })
})

describe('certainty', () => {
  it('stays modest after a handful of right answers', () => {
    const logits = Array.from({ length: 20 }, () => [3, 0])
    const truth = logits.map(() => 0)
    const [sure] = softmax(logits[0] as number[], fitTemperature(logits, truth))
    expect(sure).toBeGreaterThan(0.95)
    expect(sure).toBeLessThan(0.985)
  })

  it('log loss is the mean of −log p', () => {
    expect(
      logLoss(
        [
          [0, 0],
          [Math.log(3), 0],
        ],
        [0, 1],
        1,
      ),
    ).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 12)
  })
})

describe('out of scope', () => {
  it('is told by unfamiliar texts and by texts torn between labels', () => {
    const path = { hidden: 2, classes: 3, width: 2, table: new Float32Array(2), bias: new Float32Array(2) }
    const hidden = { ...path, out: new Float32Array(6), outBias: new Float32Array(3) }
    const head = { labels: ['a', 'b', 'c'], paths: [{ path: hidden, scale: 1 }] }
    const energy = (...logits: number[]) => blend(head, [Float32Array.from(logits)]).energy
    const clear = energy(6, 0, 0)
    expect(energy(3, 0, 0)).toBeLessThan(clear)
    // Just as familiar, but two labels say so.
    expect(energy(6, 6, 0)).toBeCloseTo(6 - 2 * Math.log(2), 1)
    expect(clear).toBeGreaterThan(5.8)
  })

  it('ranks by the area under the curve, ties counting half', () => {
    expect(auroc([3, 4], [1, 2])).toBe(1)
    expect(auroc([1, 2], [3, 4])).toBe(0)
    expect(auroc([1, 1], [1, 1])).toBe(0.5)
    expect(auroc([0.8, 0.4], [0.6, 0.2])).toBe(0.75)
  })

  it('draws the line where it costs no more than allowed', () => {
    const scores = Array.from({ length: 100 }, (_, at) => at)
    const right = scores.map(() => true)
    const threshold = thresholdForLoss(scores, right, 0.02)
    expect(rejected(scores, threshold)).toBe(0.02)
    expect(thresholdForLoss([5, 6], [false, false], 0.1)).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('chance', () => {
  it('repeats for a seed, differs between seeds, and fills its range evenly', () => {
    const draw = (seed: number) => {
      const random = new Random(seed)
      return Array.from({ length: 5 }, () => random.uint32())
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    const random = new Random(9)
    const mean = Array.from({ length: 20_000 }, () => random.float()).reduce((sum, value) => sum + value, 0) / 20_000
    expect(mean).toBeGreaterThan(0.49)
    expect(mean).toBeLessThan(0.51)
  })
})
