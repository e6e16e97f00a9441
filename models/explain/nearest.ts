/** Finds the training examples that read most like a text (cosine of the encoded n-grams). */
import type { Encoder, SparseText } from '../text/encode'

export interface Neighbour {
  index: number
  /** 0 … 1. */
  similarity: number
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
