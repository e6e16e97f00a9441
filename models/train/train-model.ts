/** Trains an account's intent model from labelled texts: vocabulary, paths, blend, thresholds. */
import type { Head, Model } from '../model'
import { cleanText } from '../text/clean'
import { Encoder } from '../text/encode'
import { FEATURES, type FeatureSpec } from '../text/features'
import { fitVocabulary } from '../text/vocabulary'
import { type Examples, encodeAll } from './examples'
import { allLogits } from './forward'
import type { Path, PathOptions } from './path'
import { classBalance, type LabelledText, oneHot, type Prepared, prepare } from './prepare'
import { Random } from './random'
import { chooseRecipe, type Recipe } from './recipe'
import { believe, type PseudoLabels, REPEATS, ROUNDS, SHARPNESS, teach } from './self-train'
import { fitHead, type OnPathEpoch, trainPaths } from './train-head'

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
  const recipe =
    options.recipe ??
    chooseRecipe(prepared.texts.length + (options.unlabelled?.length ?? 0), classes.length, options.seed)
  const features = options.features ?? FEATURES
  const log = [...new Set(options.unlabelled ?? [])]
  const everyText = [...prepared.texts, ...log].map(cleanText)
  const groups = everyText.map((_, at) => prepared.groups[at] ?? prepared.texts.length + at)
  const vocabulary = fitVocabulary(everyText, features, recipe.limits, groups)
  const encoder = new Encoder(vocabulary, features)
  const examples = encodeAll(prepared.texts, encoder)
  const unlabelled = log.length > 0 ? encodeAll(log, encoder) : undefined
  const dev = options.dev?.length ? prepare(options.dev, classes) : undefined
  const folds = dev ? 0 : unlabelled ? 1 : FOLDS
  const watch = watcher(options, recipe, (folds + 1) * (unlabelled ? ROUNDS.length + 1 : 1))
  let round = 0
  const trainOn = async (chosen: number[]) => {
    const task: Task = {
      prepared,
      examples,
      chosen,
      rows: vocabulary.rows,
      recipe,
      watch: (paths) => watch(round++, paths),
    }
    return unlabelled ? await selfTrain(task, unlabelled) : await trainOnce(task)
  }
  const everything = prepared.texts.map((_, at) => at)
  let head: Head
  if (dev) {
    const known = dev.targets.map((_, at) => at).filter((at) => (dev.targets[at] as number) >= 0)
    const held = encodeAll(
      known.map((at) => dev.texts[at] as string),
      encoder,
    )
    const paths = await trainOn(everything)
    const truth = known.map((at) => dev.targets[at] as number)
    const logits = paths.map((path) => allLogits(path, held))
    head = fitHead('intent', paths, logits, truth, classes)
  } else {
    const { logits, truth } = await crossFit(prepared, examples, options.seed, folds, trainOn)
    head = fitHead('intent', await trainOn(everything), logits, truth, classes)
  }
  return { model: { spec: features, vocabulary, heads: [head] }, head, prepared, recipe }
}

interface Task {
  prepared: Prepared
  examples: Examples
  /** Which of the examples train. */
  chosen: readonly number[]
  rows: number
  recipe: Recipe
  watch: (paths: readonly PathOptions[]) => OnPathEpoch
}

/** More examples beside the labelled ones, with soft targets. */
interface Extra {
  examples: Examples
  pseudo: PseudoLabels
}

function trainOnce(task: Task, extra?: Extra): Promise<Path[]> {
  const classes = task.prepared.classes.length
  // Labelled rows are repeated beside a long log, so that they keep the lead.
  const chosen = extra ? Array.from({ length: REPEATS }, () => task.chosen).flat() : task.chosen
  const targets = chosen.map((at) => task.prepared.targets[at] as number)
  const own = pick(task.examples, chosen)
  const run = {
    examples: extra ? join(own, pick(extra.examples, extra.pseudo.chosen)) : own,
    targets: concat(oneHot(targets, classes), extra?.pseudo.targets),
    importance: concat(classBalance(targets, classes, task.recipe.balance), extra?.pseudo.importance),
    classes,
    rows: task.rows,
  }
  return trainPaths(run, task.recipe, task.watch(task.recipe.paths))
}

