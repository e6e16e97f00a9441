/** The settings that the measured figures chose (README.md has the table of what was tried). */
import { FEATURES, type FeatureSpec, SEGMENTED } from '../text/features'
import type { VocabularyLimits } from '../text/vocabulary'
import type { PathOptions } from './path'

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

/** An account's bundle stays within 6.5 MB: a row costs a byte per column, a scale per path, its hash and its idf. */
const BUNDLE_BYTES = 6.2e6

function mostRows(columns: number): number {
  return Math.floor(BUNDLE_BYTES / (columns + 16))
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

/** Chooses by size: how many rows, how many classes, and whether the base's rows are there to start from. */
export function chooseRecipe(rows: number, classes: number, seed = 1, started = false): Recipe {
  const large = rows > 40_000
  const small = rows < MODEST
  const twoOrThree = feelings(rows, classes)
  // Shared places for rare n-grams: clinc150 gains .3 points and ranks unknown texts better (AUROC .959 → .963).
  const buckets = classes > 8 && !small ? 256 : 0
  const maximumSize = Math.min(classes > 8 ? 30_000 : 200_000, mostRows(classes + (twoOrThree ? 64 : 128)))
  const limits = { minimumGroups: small ? 1 : 2, maximumSize, buckets }
  if (twoOrThree) {
    const batch = large ? 128 : 64
    // In folds of three labels (airline_sentiment) both linear paths do as well: they keep Adam.
    const linear =
      classes < 3 ? convexPath(seed, 1 / 3) : linearPath(seed, { epochs: large ? 5 : 8, batch, featureDropout: 0.6 })
    return {
      seed,
      limits,
      balance: 0,
      paths: [linear, hiddenPath(seed, { epochs: large ? 4 : 6, batch: batch / 2, hidden: 64 })],
    }
  }
  if (small) return { seed, limits, balance: 0, paths: fewPaths(rows, seed, started) }
  return {
    seed,
    limits,
    balance: 0,
    paths: [
      linearPath(seed, { epochs: large ? 3 : 6, tableRate: 0.04, headRate: 0.04 }),
      hiddenPath(seed, { epochs: large ? 6 : 12, batch: 64, headRate: 0.004 }),
    ],
  }
}

/** A handful of rows is one batch: however few they are, the weights are moved this many times. */
const FEWEST_STEPS = 200

/** Epochs without a better answer to held-out texts after which few rows have taught what they can. */
const patience = 6

function fewPaths(rows: number, seed: number, started: boolean): PathOptions[] {
  const long = (epochs: number, batch: number) => ({
    epochs: Math.max(epochs, Math.ceil(FEWEST_STEPS / Math.ceil(rows / batch))),
    batch,
  })
  // Without the base, few rows must drown the chance values that they begin with.
  const rates = started ? { tableRate: 0.002, headRate: 0.004 } : { tableRate: rows < FEW ? 0.01 : 0.005 }
  const linear = rows < FEW ? linearPath(seed, { ...long(25, 32), patience }) : convexPath(seed, 1 / 100)
  return [linear, hiddenPath(seed, { ...long(20, 16), ...rates, patience })]
}
