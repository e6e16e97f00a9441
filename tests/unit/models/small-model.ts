/** A small real model for tests: trained once per test file from sentences of the written corpus. */
import { join } from 'node:path'
import { generate, type Sentence } from '@/models/base/generate'
import { hiddenPath, linearPath, type Recipe, windowPath } from '@/models/train/recipe'
import { type TrainedModel, trainModel } from '@/models/train/train-model'

export const CORPUS = join(process.cwd(), 'models/base/corpus')
export const SHARED = join(process.cwd(), '../shared/data')

let sentences: Sentence[] | undefined

/** Sentences of a few intents, about 400. */
export function fewIntents(
  intents = ['order_status', 'refund', 'password', 'greeting'],
): { text: string; label: string }[] {
  sentences ??= generate(CORPUS, 1).intents
  return sentences
    .filter(({ intent }) => intents.includes(intent))
    .filter((_, at) => at % 6 === 0)
    .map(({ text, intent }) => ({ text, label: intent }))
}

export function smallRecipe(seed = 1): Recipe {
  return {
    seed,
    balance: 0,
    limits: { minimumGroups: 1, maximumSize: 20_000, buckets: 0 },
    paths: [linearPath(seed, { epochs: 5 }), hiddenPath(seed, { epochs: 5, hidden: 16 })],
  }
}

export function smallModel(seed = 1, recipe = smallRecipe(seed)): Promise<TrainedModel> {
  const rows = fewIntents()
  return trainModel(
    rows.filter((_, at) => at % 6 !== 0),
    { seed, recipe, dev: rows.filter((_, at) => at % 6 === 0) },
  )
}

/** The same with a third path, of windows over signs. */
export function windowsRecipe(seed = 1): Recipe {
  const { limits, paths, ...recipe } = smallRecipe(seed)
  const path = windowPath(seed, { hidden: 4 * 32, epochs: 15, batch: 16 })
  const signs = { maximumSize: 2_000, ngrams: 1, room: limits.maximumSize }
  return { ...recipe, limits: { ...limits, signs }, paths: [...paths, path] }
}

export const smallWindows = (seed = 1): Promise<TrainedModel> => smallModel(seed, windowsRecipe(seed))

export const FACTS = {
  id: 'test',
  createdAt: '2026-01-01T00:00:00.000Z',
  licence: 'test',
  lineage: { seed: 1, rows: 10, dataset: '0'.repeat(64), base: null },
  probes: ['where is my order', '我要退款', ''],
}
