/** What eight-bit weights cost: the answers of a trained head beside those of the weights that training ended with. */
import type { Head } from '../model'
import type { SparseText } from '../text/encode'
import { headAnswer } from '../train/blend'
import { argmax } from '../train/forward'

export interface PrecisionLoss {
  fp32: number
  int8: number
  /** fp32 − int8, in points of accuracy; below zero when eight bits answered better. */
  points: number
  /** Share of the texts that get another label. */
  changed: number
  /** The furthest that any probability of any text moved. */
  furthest: number
}

export function precisionLoss(head: Head, texts: readonly SparseText[], truth: readonly string[]): PrecisionLoss {
  const exact = { ...head, paths: head.paths.map(({ path, scale }) => ({ path: { ...path, ...path.exact }, scale })) }
  const right = { fp32: 0, int8: 0 }
  let [changed, furthest] = [0, 0]
  for (const [at, text] of texts.entries()) {
    const [before, after] = [headAnswer(exact, text).probabilities, headAnswer(head, text).probabilities]
    const [was, is] = [argmax(before), argmax(after)]
    if (head.labels[was] === truth[at]) right.fp32++
    if (head.labels[is] === truth[at]) right.int8++
    if (was !== is) changed++
    for (const [c, value] of before.entries()) furthest = Math.max(furthest, Math.abs(value - (after[c] as number)))
  }
  const share = (count: number) => (texts.length ? count / texts.length : 0)
  return {
    fp32: share(right.fp32),
    int8: share(right.int8),
    points: 100 * share(right.fp32 - right.int8),
    changed: share(changed),
    furthest,
  }
}
