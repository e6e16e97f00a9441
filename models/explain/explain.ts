/** Says which words moved a decision and by how much: start, words and what an encoder adds make up the score exactly. */
import { join, sentences } from '../encoder/text-reader'
import type { Head } from '../model'
import { cleanText } from '../text/clean'
import { Encoder, type SparseText } from '../text/encode'
import type { FeatureSpec } from '../text/features'
import type { Vocabulary } from '../text/vocabulary'
import { argmax } from '../train/forward'
import { blendedLogits, pushPerRow, pushPerSign, startingFrom } from './push'
import { type ExplainedWord, segment, spread } from './words'

export interface Explanation {
  label: string
  /** The label it is weighed against: the runner-up, or the one asked for. */
  against: string
  /** Difference of the two labels' blended logits. */
  score: number
  /** The difference that an empty text would have. */
  start: number
  words: ExplainedWord[]
  /** What a sentence encoder adds that no single word accounts for; 0 without one. */
  together: number
}

export interface Explainable {
  spec: FeatureSpec
  vocabulary: Vocabulary
  head: Head
}

export interface Asked {
  label?: string
  against?: string
}

/** Words of one text that are left out in turn: each costs a run of the encoder. */
const OCCLUDED = 48

/**
 * What a sentence encoder must read for an explanation: nothing, the text, then the text with each of its words left out. An
 * encoder cannot be taken apart as n-grams can; leaving words out (occlusion) says what each of them did to its numbers.
 */
export function occlusions(raw: string): string[] {
  const cleaned = cleanText(raw)
  const words = segment(cleaned).slice(0, OCCLUDED)
  const texts = words.map(({ start, end }) => cleaned.slice(0, start) + cleaned.slice(end))
  return sentences(['', cleaned, ...texts])
}

/** @param embeddings of `occlusions(raw)`, where the model was trained with a sentence encoder */
export function explain(
  model: Explainable,
  raw: string,
  asked?: Asked,
  embeddings?: readonly Float32Array[],
): Explanation {
  const { vocabulary, spec } = model
  const first = vocabulary.rows
  const cleaned = cleanText(raw)
  const ngrams = new Encoder(vocabulary, spec).encodeClean(cleaned)
  const [empty, whole, ...without] = embeddings ?? []
  const head = empty ? startingFrom(model.head, empty, first) : model.head
  const change = empty && whole?.map((value, d) => value - (empty[d] as number))
  const text = change ? join(ngrams, change, first) : ngrams
  const mixed = blendedLogits(head, text)
  const label = asked?.label ? head.labels.indexOf(asked.label) : argmax(mixed)
  const others = mixed.map((value, at) => (at === label ? Number.NEGATIVE_INFINITY : value))
  const against = asked?.against ? head.labels.indexOf(asked.against) : argmax(others)
  const pushes = pushPerRow(head, text, label, against)
  const nothing = blendedLogits(head, { rows: new Int32Array(0), weights: new Float32Array(0) })
  const start = (nothing[label] as number) - (nothing[against] as number)
  const words = spread(cleaned, spec, vocabulary, weighed(ngrams, pushes), pushPerSign(head, ngrams, label, against))
  const pushOf = (from: Float32Array, to: Float32Array) =>
    to.reduce((sum, value, d) => sum + (value - (from[d] as number)) * (pushes.get(first + d) as number), 0)
  let together = empty && whole ? pushOf(empty, whole) : 0
  for (const [at, word] of words.entries()) {
    const left = without[at]
    if (!left || !whole) break
    const moved = pushOf(left, whole)
    word.weight += moved
    together -= moved
  }
  return {
    label: head.labels[label] as string,
    against: head.labels[against] as string,
    score: words.reduce((sum, word) => sum + word.weight, start + together),
    start,
    words,
    together,
  }
}

function weighed(text: SparseText, pushes: ReadonlyMap<number, number>): Map<number, number> {
  const out = new Map<number, number>()
  for (const [at, row] of text.rows.entries()) out.set(row, (pushes.get(row) as number) * (text.weights[at] as number))
  return out
}
