/** THE preprocessing: one text to sparse rows and weights, and to its signs in order, the same call in training and in serving. */
import { cleanText } from './clean'
import { FeatureBuffer, type FeatureSpec, readFeatures } from './features'
import type { Vocabulary } from './vocabulary'

export interface SparseText {
  /** Rows of the model's table, each once, in the order first read. */
  rows: Int32Array
  /** (1 + ln count) × idf, scaled to length 1. */
  weights: Float32Array
  /** Rows of the table of signs, in the order read, where the vocabulary knows signs. */
  signs?: Int32Array
}

/** Keeps its scratch between calls; one encoder per vocabulary and thread. */
export class Encoder {
  private readonly buffer = new FeatureBuffer()
  private readonly counts: Float32Array
  private readonly touched = new Int32Array(16384)

  constructor(
    readonly vocabulary: Vocabulary,
    readonly spec: FeatureSpec,
  ) {
    this.counts = new Float32Array(vocabulary.rows)
  }

  encode(text: string): SparseText {
    return this.encodeClean(cleanText(text))
  }

  encodeClean(cleaned: string): SparseText {
    readFeatures(cleaned, this.spec, this.buffer)
    return this.encodeRead(this.buffer)
  }

  /** For callers that read the n-grams once and ask several vocabularies. */
  encodeRead(read: FeatureBuffer): SparseText {
    const { vocabulary, counts, touched } = this
    let distinct = 0
    for (let at = 0; at < read.length; at++) {
      const row = vocabulary.row(read.hash[at] as number)
      if (row === 0) continue
      const count = counts[row] as number
      if (count === 0) touched[distinct++] = row
      counts[row] = count + 1
    }
    const rows = new Int32Array(distinct)
    const weights = new Float32Array(distinct)
    let squares = 0
    for (let at = 0; at < distinct; at++) {
      const row = touched[at] as number
      const count = counts[row] as number
      const weight = (count === 1 ? 1 : 1 + Math.log(count)) * vocabulary.weight(row)
      counts[row] = 0
      rows[at] = row
      weights[at] = weight
      squares += weight * weight
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let at = 0; at < distinct; at++) weights[at] = (weights[at] as number) * scale
    if (!vocabulary.signs) return { rows, weights }
    const signs = new Int32Array(read.signs)
    for (let at = 0; at < signs.length; at++) signs[at] = vocabulary.signRow(read.sign[at] as number)
    return { rows, weights, signs }
  }
}
