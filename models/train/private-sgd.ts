/**
 * Differentially private gradient descent (Abadi et al., "Deep Learning with Differential Privacy", 2016) on a linear head:
 * each text takes part by chance, its gradient is clipped, and noise covers what any one of them did.
 */
import type { SecretNoise } from './secret-noise'

export interface PrivateSteps {
  /** The chance of each text to take part in a step. */
  rate: number
  /** Deviation of the noise over the clipping norm. */
  noise: number
  steps: number
  /** Largest length of one text's gradient. */
  clip: number
  /** Length of the first steps; it falls in a straight line to a tenth. */
  pace: number
}

export interface HeadData {
  /** Features of each text, all of one width. */
  lines: readonly Float32Array[]
  targets: readonly number[]
}

/** What the constant feature is worth beside the others. */
const constant = 0.3

/** Each step's loss is of the texts that took part: it is for whoever may see the texts. */
export type OnStep = (step: number, loss: number) => void | Promise<void>

/**
 * @param weights (width + 1) × classes, moved in place @param open texts that are nobody's: they teach without noise
 * @returns the mean of the last half of the steps' weights, which costs no privacy; its last line is the constant's
 */
export async function descend(
  own: HeadData,
  open: HeadData,
  weights: Float32Array,
  classes: number,
  how: PrivateSteps,
  secret: SecretNoise,
  onStep?: OnStep,
): Promise<Float32Array> {
  const gradient = new Float32Array(weights.length)
  const mean = new Float32Array(weights.length)
  const { rate, noise, steps, clip } = how
  const size = Math.max(1, rate * (own.lines.length + open.lines.length))
  let counted = 0
  for (let step = 0; step < steps; step++) {
    gradient.fill(0)
    let loss = 0
    let seen = 0
    for (const data of [own, open])
      for (const [at, line] of data.lines.entries()) {
        if (secret.uniform() >= rate) continue
        loss += addClipped(line, data.targets[at] as number, weights, gradient, classes, clip)
        seen++
      }
    const pace = how.pace * (1 - (0.9 * step) / steps)
    for (let at = 0; at < weights.length; at++) {
      const noisy = (gradient[at] as number) + noise * clip * secret.normal()
      weights[at] = (weights[at] as number) - (pace * noisy) / size
    }
    if (step >= steps / 2) {
      counted++
      for (let at = 0; at < mean.length; at++)
        mean[at] = (mean[at] as number) + ((weights[at] as number) - (mean[at] as number)) / counted
    }
    await onStep?.(step + 1, seen ? loss / seen : 0)
  }
  for (let c = 0; c < classes; c++) {
    const last = mean.length - classes + c
    mean[last] = (mean[last] as number) * constant
  }
  return mean
}

/** Adds one text's gradient, shortened to `clip`; it is a product of two vectors, and so is its length. @returns its loss */
export function addClipped(
  line: Float32Array,
  target: number,
  weights: Float32Array,
  gradient: Float32Array,
  classes: number,
  clip: number,
): number {
  const logits = new Float64Array(classes)
  const constants = line.length * classes
  let squares = constant * constant
  for (let c = 0; c < classes; c++) logits[c] = constant * (weights[constants + c] as number)
  for (let d = 0; d < line.length; d++) {
    const value = line[d] as number
    squares += value * value
    for (let c = 0; c < classes; c++) logits[c] = (logits[c] as number) + value * (weights[d * classes + c] as number)
  }
  let top = Number.NEGATIVE_INFINITY
  for (const value of logits) if (value > top) top = value
  let sum = 0
  for (const value of logits) sum += Math.exp(value - top)
  const loss = top + Math.log(sum) - (logits[target] as number)
  let errors = 0
  for (let c = 0; c < classes; c++) {
    const error = Math.exp((logits[c] as number) - top) / sum - (c === target ? 1 : 0)
    logits[c] = error
    errors += error * error
  }
  const factor = Math.min(1, clip / Math.max(1e-12, Math.sqrt(errors * squares)))
  for (let c = 0; c < classes; c++) logits[c] = (logits[c] as number) * factor
  for (let d = 0; d < line.length; d++) {
    const value = line[d] as number
    const to = d * classes
    for (let c = 0; c < classes; c++) gradient[to + c] = (gradient[to + c] as number) + value * (logits[c] as number)
  }
  for (let c = 0; c < classes; c++)
    gradient[constants + c] = (gradient[constants + c] as number) + constant * (logits[c] as number)
  return loss
}
