/** The reference mathematics of a trained path in plain loops: what the exported graph must reproduce. */
import type { SparseText } from '../text/encode'
import { type Examples, textAt } from './examples'
import type { Path } from './path'
import { pool } from './windows'

export function pathLogits(path: Path, text: SparseText): Float32Array {
  const { classes, hidden, out, outBias } = path
  const sums = path.windows ? reached(path, path.windows, text) : weighed(path, text)
  if (hidden === 0) return sums
  const logits = Float32Array.from(outBias)
  for (let d = 0; d < hidden; d++) {
    const value = sums[d] as number
    if (value <= 0) continue
    for (let c = 0; c < classes; c++) logits[c] = (logits[c] as number) + value * (out[d * classes + c] as number)
  }
  return logits
}

function weighed({ width, table, bias }: Path, text: SparseText): Float32Array {
  const sums = Float32Array.from(bias)
  for (let at = 0; at < text.rows.length; at++) {
    const from = (text.rows[at] as number) * width
    const weight = text.weights[at] as number
    for (let d = 0; d < width; d++) sums[d] = (sums[d] as number) + weight * (table[from + d] as number)
  }
  return sums
}

function reached({ hidden, table, bias }: Path, windows: number, { signs }: SparseText): Float32Array {
  const most = new Float32Array(hidden)
  pool({ windows, hidden, table }, signs ?? new Int32Array(0), most, new Int32Array(hidden))
  return most.map((value, unit) => value + (bias[unit] as number))
}

/** Logits of many texts, one line each. */
export function allLogits(path: Path, examples: Examples): Float32Array[] {
  return Array.from({ length: examples.count }, (_, at) => pathLogits(path, textAt(examples, at)))
}

export function softmax(logits: ArrayLike<number>, temperature = 1): Float32Array {
  let top = Number.NEGATIVE_INFINITY
  for (let c = 0; c < logits.length; c++) top = Math.max(top, logits[c] as number)
  const out = new Float32Array(logits.length)
  let sum = 0
  for (let c = 0; c < logits.length; c++) {
    const value = Math.exp(((logits[c] as number) - top) / temperature)
    out[c] = value
    sum += value
  }
  for (let c = 0; c < logits.length; c++) out[c] = (out[c] as number) / sum
  return out
}

/** The largest value: high when the model knows the text, low when it does not. */
export function largest(values: ArrayLike<number>): number {
  return values[argmax(values)] as number
}

export function argmax(values: ArrayLike<number>): number {
  let best = 0
  for (let at = 1; at < values.length; at++) if ((values[at] as number) > (values[best] as number)) best = at
  return best
}
