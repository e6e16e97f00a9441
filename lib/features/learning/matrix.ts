/** What was taken for what: every intent against every other, those with the largest part in mistakes first. Pure. */
import type { Judged } from './judge'

export interface Cell {
  /** What people said. */
  truth: string
  /** What the model said; empty for anything that none of the texts is about. */
  guess: string
  count: number
}

export interface Matrix {
  rows: string[]
  /** The same, and the empty one where something else was said. */
  columns: string[]
  /** So many of the first rows have a part in a mistake. */
  confused: number
  /** False where not every mistake is known: then a nought may be none. */
  whole: boolean
  count(truth: string, guess: string): number
}

/** @param texts how many there are in all */
export function matrixOf(cells: readonly Cell[], texts: number): Matrix {
  const known = new Set(cells.map(({ truth }) => truth))
  const counts = new Map<string, Map<string, number>>()
  const wrong = new Map<string, number>()
  const support = new Map<string, number>()
  const add = (to: Map<string, number>, key: string, count: number) => to.set(key, (to.get(key) ?? 0) + count)
  let all = 0
  for (const { truth, guess: said, count } of cells) {
    const guess = known.has(said) ? said : ''
    const row = counts.get(truth) ?? new Map<string, number>()
    counts.set(truth, row)
    add(row, guess, count)
    add(support, truth, count)
    all += count
    if (guess !== truth && count) for (const key of [truth, guess]) add(wrong, key, count)
  }
  const of = (from: Map<string, number>, key: string) => from.get(key) ?? 0
  const rows = [...known].sort((a, b) => of(wrong, b) - of(wrong, a) || of(support, b) - of(support, a))
  return {
    rows,
    columns: wrong.has('') ? [...rows, ''] : rows,
    confused: rows.filter((key) => wrong.has(key)).length,
    whole: all >= texts,
    count: (truth, guess) => counts.get(truth)?.get(guess) ?? 0,
  }
}

/** Of a version that cannot be asked any more: what its report kept, its most frequent mistakes. */
export const reportedCells = ({ confusions, intents }: Judged): Cell[] => [
  ...intents.map(({ label, recall, support }) => ({
    truth: label,
    guess: label,
    count: Math.round(recall * support),
  })),
  ...confusions,
]
