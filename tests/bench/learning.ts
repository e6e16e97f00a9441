/**
 * `npm run bench -- learning [SET] [--step N] [--most N] [--order review|random]`: how many labels it takes in the order of the review queue, and
 * how many in random order, to be as accurate; the same model. `--whole N` also trains as the product does, with everything that it has —
 * its base, both paths, as many masked texts without labels as an account's training gets — on the review's first N. Without ../shared/data it runs on the base's corpus.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { baseFolder } from '@/lib/cli/base-folder'
import { readOptions, wholeNumber } from '@/lib/cli/training/options'
import { logSize } from '@/lib/features/learning/log'
import { inReviewOrder } from '@/lib/features/learning/order'
import { forLearning } from '@/lib/features/privacy/mask'
import { generate } from '@/models/base/generate'
import { accuracy } from '@/models/evaluate/metrics'
import type { Head, Model } from '@/models/model'
import { cleanText } from '@/models/text/clean'
import { Encoder } from '@/models/text/encode'
import { headAnswer } from '@/models/train/blend'
import { argmax } from '@/models/train/forward'
import { Random } from '@/models/train/random'
import { readCsv } from '@/models/train/read-csv'
import { linearPath, type Recipe } from '@/models/train/recipe'
import { splitRows } from '@/models/train/split'
import { readStart } from '@/models/train/start'
import { trainModel } from '@/models/train/train-model'

interface Labelled {
  text: string
  label: string
}

const options = readOptions(process.argv.slice(2), ['step', 'most', 'test', 'order', 'whole'], [])
const [set = 'banking77'] = options.rest
const step = wholeNumber(options, 'step', 200)
const most = wholeNumber(options, 'most', 6_400)
const judged = wholeNumber(options, 'test', 1_500)
const wholes = (options.values.get('whole') ?? '').split(',').map(Number).filter(Boolean)
const beginning = 200
/** The review opens so many of the most doubtful for each that it asks about in a sitting. */
const breadth = 8
const marks = [0.8, 0.85, 0.9]

const files: Record<string, string> = { banking77: 'banking77/data.csv.gz', clinc150: 'clinc150/data.csv.gz' }

function read(): { pool: Labelled[]; test: Labelled[] } {
  const file = join(resolve('../shared/data'), files[set] ?? '')
  if (files[set] && existsSync(file)) {
    const { train, dev, test } = splitRows(readCsv(file))
    // What lies outside every intent is not an intent to learn here.
    const known = ({ label }: Labelled) => label !== 'oos'
    return { pool: [...train, ...dev].filter(known), test: test.filter(known) }
  }
  const rows = generate(resolve('models/base/corpus'), 1).intents.map(({ text, intent, template }) => ({
    text,
    label: intent,
    template,
  }))
  return {
    pool: rows.filter(({ template }) => template % 5 !== 0),
    test: rows.filter(({ template }) => template % 5 === 0),
  }
}

function shuffled<T>(rows: readonly T[], seed: number): T[] {
  return Array.from(new Random(seed).shuffle(Int32Array.from(rows, (_, at) => at)), (at) => rows[at] as T)
}

/** One linear path: a curve has dozens of trainings, and both orders are treated alike. */
function recipe(): Recipe {
  return {
    seed: 1,
    balance: 0,
    limits: { minimumGroups: 1, maximumSize: 30_000, buckets: 0 },
    paths: [linearPath(1, { epochs: 20, batch: 32 })],
  }
}

async function fitted(rows: readonly Labelled[]): Promise<{ model: Model; head: Head }> {
  // The blend of one path needs no tuning, so any rows do.
  return trainModel(rows, { seed: 1, recipe: recipe(), dev: rows.slice(0, 50) })
}

function answers({ model, head }: { model: Model; head: Head }, texts: readonly string[]) {
  const encoder = new Encoder(model.vocabulary, model.spec)
  return texts.map((text) => headAnswer(head, encoder.encodeClean(cleanText(text))).probabilities)
}

