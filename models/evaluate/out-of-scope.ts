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
