/** Says which words moved a decision and by how much, exactly: the parts and the start add up to the score. */
import type { Head } from '../model'
import { cleanText, readable } from '../text/clean'
import { Encoder, type SparseText } from '../text/encode'
import { FeatureBuffer, type FeatureSpec, readFeatures } from '../text/features'
import type { Vocabulary } from '../text/vocabulary'
import { argmax, pathLogits } from '../train/forward'
import type { Path } from '../train/path'

export interface ExplainedWord {
  text: string
  /** Place in the cleaned text. */
  start: number
  end: number
  /** How far it moved the score towards (+) or away from (−) the label. */
  weight: number
}

export interface Explanation {
  label: string
  /** The label it is weighed against: the runner-up, or the one asked for. */
  against: string
  /** Difference of the two labels' blended logits. */
  score: number
  /** The difference that an empty text would have. */
  start: number
  words: ExplainedWord[]
}

/**
 * Integrated gradients from the empty text. A path is linear or has one ReLU layer, so along the straight line from the
 * empty text each hidden unit switches at most once and the integral has a closed form: nothing is sampled.
 */
function unitShares(path: Path, text: SparseText): Float64Array {
  const { width, table, bias } = path
  const sums = new Float64Array(width)
  for (let at = 0; at < text.rows.length; at++) {
    const from = (text.rows[at] as number) * width
    for (let d = 0; d < width; d++)
      sums[d] = (sums[d] as number) + (text.weights[at] as number) * (table[from + d] as number)
  }
  return sums.map((sum, d) => {
    const start = bias[d] as number
    const end = start + sum
    if (start > 0 && end > 0) return 1
    if (start <= 0 && end <= 0) return 0
    const turn = Math.abs(start / sum)
    return end > 0 ? 1 - turn : turn
  })
}

/** How strongly a unit of each table column pushes the score. */
function columnPush(
  head: Head,
  path: Path,
  scale: number,
  text: SparseText,
  label: number,
  against: number,
): Float64Array {
  const push = new Float64Array(path.width)
  if (path.hidden === 0) {
    push[label] = scale
    push[against] = -scale
    return push
  }
  const shares = unitShares(path, text)
  const classes = head.labels.length
  for (let d = 0; d < path.width; d++) {
    const difference = (path.out[d * classes + label] as number) - (path.out[d * classes + against] as number)
    push[d] = scale * difference * (shares[d] as number)
  }
  return push
}

function logits(head: Head, text: SparseText): Float64Array {
  const mixed = new Float64Array(head.labels.length)
  for (const { path, scale } of head.paths) {
    for (const [c, value] of pathLogits(path, text).entries()) mixed[c] = (mixed[c] as number) + scale * value
  }
  return mixed
}

export interface Explainable {
  spec: FeatureSpec
  vocabulary: Vocabulary
  head: Head
}

export function explain(model: Explainable, raw: string, asked?: { label?: string; against?: string }): Explanation {
  const { head, vocabulary, spec } = model
  const cleaned = cleanText(raw)
  const text = new Encoder(vocabulary, spec).encodeClean(cleaned)
  const mixed = logits(head, text)
  const label = asked?.label ? head.labels.indexOf(asked.label) : argmax(mixed)
  const others = mixed.map((value, at) => (at === label ? Number.NEGATIVE_INFINITY : value))
  const against = asked?.against ? head.labels.indexOf(asked.against) : argmax(others)
  const perRow = new Map<number, number>()
  for (const { path, scale } of head.paths) {
    const push = columnPush(head, path, scale, text, label, against)
    for (let at = 0; at < text.rows.length; at++) {
      const row = text.rows[at] as number
      let sum = 0
      for (let d = 0; d < path.width; d++) sum += (push[d] as number) * (path.table[row * path.width + d] as number)
      perRow.set(row, (perRow.get(row) ?? 0) + sum * (text.weights[at] as number))
    }
  }
  const empty = logits(head, { rows: new Int32Array(0), weights: new Float32Array(0) })
  const words = spread(cleaned, spec, vocabulary, perRow)
  const start = (empty[label] as number) - (empty[against] as number)
  return {
    label: head.labels[label] as string,
    against: head.labels[against] as string,
    score: words.reduce((sum, word) => sum + word.weight, start),
    start,
    words,
  }
}

/** Gives each n-gram's push in equal parts to the words it covers. */
function spread(
  cleaned: string,
  spec: FeatureSpec,
  vocabulary: Vocabulary,
  perRow: Map<number, number>,
): ExplainedWord[] {
  const words = segment(cleaned)
  const owner = new Int32Array(cleaned.length).fill(-1)
  for (const [at, word] of words.entries()) owner.fill(at, word.start, word.end)
  const buffer = new FeatureBuffer()
  readFeatures(cleaned, spec, buffer)
  const occurrences = new Map<number, number>()
  const rows = Array.from({ length: buffer.length }, (_, at) => vocabulary.row(buffer.hash[at] as number))
  for (const row of rows) occurrences.set(row, (occurrences.get(row) ?? 0) + 1)
  for (const [at, row] of rows.entries()) {
    const push = (perRow.get(row) ?? 0) / (occurrences.get(row) as number)
    if (push === 0) continue
    const covered = new Set(owner.subarray(buffer.start[at] as number, buffer.end[at] as number))
    covered.delete(-1)
    for (const word of covered) (words[word] as ExplainedWord).weight += push / covered.size
  }
  return words
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** Words as people see them; in Chinese those the dictionary of the platform finds. */
function segment(cleaned: string): ExplainedWord[] {
  return [...segmenter.segment(cleaned)]
    .filter(({ segment: piece }) => piece.trim() !== '')
    .map(({ segment: piece, index }) => ({ text: readable(piece), start: index, end: index + piece.length, weight: 0 }))
}
