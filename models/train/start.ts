/** What an account's training starts from: the n-grams that the shipped base knows, and what they mean to its intents. */
import { readBundle } from '../bundle/read'
import { fromOnnx } from '../export/from-onnx'
import type { Vocabulary } from '../text/vocabulary'

export interface Start {
  vocabulary: Vocabulary
  width: number
  /** One row of `width` numbers for each known n-gram, after the padding row. */
  table: Float32Array
}

/** Mean length of a starting row: long enough to carry meaning, short enough that a few examples still turn it. */
const LENGTH = 0.65

export function readStart(folder: string): Start {
  const { manifest, graph, vocabulary } = readBundle(folder)
  const intent = fromOnnx(graph, manifest.heads).find(({ name }) => name === 'intent')
  const hidden = intent?.paths.find(({ path }) => path.hidden > 0)
  if (!hidden) throw new Error('the base has no hidden path to start from')
  return { vocabulary, width: hidden.path.width, table: scaled(hidden.path.table, hidden.path.width) }
}

function scaled(table: Float32Array, width: number): Float32Array {
  const rows = table.length / width - 1
  let total = 0
  for (let row = 1; row <= rows; row++) total += Math.hypot(...table.subarray(row * width, (row + 1) * width))
  const factor = total > 0 ? (LENGTH * rows) / total : 0
  return table.map((value) => value * factor)
}

/** Puts the base's rows into the first columns of a fresh table; what the base does not know keeps its chance values. */
export function beginWith(start: Start, vocabulary: Vocabulary, table: Float32Array, width: number): void {
  const columns = Math.min(width, start.width)
  for (const [at, hash] of vocabulary.hashes.entries()) {
    const from = start.vocabulary.known(hash)
    if (from === 0) continue
    const row = start.table.subarray(from * start.width, from * start.width + columns)
    table.set(row, (at + 1) * width)
  }
}
