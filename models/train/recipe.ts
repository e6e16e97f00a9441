/** The settings that the measured figures chose (README.md has the table of what was tried). */
import { FEATURES, type FeatureSpec, SEGMENTED } from '../text/features'
import type { VocabularyLimits } from '../text/vocabulary'
import type { PathOptions } from './path'
import { columnsOf, placesOf } from './windows'

export interface Recipe {
  limits: VocabularyLimits
  /** Trained one after the other and blended by what held-out texts say. */
  paths: PathOptions[]
  /** How strongly rare classes are lifted: 0 not at all, 1 to equal weight. */
  balance: number
  seed: number
}

export function linearPath(seed: number, changes: Partial<PathOptions> = {}): PathOptions {
  return {
    hidden: 0,
    epochs: 15,
    batch: 64,
    tableRate: 0.02,
    headRate: 0.02,
    decay: 0,
    featureDropout: 0.3,
    hiddenDropout: 0,
    smoothing: 0,
    start: 0,
    seed,
    ...changes,
  }
}

/** The linear path without chance: as many steps as it takes, at most `epochs`. */
export function convexPath(seed: number, penalty: number): PathOptions {
  return linearPath(seed, { epochs: 60, penalty, featureDropout: 0 })
}

export function hiddenPath(seed: number, changes: Partial<PathOptions> = {}): PathOptions {
  return {
    hidden: 128,
    epochs: 15,
    batch: 32,
    tableRate: 0.01,
    headRate: 0.002,
    decay: 0,
    featureDropout: 0.5,
    hiddenDropout: 0.5,
    smoothing: 0.1,
    start: 0.1,
    seed: seed + 1000,
    ...changes,
  }
}

/** Windows over signs in order, as wide as `windows`, each width with a hidden path's units. */
export function windowPath(seed: number, changes: Partial<PathOptions> = {}): PathOptions {
  const { windows = 4 } = changes
  return {
    hidden: 128 * windows,
    windows,
    epochs: 5,
    batch: 32,
    tableRate: 0.003,
    headRate: 0.001,
    decay: 0,
    featureDropout: 0,
    hiddenDropout: 0.5,
    smoothing: 0.1,
    start: 0.08,
    seed: seed + 2000,
    ...changes,
  }
}

/** An account's bundle stays within 6.5 MB: a row costs a byte per column, a scale per path, its hash and its idf. */
const BUNDLE_BYTES = 6.2e6
/** More than this many signs are the rarest words of a spaced language, and would take the room of the n-grams. */
const MOST_SIGNS = 2_500

/** How many rows there may be of n-grams, and of signs where a path reads them. */
function limitsOf(
  paths: readonly PathOptions[],
  classes: number,
  most: number,
): Omit<VocabularyLimits, 'minimumGroups' | 'buckets'> {
  const bags = paths.filter(({ windows }) => !windows)
  const row = bags.reduce((sum, { hidden }) => sum + (hidden || classes), 16)
  const path = paths.find(({ windows }) => windows)
  if (!path?.windows) return { maximumSize: Math.min(most, Math.floor(BUNDLE_BYTES / row)) }
  const of = { windows: path.windows, hidden: path.hidden }
  // A scale for each place, and the hash; the head beyond is in floats.
  const sign = placesOf(of) * (columnsOf(of) + 4) + 4
  const room = Math.floor((BUNDLE_BYTES - 4 * path.hidden * classes) / row)
  return {
    maximumSize: Math.min(most, room),
    signs: { maximumSize: MOST_SIGNS, ngrams: sign / row, room },
  }
}

/** Fewer rows than this are few: label names teach too, folds tune, and the base's rows are turned slowly. */
export const FEW = 3_000
/** Up to here an n-gram seen once is worth its row, and small steps pay (smp2020_zh, 4,001 rows: 93.3 → 96.1 on dev). */
const MODEST = 6_000

