/** How well a score tells known texts from unknown ones, and where to draw the line. */

/** Area under the ROC curve: the chance that a known text scores above an unknown one (ties count half). */
export function auroc(known: readonly number[], unknown: readonly number[]): number {
  const all = [...known.map((score) => ({ score, known: true })), ...unknown.map((score) => ({ score, known: false }))]
  all.sort((a, b) => a.score - b.score)
  let rankSum = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    while (to < all.length && all[to]?.score === all[from]?.score) to++
    const rank = (from + to + 1) / 2
    for (let at = from; at < to; at++) if (all[at]?.known) rankSum += rank
    from = to
  }
  const n = known.length
  return n && unknown.length ? (rankSum - (n * (n + 1)) / 2) / (n * unknown.length) : 0.5
}

/**
 * The highest threshold at which rejecting texts below it costs at most `loss` of accuracy in scope.
 * Only texts that were right count as lost: passing a wrong answer to a person costs nothing.
 */
export function thresholdForLoss(scores: readonly number[], right: readonly boolean[], loss: number): number {
  const lost = scores.filter((_, at) => right[at]).sort((a, b) => a - b)
  const allowed = Math.floor(loss * scores.length)
  if (lost.length === 0) return Number.NEGATIVE_INFINITY
  return lost[Math.min(allowed, lost.length - 1)] as number
}

/** Share of scores below the threshold. */
export function rejected(scores: readonly number[], threshold: number): number {
  return scores.length ? scores.filter((score) => score < threshold).length / scores.length : 0
}

/** A class of its own in the base: small talk, other people's business, answers without a question. */
export const OUT_OF_SCOPE = 'out_of_scope'

/** Texts that are called out of scope by name come before all others, the least familiar first. */
const NAMED = 1_000

export const familiarity = (label: string, energy: number): number => (label === OUT_OF_SCOPE ? energy - NAMED : energy)

export interface Roc {
  auroc: number
  known: number
  unknown: number
  /** From strict to lax: share of known texts kept, share of unknown ones let through. */
  points: { kept: number; passed: number }[]
}

const MOST_POINTS = 50

/** The whole trade between keeping known texts and letting unknown ones through. */
export function rocOf(known: readonly number[], unknown: readonly number[]): Roc {
  const lines = [...known, ...unknown].sort((a, b) => b - a)
  const stride = Math.max(1, lines.length / MOST_POINTS)
  const chosen = Array.from(
    { length: Math.min(MOST_POINTS, lines.length) },
    (_, at) => lines[Math.floor(at * stride)] as number,
  )
  const above = (scores: readonly number[], line: number) => 1 - rejected(scores, line)
  const points = [...new Set(chosen)].map((line) => ({ kept: above(known, line), passed: above(unknown, line) }))
  return {
    auroc: auroc(known, unknown),
    known: known.length,
    unknown: unknown.length,
    points: [{ kept: 0, passed: 0 }, ...points, { kept: 1, passed: 1 }],
  }
}
