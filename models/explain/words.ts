/** Words as people see them, and what the n-grams that cover each of them weigh together. */
import { readable } from '../text/clean'
import { FeatureBuffer, type FeatureSpec, readFeatures } from '../text/features'
import type { Vocabulary } from '../text/vocabulary'

export interface ExplainedWord {
  text: string
  /** Place in the cleaned text. */
  start: number
  end: number
  /** How far it moved the score towards (+) or away from (−) the label. */
  weight: number
}

/** Gives each n-gram's push, and each sign's, in equal parts to the words it covers. */
export function spread(
  cleaned: string,
  spec: FeatureSpec,
  vocabulary: Vocabulary,
  perRow: ReadonlyMap<number, number>,
  perSign: Float64Array,
): ExplainedWord[] {
  const words = segment(cleaned)
  const owner = new Int32Array(cleaned.length).fill(-1)
  for (const [at, word] of words.entries()) owner.fill(at, word.start, word.end)
  const buffer = new FeatureBuffer()
  readFeatures(cleaned, spec, buffer)
  const occurrences = new Map<number, number>()
  const rows = Array.from({ length: buffer.length }, (_, at) => vocabulary.row(buffer.hash[at] as number))
  for (const row of rows) occurrences.set(row, (occurrences.get(row) ?? 0) + 1)
  const give = (push: number, start = 0, end = 0) => {
    if (push === 0) return
    const covered = new Set(owner.subarray(start, end))
    covered.delete(-1)
    for (const word of covered) (words[word] as ExplainedWord).weight += push / covered.size
  }
  for (const [at, row] of rows.entries()) {
    give((perRow.get(row) ?? 0) / (occurrences.get(row) as number), buffer.start[at], buffer.end[at])
  }
  for (const [at, push] of perSign.entries()) give(push, buffer.signStart[at], buffer.signEnd[at])
  return words
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** Words as people see them; in Chinese those the dictionary of the platform finds. */
export function segment(cleaned: string): ExplainedWord[] {
  return [...segmenter.segment(cleaned)]
    .filter(({ segment: piece }) => piece.trim() !== '')
    .map(({ segment: piece, index }) => ({ text: readable(piece), start: index, end: index + piece.length, weight: 0 }))
}
