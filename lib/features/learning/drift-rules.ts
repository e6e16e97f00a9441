/** Whether messages still are what they were: label mix, out-of-scope, confidence and corrections of two spans of time. Pure. */
import { fisherTest } from './exact-tests'

/** What was said in one span: by label, and altogether. */
export interface Span {
  messages: number
  labels: ReadonlyMap<string, number>
  outOfScope: number
  /** Whose intent people changed. */
  corrected: number
  /** Sums of the intent's probability and of its square. */
  confidence: number
  confidenceSquared: number
  /** 95th percentile of an answer, milliseconds; null without answers. */
  slow: number | null
}

export type DriftLevel = 'steady' | 'moving' | 'shifted'
export const driftMeasures = ['labels', 'outOfScope', 'confidence', 'corrections'] as const
export type DriftMeasure = (typeof driftMeasures)[number]

export interface Drift {
  recent: number
  before: number
  /** False: too few messages in one of the spans; levels say nothing then. */
  enough: boolean
  /** Population stability index of the label mix, and its Jensen–Shannon divergence in bits. */
  psi: number
  jensenShannon: number
  /** Shares and means, 0 … 1, of both spans. */
  outOfScope: { recent: number; before: number }
  confidence: { recent: number; before: number }
  corrections: { recent: number; before: number }
  levels: Record<DriftMeasure, DriftLevel>
  /** The mix differs by as much as a band, and so would two samples of one mix: there are too few messages for so many labels. */
  withinChance: boolean
}

export const fewestMessages = 200
/** Usual bands of the population stability index, and of the Jensen–Shannon distance (the divergence's root); shares move by so much of 1. */
const mixBands = [0.1, 0.25] as const
const shareBands = [0.05, 0.1] as const
/** Standard deviations, and the probability, beyond which chance is not believed. */
const far = 3.09
const level = 0.001
/** Labels below this share of both spans together are counted as one: many rare ones make an index of noise. */
const rare = 0.02

const levelOf = (value: number, [moving, shifted]: readonly [number, number], believed: boolean): DriftLevel =>
  !believed || value < moving ? 'steady' : value < shifted ? 'moving' : 'shifted'

/** Counts of the same labels in both spans, rare ones together. */
function bins(recent: Span, before: Span): [number, number][] {
  const found: [number, number][] = []
  const rest: [number, number] = [0, 0]
  const all = recent.messages + before.messages
  for (const label of new Set([...recent.labels.keys(), ...before.labels.keys()])) {
    const [a, b] = [recent.labels.get(label) ?? 0, before.labels.get(label) ?? 0]
    if (a + b >= rare * all) found.push([a, b])
    else {
      rest[0] += a
      rest[1] += b
    }
  }
  return rest[0] + rest[1] ? [...found, rest] : found
}

/** Half a message more in each, so that a label seen in one span only has a finite weight. */
function shares(pairs: readonly [number, number][]): [number, number][] {
  const total = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at] + 0.5, 0)
  const [a, b] = [total(0), total(1)]
  return pairs.map((pair) => [(pair[0] + 0.5) / a, (pair[1] + 0.5) / b])
}

/** Σ (p − q) ln(p / q) over the labels. */
export const stabilityIndex = (pairs: readonly [number, number][]): number =>
  shares(pairs).reduce((sum, [p, q]) => sum + (p - q) * Math.log(p / q), 0)

/** In bits, 0 … 1 (Lin 1991). */
export const jensenShannon = (pairs: readonly [number, number][]): number =>
  shares(pairs).reduce((sum, [p, q]) => {
    const half = (p + q) / 2
    return sum + (p * Math.log2(p / half) + q * Math.log2(q / half)) / 2
  }, 0)

/** Without any change the index is about χ² of one label less, times 1/n + 1/m (Yurdakul and Naranjo 2020). */
const isBeyondNoise = (psi: number, labels: number, n: number, m: number): boolean =>
  psi > (labels - 1 + far * Math.sqrt(2 * Math.max(0, labels - 1))) * (1 / n + 1 / m)

const mean = ({ confidence, messages }: Span): number => (messages ? confidence / messages : 0)
const spread = (span: Span): number =>
  Math.max(0, span.confidenceSquared / span.messages - mean(span) ** 2) / span.messages

/** The 95th percentile of an answer is out of its band when it takes so many times as long as before, and so long at all (milliseconds). */
const slower = { times: 3, atLeast: 100 }

/** Whether a version that answers alone does worse than it did itself: then it is put beside its predecessor, which tells why. */
export function hasLeftBand(recent: Span, before: Span): boolean {
  const { enough, levels } = driftOf(recent, before)
  if (!enough) return false
  const [now, then] = [recent.slow ?? 0, before.slow ?? 0]
  return levels.corrections === 'shifted' || (now > slower.atLeast && now > slower.times * then)
}

/** @param before the span that `recent` is compared with */
export function driftOf(recent: Span, before: Span): Drift {
  const [n, m] = [recent.messages, before.messages]
  const enough = n >= fewestMessages && m >= fewestMessages
  const pairs = bins(recent, before)
  const psi = n && m ? stabilityIndex(pairs) : 0
  const distance = n && m ? jensenShannon(pairs) : 0
  const share = (key: 'outOfScope' | 'corrected') => ({
    recent: n ? recent[key] / n : 0,
    before: m ? before[key] / m : 0,
  })
  /** More than before, and more than chance: fewer is good news. */
  const risen = (key: 'outOfScope' | 'corrected'): DriftLevel =>
    levelOf(
      share(key).recent - share(key).before,
      shareBands,
      enough && fisherTest(recent[key], n, before[key], m) < level,
    )
  const fall = mean(before) - mean(recent)
  return {
    recent: n,
    before: m,
    enough,
    psi,
    jensenShannon: distance,
    outOfScope: share('outOfScope'),
    confidence: { recent: mean(recent), before: mean(before) },
    corrections: share('corrected'),
    withinChance: enough && psi >= mixBands[0] && !isBeyondNoise(psi, pairs.length, n, m),
    levels: {
      labels: levelOf(Math.max(psi, Math.sqrt(distance)), mixBands, enough && isBeyondNoise(psi, pairs.length, n, m)),
      outOfScope: risen('outOfScope'),
      confidence: levelOf(fall, shareBands, enough && fall > far * Math.sqrt(spread(recent) + spread(before))),
      corrections: risen('corrected'),
    },
  }
}
