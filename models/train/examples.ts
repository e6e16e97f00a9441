/** Encoded training texts with their targets, laid out flat so that a step touches no object. */
import type { TextReader } from '../encoder/text-reader'
import type { Encoder, SparseText } from '../text/encode'

/** Lines of different lengths, one behind the other. */
export interface Ragged {
  /** Where each text's rows begin; one more at the end. */
  offsets: Int32Array
  rows: Int32Array
}

export interface Examples extends Ragged {
  count: number
  weights: Float32Array
  /** The signs in order, where the vocabulary knows signs. */
  signs?: Ragged
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
  const { offsets, rows } = lay(encoded.map((text) => text.rows))
  const weights = new Float32Array(rows.length)
  for (const [at, text] of encoded.entries()) weights.set(text.weights, offsets[at])
  const signs = encoded.flatMap((text) => (text.signs ? [text.signs] : []))
  return { count: encoded.length, offsets, rows, weights, ...(signs.length > 0 ? { signs: lay(signs) } : {}) }
}

/** One text as it was packed. */
export function textAt({ offsets, rows, weights, signs }: Examples, at: number): SparseText {
  const [from, to] = [offsets[at], offsets[at + 1]]
  const text = { rows: rows.subarray(from, to), weights: weights.subarray(from, to) }
  return signs ? { ...text, signs: signs.rows.subarray(signs.offsets[at], signs.offsets[at + 1]) } : text
}

/** Some of the texts, in the order asked for. */
export function pick(examples: Examples, chosen: readonly number[]): Examples {
  return pack(chosen.map((at) => textAt(examples, at)))
}

/** First the texts of the one, then those of the other. */
export function join(first: Examples, second: Examples): Examples {
  const texts = (examples: Examples) => Array.from({ length: examples.count }, (_, at) => textAt(examples, at))
  return pack([...texts(first), ...texts(second)])
}

function lay(lines: readonly Int32Array[]): Ragged {
  const offsets = new Int32Array(lines.length + 1)
  for (const [at, line] of lines.entries()) offsets[at + 1] = (offsets[at] as number) + line.length
  const rows = new Int32Array(offsets[lines.length] as number)
  for (const [at, line] of lines.entries()) rows.set(line, offsets[at])
  return { offsets, rows }
}
