/** How far each row of a text, and each of its signs, pushes one label ahead of another: integrated gradients in closed form. */
import type { Head } from '../model'
import type { SparseText } from '../text/encode'
import { pathLogits } from '../train/forward'
import type { Path } from '../train/path'
import { eachSign, pool } from '../train/windows'

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
  return sums.map((sum, d) => shareOf(bias[d] as number, sum))
}

/** For how much of the way from the empty text a unit is on. */
function shareOf(start: number, sum: number): number {
  const end = start + sum
  if (start > 0 && end > 0) return 1
  if (start <= 0 && end <= 0) return 0
  const turn = Math.abs(start / sum)
  return end > 0 ? 1 - turn : turn
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
    if (path.windows) continue
    const push = columnPush(head, path, scale, text, label, against)
    for (const row of text.rows) {
      let sum = pushes.get(row) ?? 0
      for (let d = 0; d < path.width; d++) sum += (push[d] as number) * (path.table[row * path.width + d] as number)
      pushes.set(row, sum)
    }
  }
  return pushes
}

/**
 * For each sign of the text, in order, the change of score that it brings through windows. Along the straight line from the empty text
 * all windows grow alike, so the one that wins at the end wins all the way: its signs have what their rows add to it.
 */
export function pushPerSign(head: Head, { signs }: SparseText, label: number, against: number): Float64Array {
  const pushes = new Float64Array(signs?.length ?? 0)
  const classes = head.labels.length
  for (const { path, scale } of head.paths) {
    if (!path.windows || !signs) continue
    const of = { windows: path.windows, hidden: path.hidden, table: path.table }
    const [most, where] = [new Float32Array(path.hidden), new Int32Array(path.hidden)]
    pool(of, signs, most, where)
    for (let unit = 0; unit < path.hidden; unit++) {
      const added: [sign: number, value: number][] = []
      eachSign(of, unit, where[unit] as number, signs, (sign, at) => added.push([sign, path.table[at] as number]))
      const sum = added.reduce((total, [, value]) => total + value, 0)
      const difference = (path.out[unit * classes + label] as number) - (path.out[unit * classes + against] as number)
      const push = scale * difference * shareOf(path.bias[unit] as number, sum)
      for (const [sign, value] of added) pushes[sign] = (pushes[sign] as number) + push * value
    }
  }
  return pushes
}

/** The head as seen from a sentence encoder's vector of the empty text: that vector moves into the biases. */
export function startingFrom(head: Head, empty: Float32Array, firstRow: number): Head {
  const moved = (path: Path): Path => {
    if (path.windows) return path
    const bias = path.bias.slice()
    for (const [d, value] of empty.entries()) {
      const from = (firstRow + d) * path.width
      for (let c = 0; c < path.width; c++) bias[c] = (bias[c] as number) + value * (path.table[from + c] as number)
    }
    return { ...path, bias }
  }
  return { ...head, paths: head.paths.map(({ path, scale }) => ({ path: moved(path), scale })) }
}
