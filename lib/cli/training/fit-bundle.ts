/** Trains a model from rows and writes it as a bundle: what `train` and `evaluate` share. */
import { createHash } from 'node:crypto'
import { type BundleFacts, writeBundle } from '@/models/bundle/write'
import type { SentenceEncoder } from '@/models/encoder/open-encoder'
import type { Row } from '@/models/train/read-csv'
import type { Recipe } from '@/models/train/recipe'
import { readStart } from '@/models/train/start'
import { type TrainedModel, trainModel } from '@/models/train/train-model'
import { baseFolder } from '../base-folder'
import { showProgress } from './progress'

export interface FitInput {
  train: readonly Row[]
  dev: readonly Row[]
  unlabelled?: readonly string[]
  seed: number
  out: string
  id: string
  createdAt: string
  recipe?: Recipe
  sentence?: SentenceEncoder
}

export interface Fitted {
  trained: TrainedModel
  bytes: number
  trainSeconds: number
  cpuSeconds: number
}

const PROBES = 12

export async function fitBundle(input: FitInput): Promise<Fitted> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const trained = await trainModel(input.train, {
    seed: input.seed,
    start: readStart(baseFolder()),
    dev: input.dev,
    ...(input.recipe ? { recipe: input.recipe } : {}),
    ...(input.sentence ? { sentence: input.sentence } : {}),
    ...(input.unlabelled ? { unlabelled: input.unlabelled } : {}),
    onProgress: ({ phase, done, loss }) => showProgress(phase, done, loss),
  })
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
    cpuSeconds: (used.user + used.system) / 1e6,
  }
}