const feelings = (rows: number, classes: number) => classes <= 3 && rows >= FEW

/** Words of unspaced writing help intents (smp2020_zh, folds: 94.3 → 94.8), not feelings; few rows lean on the base, which counted none. */
export function chooseFeatures(rows: number, classes: number): FeatureSpec {
  return rows < FEW || feelings(rows, classes) ? FEATURES : SEGMENTED
}

/** What there is beside labelled rows: the base's rows to start from, messages without labels. */
export interface Beside {
  start?: boolean
  log?: boolean
}

/** Chooses by size: how many rows, how many classes, and what there is beside them. */
export function chooseRecipe(rows: number, classes: number, seed = 1, beside: Beside = {}): Recipe {
  const small = rows < MODEST
  // Shared places for rare n-grams: clinc150 gains .3 points and ranks unknown texts better (AUROC .959 → .963).
  const buckets = classes > 8 && !small ? 256 : 0
  const paths = choosePaths(rows, classes, seed, beside)
  const room = limitsOf(paths, classes, classes > 8 ? 30_000 : 200_000)
  return { seed, limits: { minimumGroups: small ? 1 : 2, buckets, ...room }, balance: 0, paths }
}

function choosePaths(rows: number, classes: number, seed: number, beside: Beside): PathOptions[] {
  const large = rows > 40_000
  if (feelings(rows, classes)) {
    const batch = large ? 128 : 64
    const hidden = hiddenPath(seed, { epochs: large ? 4 : 6, batch: batch / 2, hidden: 64 })
    // In folds of three labels (airline_sentiment) a linear path by Adam does as well as one that is fitted.
    if (classes > 2) return [linearPath(seed, { epochs: large ? 5 : 8, batch, featureDropout: 0.6 }), hidden]
    if (large || beside.log) return [convexPath(seed, penaltyOf(classes)), hidden]
    return [windowPath(seed, rows < MODEST ? { epochs: 15, batch: 16 } : {}), hidden]
  }
  if (rows < MODEST) return fewPaths(rows, classes, seed, beside)
  return [
    linearPath(seed, { epochs: large ? 3 : 6, tableRate: 0.04, headRate: 0.04 }),
    hiddenPath(seed, { epochs: large ? 6 : 12, batch: 64, headRate: 0.004 }),
  ]
}

/** What folds of waimai and of smp2020_zh chose for the fitted linear path. */
const penaltyOf = (classes: number): number => (classes > 2 ? 1 / 100 : 1 / 3)

/** The linear path, also where windows have taken its place. */
export function linearOf({ paths, seed }: Recipe, classes: number): PathOptions {
  return paths.find(({ hidden }) => hidden === 0) ?? convexPath(seed, penaltyOf(classes))
}

/** A handful of rows is one batch: however few they are, the weights are moved this many times. */
const FEWEST_STEPS = 200

/** Epochs without a better answer to held-out texts after which few rows have taught what they can. */
const patience = 6

/** Windows were measured without a log; beside one, the paths are as they were. */
function fewPaths(rows: number, classes: number, seed: number, { start, log }: Beside): PathOptions[] {
  const long = (epochs: number, batch: number) => ({
    epochs: Math.max(epochs, Math.ceil(FEWEST_STEPS / Math.ceil(rows / batch))),
    batch,
    patience,
  })
  // Without the base, few rows must drown the chance values that they begin with.
  const rates = start ? { tableRate: 0.002, headRate: 0.004 } : { tableRate: rows < FEW ? 0.01 : 0.005 }
  const hidden = hiddenPath(seed, { ...long(20, 16), ...rates })
  if (rows >= FEW) return [log ? convexPath(seed, penaltyOf(classes)) : windowPath(seed, long(15, 16)), hidden]
  const windows = windowPath(seed, { ...long(25, 16), windows: 3, headRate: 0.002 })
  return [linearPath(seed, long(25, 32)), hidden, ...(log ? [] : [windows])]
}
