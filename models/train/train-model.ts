/** Trains an account's intent model from labelled texts: vocabulary, paths, blend, thresholds. */
import type { Head, Model } from '../model'
import { cleanText } from '../text/clean'
import { Encoder } from '../text/encode'
import { FEATURES, type FeatureSpec } from '../text/features'
import { fitVocabulary } from '../text/vocabulary'
import { type Examples, encodeAll } from './examples'
import { allLogits } from './forward'
import type { Path } from './path'
import { classBalance, type LabelledText, oneHot, type Prepared, prepare } from './prepare'
import { Random } from './random'
import { chooseRecipe, type Recipe } from './recipe'
import { fitHead, trainPaths } from './train-head'

export interface TrainProgress {
  phase: string
  /** 0 … 1 of the whole. */
  done: number
  loss: number
}

export interface TrainOptions {
  seed: number
  /** Texts to tune on; without them folds of the training texts are used. */
  dev?: readonly LabelledText[]
  recipe?: Recipe
  features?: FeatureSpec
  onProgress?: (progress: TrainProgress) => void
  signal?: AbortSignal
  /** The account's own messages without labels: learned from by self-training. */
  unlabelled?: readonly string[]
  /** Training stops with an error after this long. */
  budgetMs?: number
}

export class TrainingStopped extends Error {
  override readonly name = 'TrainingStopped'

  constructor(readonly reason: 'cancelled' | 'out_of_time') {
    super(reason === 'cancelled' ? 'the training was cancelled' : 'the training took longer than it may')
  }
}

export class NotEnoughData extends Error {
  override readonly name = 'NotEnoughData'
}

const FOLDS = 4

export interface TrainedModel {
  model: Model
  head: Head
  prepared: Prepared
  recipe: Recipe
}

export async function trainModel(rows: readonly LabelledText[], options: TrainOptions): Promise<TrainedModel> {
  const prepared = prepare(rows)
  const { classes } = prepared
  if (classes.length < 2) throw new NotEnoughData('there must be at least two labels')
  const recipe = options.recipe ?? chooseRecipe(prepared.texts.length, classes.length, options.seed)
  const features = options.features ?? FEATURES
  const vocabulary = fitVocabulary(prepared.texts.map(cleanText), features, recipe.limits, prepared.groups)
  const encoder = new Encoder(vocabulary, features)
  const examples = encodeAll(prepared.texts, encoder)
  const dev = options.dev?.length ? prepare(options.dev, classes) : undefined
  const folds = dev ? 1 : FOLDS + 1
  const watch = watcher(options, recipe, folds)
  const trainOn = (chosen: number[], round: number) => {
    const targets = chosen.map((at) => prepared.targets[at] as number)
    const run = {
      examples: pick(examples, chosen),
      targets: oneHot(targets, classes.length),
      importance: classBalance(targets, classes.length, recipe.balance),
      classes: classes.length,
      rows: vocabulary.rows,
    }
    return trainPaths(run, recipe, watch(round))
  }
  const everything = prepared.texts.map((_, at) => at)
  let head: Head
  if (dev) {
    const known = dev.targets.map((_, at) => at).filter((at) => (dev.targets[at] as number) >= 0)
    const held = encodeAll(
      known.map((at) => dev.texts[at] as string),
      encoder,
    )
    const paths = await trainOn(everything, 0)
    const truth = known.map((at) => dev.targets[at] as number)
    head = fitHead(
      'intent',
      paths,
      paths.map((path) => allLogits(path, held)),
      truth,
      classes,
    )
  } else {
    const { logits, truth } = await crossFit(prepared, examples, options.seed, trainOn)
    head = fitHead('intent', await trainOn(everything, FOLDS), logits, truth, classes)
  }
  return { model: { spec: features, vocabulary, heads: [head] }, head, prepared, recipe }
}

/** Every text is answered by a model that did not see it: small sets need no held-out part of their own. */
async function crossFit(
  prepared: Prepared,
  examples: Examples,
  seed: number,
  trainOn: (chosen: number[], round: number) => Promise<Path[]>,
): Promise<{ logits: Float32Array[][]; truth: number[] }> {
  const fold = stratified(prepared.targets, seed)
  const logits: Float32Array[][] = []
  for (let round = 0; round < FOLDS; round++) {
    const inside = [...fold.keys()].filter((at) => fold[at] !== round)
    const outside = [...fold.keys()].filter((at) => fold[at] === round)
    const paths = await trainOn(inside, round)
    const held = pick(examples, outside)
    for (const [path, lines] of paths.map((one) => allLogits(one, held)).entries()) {
      logits[path] ??= []
      for (const [at, line] of lines.entries()) (logits[path] as Float32Array[])[outside[at] as number] = line
    }
  }
  return { logits, truth: prepared.targets }
}

/** Deals the texts of each class round the folds, in an order the seed decides. */
function stratified(targets: readonly number[], seed: number): number[] {
  const order = new Random(seed + 7).shuffle(Int32Array.from(targets, (_, at) => at))
  const dealt = new Map<number, number>()
  const fold = new Array<number>(targets.length)
  for (const at of order) {
    const target = targets[at] as number
    const count = dealt.get(target) ?? target
    fold[at] = count % FOLDS
    dealt.set(target, count + 1)
  }
  return fold
}

export function pick(examples: Examples, chosen: readonly number[]): Examples {
  const offsets = new Int32Array(chosen.length + 1)
  for (const [line, at] of chosen.entries()) {
    const size = (examples.offsets[at + 1] as number) - (examples.offsets[at] as number)
    offsets[line + 1] = (offsets[line] as number) + size
  }
  const rows = new Int32Array(offsets[chosen.length] as number)
  const weights = new Float32Array(rows.length)
  for (const [line, at] of chosen.entries()) {
    const from = examples.offsets[at] as number
    const to = examples.offsets[at + 1] as number
    rows.set(examples.rows.subarray(from, to), offsets[line])
    weights.set(examples.weights.subarray(from, to), offsets[line])
  }
  return { count: chosen.length, offsets, rows, weights }
}

/** Turns epochs of all rounds into one share, and stops when asked or out of time. */
function watcher(options: TrainOptions, recipe: Recipe, rounds: number) {
  const started = performance.now()
  const perRound = recipe.paths.reduce((sum, path) => sum + path.epochs, 0)
  return (round: number) => async (at: number, epoch: number, loss: number) => {
    if (options.signal?.aborted) throw new TrainingStopped('cancelled')
    if (options.budgetMs && performance.now() - started > options.budgetMs) throw new TrainingStopped('out_of_time')
    const before = recipe.paths.slice(0, at).reduce((sum, path) => sum + path.epochs, 0)
    const done = (round + (before + epoch) / perRound) / rounds
    const phase = (recipe.paths[at]?.hidden ?? 0) > 0 ? 'hidden' : 'linear'
    options.onProgress?.({ phase, done, loss })
    // A step blocks its thread: let messages (cancel) through between epochs.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
