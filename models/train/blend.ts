/** A head's answer from its paths, in plain loops: the reference for calibration, probes and parity. */
import type { Head } from '../model'
import type { SparseText } from '../text/encode'
import { largest, pathLogits, softmax } from './forward'

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

/**
 * Probabilities from blended logits. Energy is the largest raw logit of the hidden path (free energy at temperature zero):
 * on clinc150 it ranks unknown texts better than log Σ exp (AUROC .963 against .928) and than the linear path's (.882).
 */
export function blend(head: Pick<Head, 'labels' | 'paths'>, logits: readonly Float32Array[]): HeadAnswer {
  const mixed = new Float32Array(head.labels.length)
  let total = 0
  head.paths.forEach(({ path, scale }, at) => {
    const own = logits[at] as Float32Array
    for (let c = 0; c < mixed.length; c++) mixed[c] = (mixed[c] as number) + scale * (own[c] as number)
    if (path.hidden > 0 || head.paths.length === 1) total += largest(own)
  })
  return { probabilities: softmax(mixed), energy: total }
}
