/** Trains an account's intent model from labelled texts: vocabulary, paths, blend, thresholds. */
import type { SentenceEncoder } from '../encoder/open-encoder'
import { TextReader } from '../encoder/text-reader'
import type { Head, Model } from '../model'
import { cleanText } from '../text/clean'
import { Encoder } from '../text/encode'
import type { FeatureSpec } from '../text/features'
import { fitVocabulary, type VocabularyLimits } from '../text/vocabulary'
import { readAll } from './examples'
import { type CrossFit, crossFit, FOLDS } from './folds'
import { allLogits } from './forward'
import { type Doubt, doubtsOf, mistakesOf, type Overlap, overlapsOf } from './mistakes'
import { Needed, patientless } from './needed'
import type { HeldOut, Path, PathOptions } from './path'
import { type LabelledText, logOf, type Prepared, prepare, type UnlabelledText, withBeside, withNames } from './prepare'
import { chooseFeatures, chooseRecipe, FEW, linearOf, type Recipe } from './recipe'
import { ROUNDS } from './self-train'
import { beginWith, type Start } from './start'
import { fitHead, type OnPathEpoch } from './train-head'
import { selfTrain, type Task, teacher, trainOnce } from './train-task'

export interface TrainProgress {
  phase: string
  /** 0 … 1 of the whole. */
  done: number
  loss: number
  /** Of texts that are held out, after this epoch. */
  accuracy?: number
  /** Of the path and the fold that it learns now, and how many those are to be. */
  epoch?: { at: number; of: number }
  /** Texts learned from in a second. */
  perSecond?: number
  /** Set once it was seen that fewer epochs do than were planned. */
  early?: { epochs: number; of: number }
}

