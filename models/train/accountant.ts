/**
 * How much privacy a training spent: Rényi differential privacy of the sampled Gaussian mechanism, and ε at δ.
 * Mironov, "Rényi Differential Privacy" (2017); Mironov, Talwar, Zhang, "Rényi Differential Privacy of the Sampled Gaussian
 * Mechanism" (2019). Neighbours differ by one text, added or taken away; each step samples every text with the same chance.
 */

export interface SampledGaussian {
  /** The chance of each text to take part in a step, 0 … 1. */
  rate: number
  /** Deviation of the noise over the clipping norm. */
  noise: number
  steps: number
}

/** In tenths up to 16, where the best order lies for weak guarantees; the strongest ones have it far up. */
const orders = [
  ...Array.from({ length: 150 }, (_, at) => 1 + (at + 1) / 10),
  ...Array.from({ length: 48 }, (_, at) => at + 17),
  ...[72, 80, 96, 112, 128, 160, 192, 256],
]

function logAdd(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a]
  return low === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(low - high))
}

/**
 * (order − 1) × RDP of one step at a whole order ≥ 1: the logarithm of Σ C(α, k) (1 − q)^(α−k) q^k exp((k² − k) / 2σ²),
 * which the 2019 paper gives for the direction that is never the smaller one.
 */
function logMoment(rate: number, noise: number, order: number): number {
  if (order === 1) return 0
  if (rate === 1) return (order * (order - 1)) / (2 * noise * noise)
  let sum = Number.NEGATIVE_INFINITY
  let choose = 0
  for (let k = 0; k <= order; k++) {
    const term = choose + (order - k) * Math.log1p(-rate) + k * Math.log(rate) + (k * k - k) / (2 * noise * noise)
    sum = logAdd(sum, term)
    choose += Math.log(order - k) - Math.log(k + 1)
  }
  return sum
}

/** RDP of one step. Between whole orders the logarithm of the moment, which is convex, lies below its chord: a chord is safe. */
export function rdpOf(rate: number, noise: number, order: number): number {
  if (rate === 0) return 0
  const below = Math.floor(order)
  const low = logMoment(rate, noise, below)
  const part = order - below
  const moment = part === 0 ? low : low + part * (logMoment(rate, noise, below + 1) - low)
  return moment / (order - 1)
}

/** The classical conversion (Mironov 2017, proposition 3), by which older figures were published, or the tighter one. */
export type Conversion = 'classical' | 'tight'

/** ε at δ of all steps together. Tight: Canonne, Kamath, Steinke, "The Discrete Gaussian" (2020), proposition 12. */
export function epsilonOf({ rate, noise, steps }: SampledGaussian, delta: number, by: Conversion = 'tight'): number {
  let best = Number.POSITIVE_INFINITY
  for (const order of orders) {
    const spent = steps * rdpOf(rate, noise, order)
    const turned =
      by === 'classical'
        ? spent - Math.log(delta) / (order - 1)
        : spent + Math.log1p(-1 / order) - (Math.log(delta) + Math.log(order)) / (order - 1)
    if (turned < best) best = turned
  }
  return Math.max(0, best)
}

/** The least noise that spends at most so much. */
export function noiseFor(epsilon: number, delta: number, rate: number, steps: number): number {
  const spent = (noise: number) => epsilonOf({ rate, noise, steps }, delta)
  let high = 1
  while (spent(high) > epsilon) high *= 2
  let low = 0.2
  for (let turn = 0; turn < 24; turn++) {
    const middle = (low + high) / 2
    if (spent(middle) > epsilon) low = middle
    else high = middle
  }
  return high
}
