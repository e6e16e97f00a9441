/** Encoded training texts with their targets, laid out flat so that a step touches no object. */
import type { TextReader } from '../encoder/text-reader'
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

/** The same for whatever a reader joins to the n-grams. */
export async function readAll(texts: readonly string[], reader: TextReader): Promise<Examples> {
  return pack(await reader.read(texts))
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

/** Some of the texts, in the order asked for. */
export function pick(examples: Examples, chosen: readonly number[]): Examples {
  const offsets = new Int32Array(chosen.length + 1)
  for (const [line, at] of chosen.entries()) {
    const size = (examples.offsets[at + 1] as number) - (examples.offsets[at] as number)
    offsets[line + 1] = (offsets[line] as number) + size
  }
  const rows = new Int32Array(offsets[chosen.length] as number)
  const weights = new Float32Array(rows.length)
  for (const [line, at] of chosen.entries()) {
    const from = examples.offsets[at] as number
    const to = examples.offsets[at + 1] as number
    rows.set(examples.rows.subarray(from, to), offsets[line])
    weights.set(examples.weights.subarray(from, to), offsets[line])
  }
  return { count: chosen.length, offsets, rows, weights }
}
