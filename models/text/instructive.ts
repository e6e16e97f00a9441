/** Of texts without a label, those whose label would teach most: much doubted, and each like many others that are doubted, too. Pure. */
import { cleanText } from './clean'
import { encoded, similarities } from './cluster'

/**
 * Greedy facility location (Nemhauser, Wolsey and Fisher 1978) weighted by doubt: each choice is the text that brings most of the doubt
 * nearer to a chosen one. It asks for one of many alike and for none that stands alone; where everything is in doubt, as before any
 * training, it finds what the texts are about. O(most × texts²). Figures: models/README.md, "Learning".
 * @param doubts one for each text, 0 … 1
 * @returns indices of `most` texts, the most instructive first
 */
export function mostInstructive(texts: readonly string[], doubts: readonly number[], most: number): number[] {
  const count = texts.length
  const cleaned = texts.map(cleanText)
  const near = similarities(encoded(cleaned, cleaned, 2))
  // A text whose words stand in no other is still like itself.
  for (let at = 0; at < count; at++) near[at * count + at] = 1
  const covered = new Float32Array(count)
  const chosen: number[] = []
  const left = new Set(texts.keys())
  while (chosen.length < most && left.size) {
    let best = -1
    let gain = -1
    for (const at of left) {
      const brings = brought(near, covered, doubts, at)
      if (brings > gain) [best, gain] = [at, brings]
    }
    chosen.push(best)
    left.delete(best)
    for (let at = 0; at < count; at++) covered[at] = Math.max(covered[at] as number, near[best * count + at] as number)
  }
  return chosen
}

/** How much of the doubt one more choice brings nearer. */
function brought(near: Float32Array, covered: Float32Array, doubts: readonly number[], one: number): number {
  const start = one * covered.length
  let sum = 0
  for (let at = 0; at < covered.length; at++) {
    const nearer = (near[start + at] as number) - (covered[at] as number)
    if (nearer > 0) sum += nearer * (doubts[at] as number)
  }
  return sum
}
