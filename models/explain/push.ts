/** How far each row of a text pushes one label ahead of another: integrated gradients in closed form. */
import type { Head } from '../model'
import type { SparseText } from '../text/encode'
import { pathLogits } from '../train/forward'
import type { Path } from '../train/path'

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

export function blendedLogits(head: Head, text: SparseText): Float64Array {
  const mixed = new Float64Array(head.labels.length)
  for (const { path, scale } of head.paths) {
    for (const [c, value] of pathLogits(path, text).entries()) mixed[c] = (mixed[c] as number) + scale * value
  }
  return mixed
}

/** For each row of the text, the push of one unit of its weight; times the weights they add up to the change of score. */
export function pushPerRow(head: Head, text: SparseText, label: number, against: number): Map<number, number> {
  const pushes = new Map<number, number>()
  for (const { path, scale } of head.paths) {
    const push = columnPush(head, path, scale, text, label, against)
    for (const row of text.rows) {
      let sum = pushes.get(row) ?? 0
      for (let d = 0; d < path.width; d++) sum += (push[d] as number) * (path.table[row * path.width + d] as number)
      pushes.set(row, sum)
    }
  }
  return pushes
}

/** The head as seen from a sentence encoder's vector of the empty text: that vector moves into the biases. */
export function startingFrom(head: Head, empty: Float32Array, firstRow: number): Head {
  const moved = (path: Path): Path => {
    const bias = path.bias.slice()
    for (const [d, value] of empty.entries()) {
      const from = (firstRow + d) * path.width
      for (let c = 0; c < path.width; c++) bias[c] = (bias[c] as number) + value * (path.table[from + c] as number)
    }
    return { ...path, bias }
  }
  return { ...head, paths: head.paths.map(({ path, scale }) => ({ path: moved(path), scale })) }
}