export interface TrainOptions {
  seed: number
  /** Texts to tune on; without them folds of the training texts are used. */
  dev?: readonly LabelledText[]
  /** They were only carved out of the training texts: once they have tuned, the paths are trained again and they teach, too. */
  devTeaches?: boolean
  recipe?: Recipe
  features?: FeatureSpec
  onRecipe?: (recipe: Recipe) => void
  onProgress?: (progress: TrainProgress) => void
  signal?: AbortSignal
  /** Texts that teach in every fold and are never asked: what is known already, kept while something new is learned. */
  beside?: readonly LabelledText[]
  /** The account's own messages without labels: learned from by self-training. */
  unlabelled?: readonly UnlabelledText[]
  /** A frozen encoder that is read beside the n-grams. */
  sentence?: SentenceEncoder
  /** The shipped base to start from. */
  start?: Start
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

export interface TrainedModel {
  model: Model
  head: Head
  prepared: Prepared
  recipe: Recipe
  /** Texts whose label a model that did not learn from them doubts, the worst first; empty where a dev part was given. */
  doubts: Doubt[]
  /** The most frequent first; empty where a dev part was given. */
  overlaps: Overlap[]
  /** Texts without labels that taught; 0 where held-out texts said that they hurt. */
  unlabelled: number
}

export async function trainModel(rows: readonly LabelledText[], options: TrainOptions): Promise<TrainedModel> {
  const refuseStopped = watchStopped(options)
  const { beside = [] } = options
  const later = options.devTeaches ? (options.dev ?? []) : []
  const classes = [...new Set([...rows, ...beside, ...later].map(({ label }) => label))].sort()
  const prepared = prepare(rows, classes)
  if (classes.length < 2) throw new NotEnoughData('there must be at least two labels')
  const dev = options.dev?.length ? prepare(options.dev, classes) : undefined
  const log = logOf(options.unlabelled ?? [], [...prepared.texts, ...(dev?.texts ?? [])])
  const few = prepared.texts.length < FEW
  const start = few ? options.start : undefined
  const size = prepared.texts.length + beside.length + log.texts.length
  const has = { start: start !== undefined, log: log.texts.length > 0 }
  const recipe = options.recipe ?? chooseRecipe(size, classes.length, options.seed, has)
  options.onRecipe?.(recipe)
  const features = options.features ?? chooseFeatures(prepared.texts.length, classes.length)
  const { sentence } = options
  const known = withBeside(few ? withNames(prepared) : prepared, beside)
  const never = [...known.texts.keys()].slice(prepared.texts.length)
  const taught = withBeside(known, later)
  const late = [...taught.texts.keys()].slice(known.texts.length)
  const everyText = [...taught.texts, ...log.texts].map(cleanText)
  const groups = everyText.map((_, at) => taught.groups[at] ?? taught.texts.length + at)
  const limits = without(recipe.limits, sentence?.dimensions ?? 0)
  const people = [...taught.people, ...log.people]
  const vocabulary = fitVocabulary(everyText, features, limits, groups, start?.vocabulary, people)
  const reader = await TextReader.open(new Encoder(vocabulary, features), sentence, everyText, () => {
    refuseStopped()
    options.onProgress?.({ phase: 'encoder', done: 0, loss: 0 })
  })
  const examples = await readAll(taught.texts, reader)
  const unlabelled = log.texts.length > 0 ? await readAll(log.texts, reader) : undefined
  // Each fold costs a training: a few hundred answers settle calibration as well as a thousand.
  const folds = FOLDS.slice(0, unlabelled ? 1 : prepared.texts.length > 500 ? 2 : FOLDS.length)
  const rest = dev ? [] : FOLDS.slice(folds.length)
  const ways = unlabelled ? 2 : 1
  const watch = watcher(
    options,
    refuseStopped,
    recipe,
    ways * ((dev ? Math.sign(late.length) : folds.length) + 1) * (unlabelled ? ROUNDS.length + 1 : 1) + rest.length,
  )
  let round = 0
  // What a fold needed is enough for the whole.
  const needed = new Needed(recipe.paths)
  const patient = !unlabelled
  const task = (chosen: readonly number[], held?: HeldOut): Task => ({
    prepared: taught,
    examples,
    // Label names, too, teach in every fold and are never asked.
    chosen: [...chosen, ...never],
    rows: reader.rows,
    signRows: vocabulary.signRows,
    ...(start ? { begin: (table, width) => beginWith(start, vocabulary, table, width) } : {}),
    recipe: patient ? needed.recipe(recipe, held !== undefined) : { ...recipe, paths: recipe.paths.map(patientless) },
    ...(held ? { held } : {}),
    watch: (paths) => needed.watched(watch(round++, paths)),
  })
  // Every label is asked: in the folds that are left, of a linear path alone, which costs a small part of a training.
  const linear: Way = (chosen, held) => {
    const { recipe, ...own } = unlabelled ? teacher(task(chosen, held)) : task(chosen, held)
    return trainOnce({
      ...own,
      recipe: { ...recipe, paths: [linearOf(recipe, classes.length)] },
      watch: (planned) => watch(round++, planned),
    })
  }
  const alone: Way = (chosen, held) => trainOnce(unlabelled ? teacher(task(chosen, held)) : task(chosen, held))
  const tried: Way[] = unlabelled ? [(chosen, held) => selfTrain(task(chosen, held), unlabelled), alone] : [alone]
  const asked = dev && (await heldOf(dev, reader))
  const everything = prepared.texts.map((_, at) => at)
  const mistakes: Doubt[] = []
  const heads: { head: Head; finish: () => Promise<Head> }[] = []
  for (const way of tried) {
    const { paths, logits, truth, answered } = asked
      ? askHeld(asked, await way(everything, asked))
      : await crossFit(prepared, examples, options.seed, folds, way)
    const head = fitHead('intent', paths, logits, truth, classes)
    if (heads.length === 0) mistakes.push(...mistakesOf(head, logits, truth, answered))
    const again = async () => fitHead('intent', await way([...everything, ...late]), logits, truth, classes)
    heads.push({ head, finish: asked && late.length === 0 ? async () => head : again })
  }
  if (rest.length > 0) {
    const { paths, logits, truth, answered } = await crossFit(prepared, examples, options.seed, rest, linear)
    mistakes.push(...mistakesOf(fitHead('intent', paths, logits, truth, classes), logits, truth, answered))
  }
  // Unlabelled messages help as a rule: they are left aside only where held-out texts clearly say that they hurt.
  const [first, second] = heads
  const better = second && clearlyBetter(second.head, (first as typeof second).head) ? second : first
  const head = reader.settle(await (better as NonNullable<typeof better>).finish())
  options.onProgress?.({ phase: 'done', done: 1, loss: 0 })
  const model: Model = { spec: features, vocabulary, heads: [head], ...(sentence ? { sentence } : {}) }
  const doubts = doubtsOf(mistakes)
  const overlaps = overlapsOf(mistakes)
  return { model, head, prepared, recipe, doubts, overlaps, unlabelled: better === first ? log.texts.length : 0 }
}

/** The room that is left beside a sentence encoder's rows. */
function without({ signs, ...limits }: VocabularyLimits, rows: number): VocabularyLimits {
  const maximumSize = limits.maximumSize - rows
  return { ...limits, maximumSize, ...(signs ? { signs: { ...signs, room: signs.room - rows } } : {}) }
}

type Way = (chosen: readonly number[], held?: HeldOut) => Promise<Path[]>

/** By more than chance alone would give two equally good models that disagree on every fourth text. */
function clearlyBetter(one: Head, other: Head): boolean {
  const lead = (one.metrics.accuracy ?? 0) - (other.metrics.accuracy ?? 0)
  return lead > 0.5 / Math.sqrt(one.metrics.heldOut ?? 1)
}

async function heldOf(dev: Prepared, reader: TextReader): Promise<HeldOut> {
  const known = dev.targets.map((_, at) => at).filter((at) => (dev.targets[at] as number) >= 0)
  const examples = await readAll(
    known.map((at) => dev.texts[at] as string),
    reader,
  )
  return { examples, truth: known.map((at) => dev.targets[at] as number) }
}

/** What the paths say of a part that is not among the texts of a doubted label. */
function askHeld({ examples, truth }: HeldOut, paths: Path[]): CrossFit {
  return { paths, logits: paths.map((path) => allLogits(path, examples)), truth: [...truth], answered: [] }
}

/** From now on: what it returns throws once the training was cancelled or is out of time. */
export function watchStopped({ signal, budgetMs }: Pick<TrainOptions, 'signal' | 'budgetMs'>): () => void {
  const started = performance.now()
  return () => {
    if (signal?.aborted) throw new TrainingStopped('cancelled')
    if (budgetMs && performance.now() - started > budgetMs) throw new TrainingStopped('out_of_time')
  }
}

const phaseOf = (path?: PathOptions) => (path?.windows ? 'windows' : path?.hidden ? 'hidden' : 'linear')

/** Turns epochs of all rounds into one share, and stops when asked or out of time. */
function watcher(options: TrainOptions, refuseStopped: () => void, recipe: Recipe, rounds: number) {
  let furthest = 0
  let before = performance.now()
  return (round: number, paths: readonly PathOptions[] = recipe.paths): OnPathEpoch =>
    async (at, { epoch, epochs, loss, texts, accuracy }) => {
      refuseStopped()
      const now = performance.now()
      const perSecond = (1_000 * texts) / Math.max(1, now - before)
      before = now
      const total = paths.reduce((sum, path) => sum + path.epochs, 0)
      const earlier = paths.slice(0, at).reduce((sum, path) => sum + path.epochs, 0)
      const planned = paths[at]?.epochs ?? epochs
      // One that ends early counts as whole when it ends.
      const share = earlier + (epoch / epochs) * planned
      furthest = Math.max(furthest, Math.min(1, (round + share / total) / rounds))
      options.onProgress?.({
        phase: phaseOf(paths[at]),
        done: furthest,
        loss,
        epoch: { at: epoch, of: epochs },
        perSecond,
        ...(accuracy === undefined ? {} : { accuracy }),
        ...(epochs < planned ? { early: { epochs, of: planned } } : {}),
      })
      // A step blocks its thread: let messages (cancel) through between epochs.
      await new Promise((resolve) => setImmediate(resolve))
    }
}
