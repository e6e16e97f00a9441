/**
 * Temperature and lines of a private model. They are chosen on texts that the weights never saw, by the exponential
 * mechanism: a text counts in one of the two parts only, so what the parts spend is not added up.
 */
import type { Head } from '../model'
import { blend } from './blend'
import { argmax, softmax } from './forward'
import type { SecretNoise } from './secret-noise'

/** Temperatures tried: 0.1 … 5. */
const temperatures = Array.from({ length: 40 }, (_, at) => 0.1 * 50 ** (at / 39))
/** The most that one text's score can differ between temperatures. */
const brier = 2
const certainties = Array.from({ length: 20 }, (_, at) => at / 20)
/** Where the line for unknown texts may lie. */
const energies = Array.from({ length: 160 }, (_, at) => -10 + at / 4)
/** As in `train-head`: an answer is shown where answers of this certainty are right so often. */
const wanted = 0.8
const lost = 0.01

export interface Asked {
  /** One list a path, one line a text. */
  logits: readonly Float32Array[][]
  truth: readonly number[]
}

/** Sets scales, thresholds and the line of unknown texts; spends `epsilon` in three equal parts. */
export function drawLines(head: Head, { logits, truth }: Asked, epsilon: number, secret: SecretNoise): void {
  const each = epsilon / 3
  const lineOf = (at: number) => logits.map((lines) => lines[at] as Float32Array)
  const mixed = truth.map((_, at) => {
    const sum = new Float32Array(head.labels.length)
    for (const own of lineOf(at)) for (let c = 0; c < sum.length; c++) sum[c] = (sum[c] as number) + (own[c] as number)
    return sum
  })
  // Brier's score is bounded by itself: a logarithm would have to be cut off, and would then favour too much certainty.
  const worth = (temperature: number) =>
    truth.reduce((sum, own, at) => {
      const probabilities = softmax(mixed[at] as Float32Array, temperature)
      return sum - probabilities.reduce((all, p, c) => all + (p - (c === own ? 1 : 0)) ** 2, 0)
    }, 0)
  const temperature = temperatures[secret.choose(temperatures.map(worth), each, brier)] as number
  for (const path of head.paths) path.scale = 1 / temperature
  const answers = truth.map((own, at) => {
    const { probabilities, energy } = blend(head, lineOf(at))
    const guess = argmax(probabilities)
    return { energy, sure: probabilities[guess] as number, right: guess === own }
  })
  // What showing every answer at least so sure brings, if a wrong one costs four right ones.
  const brings = (least: number) =>
    answers.reduce((sum, { sure, right }) => sum + (sure < least ? 0 : right ? 1 - wanted : -wanted), 0)
  const threshold = certainties[secret.choose(certainties.map(brings), each, 1)] as number
  head.thresholds = head.labels.map(() => threshold)
  const misses = (line: number) =>
    -Math.abs(answers.filter(({ energy, right }) => right && energy < line).length - lost * answers.length)
  head.energyThreshold = energies[secret.choose(energies.map(misses), each, 2 * (1 + lost))] as number
}
