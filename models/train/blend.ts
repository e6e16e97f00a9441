/** A head's answer from its paths, in plain loops: the reference for calibration, probes and parity. */
import type { Head } from '../model'
import type { SparseText } from '../text/encode'
import { largest, pathLogits, softmax } from './forward'
import type { Path } from './path'

export interface HeadAnswer {
  probabilities: Float32Array
  energy: number
}

export function headAnswer(head: Head, text: SparseText): HeadAnswer {
  return blend(
    head,
    head.paths.map(({ path }) => pathLogits(path, text)),
  )
}

/** How much doubt between the labels counts beside the largest logit in saying that a text is unknown. */
export const DOUBT = 2
/** Those whose largest logit says how familiar a text is: the hidden ones over n-grams; where there is none, the first. */
export function familiarPaths(paths: readonly Path[]): readonly Path[] {
  const hidden = paths.filter((path) => path.hidden > 0 && !path.windows)
  return hidden.length > 0 ? hidden : paths.slice(0, 1)
}
/** Keeps the logarithm finite; the graph adds the same. */
export const TINY = 1e-9

/**
 * Probabilities from blended logits. Energy is the largest raw logit of the hidden path over n-grams (how much of the text is familiar;
 * better than log Σ exp or the linear path's) less the entropy of the probabilities (how torn between labels): together
 * they tell clinc150's unknown texts better than the logit alone (models/README.md).
 */
export function blend(head: Pick<Head, 'labels' | 'paths'>, logits: readonly Float32Array[]): HeadAnswer {
  const mixed = new Float32Array(head.labels.length)
  const familiar = familiarPaths(head.paths.map(({ path }) => path))
  let total = 0
  head.paths.forEach(({ path, scale }, at) => {
    const own = logits[at] as Float32Array
    for (let c = 0; c < mixed.length; c++) mixed[c] = (mixed[c] as number) + scale * (own[c] as number)
    if (familiar.includes(path)) total += largest(own)
  })
  const probabilities = softmax(mixed)
  for (const p of probabilities) total += DOUBT * p * Math.log(p + TINY)
  return { probabilities, energy: total }
}
