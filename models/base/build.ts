/** Trains the shipped base model from the written corpus, always to the same bytes for the same seed. */

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Manifest } from '../bundle/manifest'
import { writeBundle } from '../bundle/write'
import { type Head, type HeadName, type Model, SENTIMENTS, URGENCIES } from '../model'
import { cleanText } from '../text/clean'
import { Encoder } from '../text/encode'
import { FEATURES } from '../text/features'
import { fitVocabulary } from '../text/vocabulary'
import { encodeAll } from '../train/examples'
import { allLogits } from '../train/forward'
import { classBalance, oneHot } from '../train/prepare'
import { Random } from '../train/random'
import { hiddenPath, linearPath, type Recipe } from '../train/recipe'
import { fitHead, trainPaths } from '../train/train-head'
import { type Corpus, generate, type Sentence } from './generate'

export interface BaseOptions {
  /** Folder of the written corpus. */
  corpus: string
  /** Where the bundle goes. */
  out: string
  seed: number
  createdAt: string
  onProgress?: (phase: string, progress: { epoch: number; epochs: number; loss: number }) => void
}

export interface BaseResult {
  manifest: Manifest
  heads: Head[]
  counts: Record<string, number>
}

const HELD_OUT_SHARE = 0.1
const MAXIMUM_ROWS = 24_000

export const BASE_PROBES = [
  'Where is my order?',
  '我要退款，太慢了!',
  'I forgot my password',
  '怎么开发票',
  'Thank you so much, great service!',
  '你们的客服态度太差了',
  'asap!! my card was stolen',
  '你好',
  'the app crashes after the update 😡',
  '我的order到哪了',
  '',
  'https://example.com/track/9988 please check for me@example.com',
]

export async function buildBase(options: BaseOptions): Promise<BaseResult> {
  const corpus = generate(options.corpus, options.seed)
  const sentences = [...corpus.intents, ...corpus.feelings]
  const templates = sentences.map(({ template }) => template)
  const vocabulary = fitVocabulary(
    sentences.map(({ text }) => cleanText(text)),
    FEATURES,
    { minimumGroups: 3, maximumSize: MAXIMUM_ROWS, buckets: 0 },
    templates,
  )
  const encoder = new Encoder(vocabulary, FEATURES)
  const random = new Random(options.seed)
  const held = new Set<number>()
  for (const template of new Set(templates)) if (random.float() < HELD_OUT_SHARE) held.add(template)
  const heads: Head[] = []
  for (const task of tasks(corpus, options.seed)) {
    const train = task.sentences.filter(({ template }) => !held.has(template))
    const rest = task.sentences.filter(({ template }) => held.has(template))
    const target = (sentence: Sentence) => task.labels.indexOf(sentence[task.name])
    const targets = train.map(target)
    const run = {
      examples: encodeAll(
        train.map(({ text }) => text),
        encoder,
      ),
      targets: oneHot(targets, task.labels.length),
      importance: classBalance(targets, task.labels.length, task.recipe.balance),
      classes: task.labels.length,
      rows: vocabulary.rows,
    }
    const paths = await trainPaths(run, task.recipe, (path, { epoch, loss }) =>
      options.onProgress?.(task.name, { epoch, epochs: task.recipe.paths[path]?.epochs ?? epoch, loss }),
    )
    const restExamples = encodeAll(
      rest.map(({ text }) => text),
      encoder,
    )
    const logits = paths.map((path) => allLogits(path, restExamples))
    const head = fitHead(task.name, paths, logits, rest.map(target), task.labels)
    heads.push(head)
  }
  const model: Model = { spec: FEATURES, vocabulary, heads }
  const dataset = createHash('sha256').update(JSON.stringify(sentences)).digest('hex')
  const manifest = await writeBundle(options.out, model, {
    id: 'base',
    createdAt: options.createdAt,
    licence: 'Apache-2.0',
    lineage: { seed: options.seed, rows: sentences.length, dataset, base: null },
    probes: BASE_PROBES,
  })
  return { manifest, heads, counts: count(corpus) }
}

interface Task {
  name: HeadName
  labels: string[]
  sentences: Sentence[]
  recipe: Recipe
}

function tasks(corpus: Corpus, seed: number): Task[] {
  const all = [...corpus.feelings, ...corpus.intents]
  const intents = [...new Set(corpus.intents.map(({ intent }) => intent))].sort()
  const limits = { minimumGroups: 2, maximumSize: MAXIMUM_ROWS, buckets: 0 }
  const feeling: Recipe = { seed, limits, balance: 0.5, paths: [linearPath(seed, { epochs: 8, featureDropout: 0.6 })] }
  return [
    {
      name: 'intent',
      labels: intents,
      sentences: corpus.intents,
      recipe: {
        seed,
        limits,
        balance: 0.5,
        paths: [linearPath(seed, { epochs: 10, featureDropout: 0.5 }), hiddenPath(seed, { epochs: 10, hidden: 96 })],
      },
    },
    { name: 'sentiment', labels: [...SENTIMENTS], sentences: all, recipe: feeling },
    { name: 'urgency', labels: [...URGENCIES], sentences: all, recipe: feeling },
  ]
}

function count(corpus: Corpus): Record<string, number> {
  const counts: Record<string, number> = {}
  const more = (key: string) => {
    counts[key] = (counts[key] ?? 0) + 1
  }
  for (const sentence of corpus.intents) more(`intent ${sentence.intent} ${sentence.language}`)
  for (const sentence of [...corpus.feelings, ...corpus.intents]) {
    more(`sentiment ${sentence.sentiment} ${sentence.language}`)
    more(`urgency ${sentence.urgency} ${sentence.language}`)
  }
  return counts
}

export const BASE_FOLDER = join('models', 'base')
