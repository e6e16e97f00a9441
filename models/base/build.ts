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
import { classBalance, oneHot } from '../train/prepare'
import { Random } from '../train/random'
import { chooseRecipe, type Recipe } from '../train/recipe'
import { trainHead } from '../train/train-head'
import { type Corpus, generate, type Sentence } from './generate'

export interface BaseOptions {
  /** Folder of the written corpus. */
  corpus: string
  /** Where the bundle goes. */
  out: string
  seed: number
  createdAt: string
  onProgress?: (phase: string, progress: { epoch: number; epochs: number; loss: number }) => void | Promise<void>
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
    const head = await trainHead(
      task.name,
      {
        train: encodeAll(
          train.map(({ text }) => text),
          encoder,
        ),
        targets: oneHot(targets, task.labels.length),
        importance: classBalance(targets, task.labels.length),
        held: encodeAll(
          rest.map(({ text }) => text),
          encoder,
        ),
        heldTruth: rest.map(target),
        labels: task.labels,
        rows: vocabulary.rows,
      },
      task.recipe,
      options.onProgress,
    )
    heads.push(head)
  }
  const model: Model = { spec: FEATURES, vocabulary, heads }
  const dataset = createHash('sha256').update(JSON.stringify(sentences)).digest('hex')
  const manifest = writeBundle(options.out, model, {
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
  const recipe = chooseRecipe(corpus.intents.length, intents.length, seed)
  const epochs = 10
  const small: Recipe = { ...recipe, linear: { ...recipe.linear, epochs, featureDropout: 0.6 } }
  delete small.hidden
  return [
    {
      name: 'intent',
      labels: intents,
      sentences: corpus.intents,
      recipe: {
        ...recipe,
        linear: { ...recipe.linear, epochs, featureDropout: 0.5 },
        ...(recipe.hidden ? { hidden: { ...recipe.hidden, epochs, hidden: 96 } } : {}),
      },
    },
    { name: 'sentiment', labels: [...SENTIMENTS], sentences: all, recipe: small },
    { name: 'urgency', labels: [...URGENCIES], sentences: all, recipe: small },
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
