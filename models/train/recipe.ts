/** The settings that the measured figures chose (README.md has the table of what was tried). */
import type { VocabularyLimits } from '../text/vocabulary'
import type { PathOptions } from './path'

export interface Recipe {
  limits: VocabularyLimits
  linear: PathOptions
  /** Absent where a hidden layer does not pay (two or three classes). */
  hidden?: PathOptions
  seed: number
}

/** Chooses by size: how many rows, how many classes. */
export function chooseRecipe(rows: number, classes: number, seed = 1): Recipe {
  const batch = rows > 40_000 ? 128 : rows < 2_000 ? 16 : 32
  const epochs = rows > 40_000 ? 8 : rows > 3_000 ? 15 : 25
  return {
    seed,
    limits: { minimumGroups: rows < 3_000 ? 1 : 2, maximumSize: classes > 8 ? 30_000 : 200_000, buckets: 0 },
    linear: {
      hidden: 0,
      epochs,
      batch: batch * 2,
      tableRate: 0.02,
      headRate: 0.02,
      decay: 0,
      featureDropout: 0.3,
      hiddenDropout: 0,
      smoothing: 0,
      start: 0,
      seed,
    },
    hidden: {
      hidden: 128,
      epochs,
      batch,
      tableRate: 0.01,
      headRate: 0.002,
      decay: 0,
      featureDropout: 0.5,
      hiddenDropout: 0.5,
      smoothing: 0.1,
      start: 0.1,
      seed: seed + 1000,
    },
  }
}
