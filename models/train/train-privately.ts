/**
 * Trains an intent head that is differentially private: whether any single text was among those learned from can hardly be
 * told from the bundle. What the account named itself (the intents) and how many texts there were is taken as known.
 */
import { createHash } from 'node:crypto'
import type { Head, Model } from '../model'
import { FEATURES } from '../text/features'
import { epsilonOf, noiseFor } from './accountant'
import { encodeAll } from './examples'
import { allLogits } from './forward'
import type { Path } from './path'
import { type LabelledText, prepare, withNames } from './prepare'
import { drawLines } from './private-lines'
import { descend, type HeadData, type PrivateSteps } from './private-sgd'
import { PublicFeatures } from './public-features'
import type { Recipe } from './recipe'
import { SecretNoise } from './secret-noise'
import type { Start } from './start'
import { asServed } from './train-head'
import { NotEnoughData, type TrainedModel, type TrainOptions, watchStopped } from './train-model'

/** What is asked of a private training. */
export interface PrivacyWish {
  /** At most so much is spent. */
  epsilon: number
  /** Whoever knows it can take the noise away; another one for other texts, else two models told together give them away. */
  key: string
}

/** What was spent, and by what. */
export interface PrivacySpent {
  epsilon: number
  delta: number
  noise: number
  rate: number
  steps: number
  clip: number
  /** Texts that moved weights, and texts that drew the lines. */
  learned: number
  lined: number
}

/** Of 256 texts, so many draw lines instead of moving weights; which ones is told by themselves alone. */
const lined = 31
const steps = 100
const clip = 1
/** Texts in a step, and the pace that suits so many. */
const size = 900
const pace = 60
const most = 0.2
/** How strongly an intent's name speaks for it before any text was read. */
const named = 3

const drawsLines = (text: string): boolean =>
  (createHash('sha256').update(`lines ${text}`).digest()[0] as number) < lined

const deltaFor = (texts: number): number => Math.min(1e-5, 1 / (10 * Math.max(1, texts)))

/** @param known texts that are nobody's and say how the base's units spread */
export async function trainPrivately(
  rows: readonly LabelledText[],
  wish: PrivacyWish,
  start: Start,
  known: readonly string[],
  options: Pick<TrainOptions, 'beside' | 'onRecipe' | 'onProgress' | 'signal' | 'budgetMs' | 'seed'>,
): Promise<TrainedModel & { privacy: PrivacySpent }> {
  const { beside = [] } = options
  const refuseStopped = watchStopped(options)
  const classes = [...new Set([...rows, ...beside].map(({ label }) => label))].sort()
  if (classes.length < 2) throw new NotEnoughData('there must be at least two labels')
  const secret = new SecretNoise(wish.key)
  const features = new PublicFeatures(start, known)
  // Every row is an example of its own: joining repeats would let one text speak for another.
  const inLines = rows.filter(({ text }) => drawsLines(text))
  const learned = rows.filter(({ text }) => !drawsLines(text))
  const dataOf = (some: readonly LabelledText[]): HeadData => ({
    lines: features.read(some.map(({ text }) => text)),
    targets: some.map(({ label }) => classes.indexOf(label)),
  })
  const rate = Math.min(most, size / Math.max(1, learned.length))
  const delta = deltaFor(rows.length)
  const recipe: Recipe = {
    seed: options.seed,
    limits: { minimumGroups: 0, maximumSize: features.vocabulary.rows, buckets: features.vocabulary.buckets },
    balance: 0,
    paths: [],
  }
  options.onRecipe?.(recipe)
  const noise = noiseFor(wish.epsilon, delta, rate, steps)
  const how: PrivateSteps = { rate, noise, steps, clip, pace: pace * Math.min(1, (rate * learned.length) / size) }
  const weights = await descend(
    dataOf(learned),
    dataOf(beside),
    fromNames(features, classes),
    classes.length,
    how,
    secret,
    async (step, loss) => {
      refuseStopped()
      const epoch = { at: Math.ceil(step * rate), of: Math.ceil(steps * rate) }
      options.onProgress?.({ phase: 'private', done: (0.95 * step) / steps, loss, epoch })
      await new Promise((resolve) => setImmediate(resolve))
    },
  )
  const paths = pathsOf(features, weights, classes.length)
  const head: Head = {
    name: 'intent',
    labels: classes,
    paths: paths.map((path) => ({ path, scale: 1 })),
    energyThreshold: Number.NEGATIVE_INFINITY,
    thresholds: classes.map(() => 0),
    // Exact figures about texts are no part of a private bundle.
    metrics: {},
  }
  const held = encodeAll(
    inLines.map(({ text }) => text),
    features.encoder,
  )
  drawLines(
    head,
    {
      logits: paths.map((path) => allLogits(path, held)),
      truth: inLines.map(({ label }) => classes.indexOf(label)),
    },
    wish.epsilon,
    secret,
  )
  options.onProgress?.({ phase: 'done', done: 1, loss: 0 })
  const model: Model = { spec: FEATURES, vocabulary: features.vocabulary, heads: [head] }
  return {
    model,
    head,
    prepared: prepare(rows, classes),
    unlabelled: 0,
    recipe,
    doubts: [],
    overlaps: [],
    privacy: {
      // The two parts share no text, so the larger of the two is spent.
      epsilon: Math.max(epsilonOf({ rate, noise, steps }, delta), wish.epsilon),
      delta,
      noise,
      rate,
      steps,
      clip,
      learned: learned.length,
      lined: inLines.length,
    },
  }
}

/** An account's words for its intents are examples of them; beyond these the first weights know nothing. */
function fromNames(features: PublicFeatures, classes: readonly string[]): Float32Array {
  const weights = new Float32Array((features.width + 1) * classes.length)
  const { texts, targets } = withNames(prepare([], classes))
  for (const [at, line] of features.read(texts).entries())
    for (let d = 0; d < line.length; d++)
      weights[d * classes.length + (targets[at] as number)] = named * (line[d] as number)
  return weights
}

/** The head as two paths that a bundle can hold: through the base's hidden units, and from n-grams straight to labels. */
function pathsOf(features: PublicFeatures, weights: Float32Array, classes: number): Path[] {
  const { table, bias, out, outBias } = features.unfold(weights, classes)
  const { start, vocabulary } = features
  const units = new Float32Array(vocabulary.rows * start.width)
  units.set(start.table.subarray(0, (start.vocabulary.hashes.length + 1) * start.width))
  const none = new Float32Array(0)
  return [
    { hidden: 0, classes, width: classes, table, bias, out: none, outBias: none },
    {
      hidden: start.width,
      classes,
      width: start.width,
      table: units,
      bias: new Float32Array(start.width),
      out,
      outBias,
    },
  ].map(asServed)
}
