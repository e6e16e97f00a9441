/** Makes probabilities mean what they say: temperature scaling on held-out texts, and the error that remains. */
import { argmax } from '../train/forward'

export interface ReliabilityBin {
  count: number
  /** Mean probability of the winning answers. */
  probability: number
  right: number
}

export const RELIABILITY_BINS = 15

/** Answers by their winning probability, in equal bins: how sure they were, and how many were right. */
export function reliabilityBins(answers: readonly { probability: number; right: boolean }[]): ReliabilityBin[] {
  const bins = Array.from({ length: RELIABILITY_BINS }, () => ({ count: 0, probability: 0, right: 0 }))
  for (const { probability, right } of answers) {
    const bin = bins[Math.min(RELIABILITY_BINS - 1, Math.floor(probability * RELIABILITY_BINS))] as ReliabilityBin
    bin.probability = (bin.probability * bin.count + probability) / (bin.count + 1)
    bin.count++
    if (right) bin.right++
  }
  return bins
}

/** Expected calibration error of what is in the bins. */
export function binnedError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { count }) => sum + count, 0)
  return (
    bins.reduce((sum, { count, probability, right }) => sum + Math.abs(count * probability - right), 0) / (all || 1)
  )
}

/** Expected calibration error over equal-width bins of the winning probability. */
export function calibrationError(
  probabilities: readonly ArrayLike<number>[],
  truth: readonly number[],
  bins = 15,
): number {
  const count = new Array<number>(bins).fill(0)
  const sure = new Array<number>(bins).fill(0)
  const right = new Array<number>(bins).fill(0)
  for (let at = 0; at < truth.length; at++) {
    const line = probabilities[at] as ArrayLike<number>
    const guess = argmax(line)
    const top = line[guess] as number
    const bin = Math.min(bins - 1, Math.floor(top * bins))
    count[bin] = (count[bin] as number) + 1
    sure[bin] = (sure[bin] as number) + top
    if (guess === truth[at]) right[bin] = (right[bin] as number) + 1
  }
  let error = 0
  for (let bin = 0; bin < bins; bin++) error += Math.abs((sure[bin] as number) - (right[bin] as number))
  return truth.length ? error / truth.length : 0
}

/**
 * Mean negative log-likelihood of the truth; `doubt` is the share of belief spread evenly over all classes.
 */
export function logLoss(
  logits: readonly ArrayLike<number>[],
  truth: readonly number[],
  temperature: number,
  doubt = 0,
): number {
  let loss = 0
  for (let at = 0; at < truth.length; at++) {
    const line = logits[at] as ArrayLike<number>
    let top = Number.NEGATIVE_INFINITY
    let mean = 0
    for (let c = 0; c < line.length; c++) {
      const value = (line[c] as number) / temperature
      if (value > top) top = value
      mean += value / line.length
    }
    let sum = 0
    for (let c = 0; c < line.length; c++) sum += Math.exp((line[c] as number) / temperature - top)
    const own = (line[truth[at] as number] as number) / temperature
    loss += top + Math.log(sum) - (1 - doubt) * own - doubt * mean
  }
  return loss / truth.length
}

/**
 * The temperature with the smallest log loss: a golden-section search over its logarithm (the loss has one valley).
 * As in Platt's scaling, one held-out text's worth of doubt is kept: a few texts that were all right do not prove certainty.
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], truth: readonly number[]): number {
  if (truth.length === 0) return 1
  const ratio = (Math.sqrt(5) - 1) / 2
  const doubt = 1 / (truth.length + 2)
  const lossAt = (logarithm: number) => logLoss(logits, truth, Math.exp(logarithm), doubt)
  let low = Math.log(0.02)
  let high = Math.log(20)
  let left = high - ratio * (high - low)
  let right = low + ratio * (high - low)
  let leftLoss = lossAt(left)
  let rightLoss = lossAt(right)
  for (let turn = 0; turn < 30; turn++) {
    if (leftLoss < rightLoss) {
      high = right
      right = left
      rightLoss = leftLoss
      left = high - ratio * (high - low)
      leftLoss = lossAt(left)
    } else {
      low = left
      left = right
      leftLoss = rightLoss
      right = low + ratio * (high - low)
      rightLoss = lossAt(right)
    }
  }
  return Math.exp((low + high) / 2)
}
