/** Encoded training texts with their targets, laid out flat so that a step touches no object. */
import type { Encoder, SparseText } from '../text/encode'

export interface Examples {
  count: number
  /** Where each text's rows begin; one more at the end. */
  offsets: Int32Array
  rows: Int32Array
  weights: Float32Array
}

export function encodeAll(texts: readonly string[], encoder: Encoder): Examples {
  const encoded = texts.map((text) => encoder.encode(text))
  return pack(encoded)
}

export function pack(encoded: readonly SparseText[]): Examples {
  const offsets = new Int32Array(encoded.length + 1)
  for (let at = 0; at < encoded.length; at++) {
    offsets[at + 1] = (offsets[at] as number) + (encoded[at] as SparseText).rows.length
  }
  const total = offsets[encoded.length] as number
  const rows = new Int32Array(total)
  const weights = new Float32Array(total)
  for (let at = 0; at < encoded.length; at++) {
    rows.set((encoded[at] as SparseText).rows, offsets[at])
    weights.set((encoded[at] as SparseText).weights, offsets[at])
  }
  return { count: encoded.length, offsets, rows, weights }
}