/** As the product trains: its base, both paths, and texts that have no label yet as the account's log. */
async function whole(labelled: readonly Labelled[], rest: readonly Labelled[], test: readonly Labelled[]) {
  const unlabelled = rest.slice(0, logSize(labelled.length)).map(({ text }) => ({ text: forLearning(text) }))
  const began = process.cpuUsage()
  const masked = labelled.map(({ text, label }) => ({ text: forLearning(text), label }))
  const trained = await trainModel(masked, { seed: 1, start: readStart(baseFolder()), unlabelled })
  const { user, system } = process.cpuUsage(began)
  const reached = judge(trained, test)
  console.log(
    `${labelled.length} labels of the review, the whole recipe and ${trained.unlabelled} texts without: ${(100 * reached).toFixed(1)} % (${Math.round((user + system) / 1e6)} s of CPU)`,
  )
}

function judge(trained: { model: Model; head: Head }, test: readonly Labelled[]): number {
  const guesses = answers(
    trained,
    test.map(({ text }) => text),
  ).map(argmax)
  return accuracy(
    test.map(({ label }) => trained.head.labels.indexOf(label)),
    guesses,
  )
}

/** The review's own order, among the most doubtful. */
function review(trained: { model: Model; head: Head }, rest: readonly Labelled[], labels: number): Labelled[] {
  const lines = answers(
    trained,
    rest.map(({ text }) => text),
  )
  const doubtful = rest
    .map((row, at) => {
      const line = lines[at] as Float32Array
      const best = argmax(line)
      return { row, text: row.text, intent: trained.head.labels[best] as string, doubt: 1 - (line[best] as number) }
    })
    .sort((a, b) => b.doubt - a.doubt)
    .slice(0, breadth * step)
  return inReviewOrder(doubtful, { most: step, labels, intents: trained.head.labels.length }).map(({ row }) => row)
}

/** Before any training all is in doubt: the review's order then is the same function of the newest messages. */
function firstSitting(pool: readonly Labelled[]): Labelled[] {
  const newest = pool.slice(0, breadth * beginning).map((row) => ({ row, text: row.text, intent: null, doubt: 1 }))
  return inReviewOrder(newest, { most: beginning, labels: 0, intents: 0 })
    .slice(0, beginning)
    .map(({ row }) => row)
}

async function curve(order: 'review' | 'random', pool: readonly Labelled[], test: readonly Labelled[]) {
  let labelled = order === 'review' ? firstSitting(pool) : pool.slice(0, beginning)
  const begun = new Set(labelled)
  let rest = pool.filter((row) => !begun.has(row))
  const points: { labels: number; accuracy: number }[] = []
  for (;;) {
    const trained = await fitted(labelled)
    const point = { labels: labelled.length, accuracy: judge(trained, test) }
    points.push(point)
    process.stderr.write(`${order.padEnd(7)} ${point.labels} ${(100 * point.accuracy).toFixed(1)}\n`)
    if (order === 'review' && wholes.includes(labelled.length)) await whole(labelled, rest, test)
    if (labelled.length >= most || !rest.length || point.accuracy >= (marks.at(-1) as number)) return points
    const next = new Set((order === 'review' ? review(trained, rest, labelled.length) : rest).slice(0, step))
    labelled = [...labelled, ...next]
    rest = rest.filter((row) => !next.has(row))
  }
}

/** Labels at which a curve first reaches a mark, between two points in a straight line; undefined when it does not. */
function labelsFor(points: readonly { labels: number; accuracy: number }[], mark: number): number | undefined {
  const at = points.findIndex((point) => point.accuracy >= mark)
  const [before, after] = [points[at - 1], points[at]]
  if (!after) return undefined
  if (!before) return after.labels
  const share = (mark - before.accuracy) / (after.accuracy - before.accuracy)
  return Math.round(before.labels + share * (after.labels - before.labels))
}

const { pool, test } = read()
const order = shuffled(pool, 1)
const some = shuffled(test, 2).slice(0, judged)
console.log(
  `${set}: ${pool.length} texts to choose from, ${some.length} to judge by, ${new Set(pool.map(({ label }) => label)).size} intents; ${step} labels a step`,
)
const only = options.values.get('order')
const chosen = only === 'random' ? [] : await curve('review', order, some)
const random = only === 'review' ? [] : await curve('random', order, some)
console.log('accuracy    review    random   share')
for (const mark of marks) {
  const [one, other] = [labelsFor(chosen, mark), labelsFor(random, mark)]
  const share = one && other ? `${Math.round((100 * one) / other)} %` : '–'
  console.log(
    `${(100 * mark).toFixed(0).padStart(6)} %${String(one ?? '–').padStart(10)}${String(other ?? '–').padStart(10)}${share.padStart(8)}`,
  )
}
