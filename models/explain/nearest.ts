/** Finds the training examples that read most like a text (cosine of the encoded n-grams). */
import { cleanText } from '../text/clean'
import { Encoder, type SparseText } from '../text/encode'
import { FEATURES } from '../text/features'
import { fitVocabulary } from '../text/vocabulary'

export interface Neighbour {
  index: number
  /** 0 … 1. */
  similarity: number
}

/** The same among texts as they were written, weighed by how rare their n-grams are among them. */
export function nearestTexts(text: string, texts: readonly string[], count = 3): Neighbour[] {
  const cleaned = texts.map(cleanText)
  const limits = { minimumGroups: 1, maximumSize: 1 << 18, buckets: 0 }
  const encoder = new Encoder(fitVocabulary(cleaned, FEATURES, limits), FEATURES)
  return nearest(
    encoder,
    text,
    cleaned.map((one) => encoder.encodeClean(one)),
    count,
  )
}

export function nearest(encoder: Encoder, text: string, examples: readonly SparseText[], count = 3): Neighbour[] {
  const asked = encoder.encode(text)
  const weights = new Map<number, number>()
  for (let at = 0; at < asked.rows.length; at++) weights.set(asked.rows[at] as number, asked.weights[at] as number)
  const found = examples.map((example, index) => {
    let similarity = 0
    for (let at = 0; at < example.rows.length; at++) {
      similarity += (weights.get(example.rows[at] as number) ?? 0) * (example.weights[at] as number)
    }
    return { index, similarity }
  })
  return found.sort((a, b) => b.similarity - a.similarity || a.index - b.index).slice(0, count)
}
