/** Learns from an account's own messages without labels: a teacher labels them, surest first, and a student learns both. */
import type { Examples } from './examples'
import { allLogits, argmax, softmax } from './forward'
import type { Path } from './path'

export interface PseudoLabels {
  /** Index into the unlabelled texts. */
  chosen: number[]
  /** chosen × classes. */
  targets: Float32Array
  importance: Float32Array
}

/** Share of the unlabelled texts that each round believes. */
export const ROUNDS = [0.6, 1] as const
/** A pseudo-label weighs at most this much beside a person's label. */
const TRUST = 0.5
/** How many times labelled rows are seen for each pass over the pseudo-labels, so that they keep the lead. */
export const REPEATS = 3
/** Temperatures of the teacher's linear and hidden path: models look too sure on texts like those they trained on, too unsure on few. */
export const SHARPNESS = { linear: 0.5, hidden: 0.7 } as const

/** Mean probabilities of the paths, each brought to a comparable sharpness by the labelled texts. */
export function teach(
  paths: readonly Path[],
  unlabelled: Examples,
  sharpness: { linear: number; hidden: number },
  classes: number,
): Float32Array[] {
  const out = Array.from({ length: unlabelled.count }, () => new Float32Array(classes))
  for (const path of paths) {
    for (const [line, logits] of allLogits(path, unlabelled).entries()) {
      const own = softmax(logits, path.hidden > 0 ? sharpness.hidden : sharpness.linear)
      const into = out[line] as Float32Array
      for (let c = 0; c < classes; c++) into[c] = (into[c] as number) + (own[c] as number) / paths.length
    }
  }
  return out
}

/** The surest share of every class, so that easy classes do not crowd out hard ones. */
export function believe(probabilities: readonly Float32Array[], share: number, classes: number): PseudoLabels {
  const byClass: number[][] = Array.from({ length: classes }, () => [])
  const sure = probabilities.map((line) => line[argmax(line)] as number)
  for (const [at, line] of probabilities.entries()) byClass[argmax(line)]?.push(at)
  const chosen: number[] = []
  for (const own of byClass) {
    own.sort((a, b) => (sure[b] as number) - (sure[a] as number))
    chosen.push(...own.slice(0, Math.ceil(own.length * share)))
  }
  chosen.sort((a, b) => a - b)
  const targets = new Float32Array(chosen.length * classes)
  for (const [line, at] of chosen.entries()) targets.set(sharpen(probabilities[at] as Float32Array), line * classes)
  return { chosen, targets, importance: Float32Array.from(chosen, (at) => TRUST * (sure[at] as number)) }
}

/** Squares and renormalises: the teacher's doubt is kept, but leans to its answer. */
function sharpen(line: Float32Array): Float32Array {
  const squared = line.map((value) => value * value)
  const sum = squared.reduce((total, value) => total + value, 0)
  return squared.map((value) => value / sum)
}
