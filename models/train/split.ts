/** Decides which rows train, which tune and which judge; the same text always falls on the same side. */
import { createHash } from 'node:crypto'
import type { Row } from './read-csv'

export const OUT_OF_SCOPE_LABELS = new Set(['oos', 'out_of_scope', 'out-of-scope'])

export interface Splits {
  train: Row[]
  dev: Row[]
  /** Whether dev was taken from train, because the file has none. */
  carved: boolean
  test: Row[]
  /** Out-of-scope rows of dev and test; those of train are never used. */
  unknownDev: Row[]
  unknownTest: Row[]
}

/** 0 … 99, from the text alone. */
export function bucketOf(text: string): number {
  const plain = text.toLowerCase().replace(/\s+/g, ' ').trim()
  return Number.parseInt(createHash('sha1').update(plain).digest('hex').slice(0, 8), 16) % 100
}

/** Share of train carved out for tuning when a file has no dev: 8 %, and never more than 2,000 rows. */
const CARVED = 8
const CARVED_ROWS = 2000
/** With fewer rows nothing is carved out: folds tune and every row trains. */
export const SMALL = 3000

export function splitRows(rows: readonly Row[], trainSplit = 'train'): Splits {
  const known = rows.filter(({ label }) => !OUT_OF_SCOPE_LABELS.has(label))
  const unknown = rows.filter(({ label }) => OUT_OF_SCOPE_LABELS.has(label))
  const of = (from: readonly Row[], split: string) => from.filter((row) => row.split === split)
  let train = of(known, trainSplit)
  let dev = of(known, 'dev')
  const carve = dev.length === 0 && train.length > SMALL
  if (carve) {
    const share = Math.min(CARVED, Math.floor((100 * CARVED_ROWS) / train.length))
    const carved = new Set(train.filter(({ text }) => bucketOf(text) < share))
    dev = [...carved]
    train = train.filter((row) => !carved.has(row))
  }
  return {
    train,
    dev,
    carved: carve,
    test: of(known, 'test'),
    unknownDev: of(unknown, 'dev'),
    unknownTest: of(unknown, 'test'),
  }
}