async function selfTrain(task: Task, unlabelled: Examples): Promise<Path[]> {
  const classes = task.prepared.classes.length
  const teacher = { ...task, recipe: chooseRecipe(task.chosen.length, classes, task.recipe.seed) }
  let paths = await trainOnce(teacher)
  for (const [round, share] of ROUNDS.entries()) {
    const last = round === ROUNDS.length - 1
    const probabilities = teach(paths, unlabelled, SHARPNESS, classes)
    const recipe = last ? task.recipe : { ...task.recipe, paths: task.recipe.paths.map(shorter) }
    paths = await trainOnce(
      { ...task, recipe },
      { examples: unlabelled, pseudo: believe(probabilities, share, classes) },
    )
  }
  return paths
}

/** Rounds before the last only carry labels on: half the passes do. */
function shorter(path: PathOptions): PathOptions {
  return { ...path, epochs: Math.ceil(path.epochs / 2) }
}

function concat(first: Float32Array, second?: Float32Array): Float32Array {
  if (!second) return first
  const out = new Float32Array(first.length + second.length)
  out.set(first)
  out.set(second, first.length)
  return out
}

function join(first: Examples, second: Examples): Examples {
  const base = first.offsets[first.count] as number
  const offsets = new Int32Array(first.count + second.count + 1)
  offsets.set(first.offsets)
  for (let at = 1; at <= second.count; at++) offsets[first.count + at] = base + (second.offsets[at] as number)
  const rows = new Int32Array(first.rows.length + second.rows.length)
  rows.set(first.rows)
  rows.set(second.rows, first.rows.length)
  return { count: first.count + second.count, offsets, rows, weights: concat(first.weights, second.weights) }
}

/** Every text is answered by a model that did not see it: small sets need no held-out part of their own. */
async function crossFit(
  prepared: Prepared,
  examples: Examples,
  seed: number,
  rounds: number,
  trainOn: (chosen: number[]) => Promise<Path[]>,
): Promise<{ logits: Float32Array[][]; truth: number[] }> {
  const fold = stratified(prepared.targets, seed)
  const logits: Float32Array[][] = []
  const answered: number[] = []
  for (let round = 0; round < rounds; round++) {
    const inside = [...fold.keys()].filter((at) => fold[at] !== round)
    const outside = [...fold.keys()].filter((at) => fold[at] === round)
    const paths = await trainOn(inside)
    for (const at of outside) answered.push(at)
    for (const [path, lines] of paths.map((one) => allLogits(one, pick(examples, outside))).entries()) {
      logits[path] ??= []
      logits[path]?.push(...lines)
    }
  }
  return { logits, truth: answered.map((at) => prepared.targets[at] as number) }
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
  let furthest = 0
  return (round: number, paths: readonly PathOptions[] = recipe.paths): OnPathEpoch =>
    async (at, epoch, loss) => {
      if (options.signal?.aborted) throw new TrainingStopped('cancelled')
      if (options.budgetMs && performance.now() - started > options.budgetMs) throw new TrainingStopped('out_of_time')
      const total = paths.reduce((sum, path) => sum + path.epochs, 0)
      const before = paths.slice(0, at).reduce((sum, path) => sum + path.epochs, 0)
      furthest = Math.max(furthest, Math.min(1, (round + (before + epoch) / total) / rounds))
      const phase = (paths[at]?.hidden ?? 0) > 0 ? 'hidden' : 'linear'
      options.onProgress?.({ phase, done: furthest, loss })
      // A step blocks its thread: let messages (cancel) through between epochs.
      await new Promise((resolve) => setImmediate(resolve))
    }
}
