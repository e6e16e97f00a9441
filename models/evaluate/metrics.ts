/** Counts that say how good answers are: accuracy, per-class figures, macro-F1, confusion, bootstrap intervals. */
import { Random } from '../train/random'

export interface ClassFigures {
  label: string
  support: number
  precision: number
  recall: number
  f1: number
}

/** `matrix[truth][guess]`. */
export function confusion(truth: readonly number[], guess: readonly number[], classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let at = 0; at < truth.length; at++) {
    const line = matrix[truth[at] as number] as number[]
    line[guess[at] as number] = (line[guess[at] as number] as number) + 1
  }
  return matrix
}

export function accuracy(truth: readonly number[], guess: readonly number[]): number {
  let right = 0
  for (let at = 0; at < truth.length; at++) if (truth[at] === guess[at]) right++
  return truth.length ? right / truth.length : 0
}

export function perClass(
  truth: readonly number[],
  guess: readonly number[],
  labels: readonly string[],
): ClassFigures[] {
  const matrix = confusion(truth, guess, labels.length)
  return labels.map((label, own) => {
    const line = matrix[own] as number[]
    const support = line.reduce((sum, value) => sum + value, 0)
    const guessed = matrix.reduce((sum, row) => sum + (row[own] as number), 0)
    const right = line[own] as number
    const precision = guessed ? right / guessed : 0
    const recall = support ? right / support : 0
    const f1 = right ? (2 * precision * recall) / (precision + recall) : 0
    return { label, support, precision, recall, f1 }
  })
}

/** Mean F1 over the classes that occur in the truth or in the guesses, as scikit-learn counts them. */
export function macroF1(truth: readonly number[], guess: readonly number[], labels: readonly string[]): number {
  const present = new Set([...truth, ...guess])
  const figures = perClass(truth, guess, labels).filter((_, own) => present.has(own))
  return figures.length ? figures.reduce((sum, one) => sum + one.f1, 0) / figures.length : 0
}

/** A percentile bootstrap interval of any statistic of the chosen items. */
export function bootstrap(
  count: number,
  statistic: (chosen: Int32Array) => number,
  options: { rounds?: number; level?: number; seed?: number } = {},
): [number, number] {
  const { rounds = 1000, level = 0.95, seed = 1 } = options
  const random = new Random(seed)
  const chosen = new Int32Array(count)
  const values: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < count; at++) chosen[at] = random.below(count)
    values.push(statistic(chosen))
  }
  return middle(values, level)
}

/** Wilson's 95 % interval of a share. Where all texts are right, or none, every sample of them agrees and says certainty: this does not. */
export function wilson(hits: number, of: number): [number, number] {
  if (!of) return [0, 0]
  const z = 1.959964
  const middle = (hits + z ** 2 / 2) / (of + z ** 2)
  const half = (z / (of + z ** 2)) * Math.sqrt((hits * (of - hits)) / of + z ** 2 / 4)
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

/** Wilson's for F1, which follows from the share of right ones among all that are, or are said to be, of the class. */
function wilsonF1(hits: number, support: number, guesses: number): [number, number] {
  const [from, to] = wilson(hits, support + guesses - hits)
  return [(2 * from) / (1 + from), (2 * to) / (1 + to)]
}

/**
 * A percentile bootstrap interval of macro-F1 over what the texts are about; where the samples agree, the classes' own Wilson
 * intervals, put together as those of independent figures are (their squares add up).
 */
export function macroF1Range(
  truth: readonly number[],
  guess: readonly number[],
  labels: readonly string[],
): [number, number] {
  const asked = (chosen: ArrayLike<number>) => {
    const picked = (from: readonly number[]) => Array.from(chosen, (at) => from[at] as number)
    return perClass(picked(truth), picked(guess), labels).filter(({ support }) => support > 0)
  }
  const mean = (figures: ClassFigures[]) => figures.reduce((sum, { f1 }) => sum + f1, 0) / figures.length
  if (!truth.length) return [0, 0]
  const sampled = bootstrap(truth.length, (chosen) => mean(asked(chosen)), { rounds: 500 })
  if (sampled[0] !== sampled[1]) return sampled
  const figures = asked(truth.map((_, at) => at))
  const far = (end: 0 | 1) => {
    const each = figures.map(({ support, recall, precision, f1 }) => {
      const hits = Math.round(recall * support)
      const guesses = hits ? Math.round(hits / precision) : 0
      return wilsonF1(hits, support, guesses)[end] - f1
    })
    return Math.hypot(...each) / figures.length
  }
  return [Math.max(0, mean(figures) - far(0)), Math.min(1, mean(figures) + far(1))]
}

export interface ClassRanges {
  precision: [number, number]
  recall: [number, number]
  f1: [number, number]
}

/** Percentile bootstrap intervals of each class's figures, all from the same samples; Wilson's where those agree. @returns one per class, 0 … 1 */
export function classRanges(
  truth: readonly number[],
  guess: readonly number[],
  classes: number,
  { rounds = 500, level = 0.95, seed = 1 } = {},
): ClassRanges[] {
  const random = new Random(seed)
  const values = Array.from({ length: classes }, () => ({
    precision: [] as number[],
    recall: [] as number[],
    f1: [] as number[],
  }))
  for (let round = 0; round < rounds; round++) {
    const [right, said, were] = [new Int32Array(classes), new Int32Array(classes), new Int32Array(classes)]
    for (let drawn = 0; drawn < truth.length; drawn++) {
      const at = random.below(truth.length)
      const [is, was] = [guess[at] as number, truth[at] as number]
      said[is] = (said[is] as number) + 1
      were[was] = (were[was] as number) + 1
      if (is === was) right[is] = (right[is] as number) + 1
    }
    const share = (hits: number, of: number) => (of ? hits / of : 0)
    for (const [own, { precision, recall, f1 }] of values.entries()) {
      const [hits, guesses, support] = [right[own] as number, said[own] as number, were[own] as number]
      precision.push(share(hits, guesses))
      recall.push(share(hits, support))
      f1.push(share(2 * hits, guesses + support))
    }
  }
  return values.map(({ precision, recall, f1 }, own) => {
    const support = truth.filter((label) => label === own).length
    const guesses = guess.filter((label) => label === own).length
    const hits = truth.filter((label, at) => label === own && guess[at] === own).length
    const told = (sampled: [number, number], otherwise: [number, number]) =>
      sampled[0] === sampled[1] ? otherwise : sampled
    return {
      precision: told(middle(precision, level), wilson(hits, guesses)),
      recall: told(middle(recall, level), wilson(hits, support)),
      f1: told(middle(f1, level), wilsonF1(hits, support, guesses)),
    }
  })
}

function middle(values: number[], level: number): [number, number] {
  values.sort((a, b) => a - b)
  const last = values.length - 1
  const edge = (1 - level) / 2
  const at = (share: number) => values[Math.min(last, Math.max(0, Math.round(share * last)))] as number
  return [at(edge), at(1 - edge)]
}
