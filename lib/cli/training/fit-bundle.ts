/** Trains a model from rows and writes it as a bundle: what `train` and `evaluate` share. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openTexts } from '@/models/base/keep'
import { type BundleFacts, writeBundle } from '@/models/bundle/write'
import type { SentenceEncoder } from '@/models/encoder/open-encoder'
import type { UnlabelledText } from '@/models/train/prepare'
import type { Row } from '@/models/train/read-csv'
import type { Recipe } from '@/models/train/recipe'
import { readStart } from '@/models/train/start'
import { type TrainedModel, type TrainProgress, trainModel } from '@/models/train/train-model'
import { type PrivacySpent, type PrivacyWish, trainPrivately } from '@/models/train/train-privately'
import { baseFolder } from '../base-folder'
import { showProgress } from './progress'

export interface FitInput {
  train: readonly Row[]
  dev: readonly Row[]
  /** Dev was taken from train and may go back once it has tuned. */
  carved?: boolean
  unlabelled?: readonly UnlabelledText[]
  seed: number
  out: string
  id: string
  createdAt: string
  recipe?: Recipe
  sentence?: SentenceEncoder
  privacy?: PrivacyWish
}

export interface Fitted {
  trained: TrainedModel
  bytes: number
  trainSeconds: number
  cpuSeconds: number
  privacy?: PrivacySpent
}

const PROBES = 12

function learnFrom(input: FitInput): Promise<TrainedModel | (TrainedModel & { privacy: PrivacySpent })> {
  const start = readStart(baseFolder())
  const common = {
    seed: input.seed,
    onProgress: ({ phase, done, loss }: TrainProgress) => showProgress(phase, done, loss),
  }
  if (input.privacy) {
    const known = openTexts(join(baseFolder(), '../corpus'))
    return trainPrivately([...input.train, ...input.dev], input.privacy, start, known, common)
  }
  return trainModel(input.train, {
    ...common,
    start,
    dev: input.dev,
    devTeaches: input.carved === true,
    ...(input.recipe ? { recipe: input.recipe } : {}),
    ...(input.sentence ? { sentence: input.sentence } : {}),
    ...(input.unlabelled ? { unlabelled: input.unlabelled } : {}),
  })
}

export async function fitBundle(input: FitInput): Promise<Fitted> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const trained = await learnFrom(input)
  const trainSeconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const facts: BundleFacts = {
    id: input.id,
    createdAt: input.createdAt,
    licence: 'as its data',
    lineage: {
      seed: input.seed,
      rows: input.train.length,
      dataset: createHash('sha256')
        .update(JSON.stringify(input.train.map(({ text, label }) => [text, label])))
        .digest('hex'),
      base: null,
    },
    // Probes name no customer: they are made from the labels, not from messages.
    probes: [
      ...trained.head.labels.slice(0, PROBES).map((label) => label.replace(/[_.]/g, ' ')),
      '你好，请问一下',
      'hello?',
    ],
  }
  const manifest = await writeBundle(input.out, trained.model, facts)
  return {
    trained,
    bytes: Object.values(manifest.parts).reduce((sum, part) => sum + part.bytes, 0),
    trainSeconds,
    ...('privacy' in trained ? { privacy: trained.privacy } : {}),
    cpuSeconds: (used.user + used.system) / 1e6,
  }
}
