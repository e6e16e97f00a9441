/** Judges an open bundle on rows it never saw, through the same path that serves visitors. */

import { answer, type HeadAnswerLine } from '../serve/classify'
import type { OpenBundle } from '../serve/open'
import { cleanText } from '../text/clean'
import { argmax } from '../train/forward'
import type { Row } from '../train/read-csv'
import { calibrationError } from './calibration'
import { accuracy, bootstrap, type ClassFigures, macroF1, perClass } from './metrics'
import { auroc, rejected, thresholdForLoss } from './out-of-scope'

export interface OutOfScope {
  auroc: number
  /** Share of unknown test texts that were caught, at thresholds that cost at most 1 and 2 points of dev accuracy. */
  recall: number
  inScopeAccuracy: number
  recallAt2: number
  inScopeAccuracyAt2: number
}

export interface Judgement {
  rows: number
  accuracy: number
  accuracyInterval: [number, number]
  macroF1: number
  ece: number
  /** Of the texts it dares to label: which share that is, and how many of those are right. */
  shown: { share: number; accuracy: number }
  oos?: OutOfScope
  perClass: ClassFigures[]
  /** The most frequent mistakes: truth, guess, how often. */
  mistakes: { truth: string; guess: string; count: number }[]
}

export type HeadName = 'intent' | 'sentiment' | 'urgency'

const BATCH = 64

export async function answers(bundle: OpenBundle, head: HeadName, texts: readonly string[]): Promise<HeadAnswerLine[]> {
  const out: HeadAnswerLine[] = []
  for (let from = 0; from < texts.length; from += BATCH) {
    const part = await answer([bundle], texts.slice(from, from + BATCH).map(cleanText))
    out.push(...(part[head] ?? []))
  }
  return out
}

export interface JudgeInput {
  test: readonly Row[]
  dev?: readonly Row[]
  unknownTest?: readonly Row[]
  /** Label of the rows → label of the head; others keep their name. Where several rows' labels are all the head can say, the rest is left out. */
  map?: Readonly<Record<string, string>>
  head?: HeadName
}

/** The head's own labels, or only those that the mapped rows can have. */
function choose(labels: readonly string[], input: JudgeInput): number[] {
  if (!input.map || input.head === 'intent' || !input.head) return labels.map((_, at) => at)
  const wanted = new Set(Object.values(input.map))
  return labels.flatMap((label, at) => (wanted.has(label) ? [at] : []))
}

function restrict(line: HeadAnswerLine, chosen: readonly number[]): Float32Array {
  const values = Float32Array.from(chosen, (at) => line.probabilities[at] as number)
  const sum = values.reduce((total, value) => total + value, 0) || 1
  return values.map((value) => value / sum)
}

export async function judge(bundle: OpenBundle, input: JudgeInput): Promise<Judgement> {
  const name = input.head ?? 'intent'
  const manifest = bundle.manifest.heads.find((head) => head.name === name)
  if (!manifest) throw new Error(`the bundle has no ${name} head`)
  const chosen = choose(manifest.labels, input)
  const labels = chosen.map((at) => manifest.labels[at] as string)
  // A label of the rows that the model does not know is always a mistake; it gets a place of its own.
  const strangers = [...new Set(input.test.map((row) => rename(row, input)))].filter((label) => !labels.includes(label))
  const all = [...labels, ...strangers]
  const lines = await answers(
    bundle,
    name,
    input.test.map(({ text }) => text),
  )
  const probabilities = lines.map((line) => restrict(line, chosen))
  const truth = input.test.map((row) => all.indexOf(rename(row, input)))
  const guess = probabilities.map(argmax)
  const right = guess.map((label, at) => label === truth[at])
  const shown = lines.flatMap((line, at) => (line.inScope ? [right[at] as boolean] : []))
  const oos = input.unknownTest?.length && input.dev?.length ? await outOfScope(bundle, input, lines, right) : undefined
  return {
    rows: truth.length,
    accuracy: accuracy(truth, guess),
    accuracyInterval: bootstrap(truth.length, (some) => share([...some].map((at) => right[at] as boolean)), {
      rounds: 300,
    }),
    macroF1: macroF1(truth, guess, all),
    ece: calibrationError(probabilities, truth),
    shown: { share: shown.length / Math.max(1, truth.length), accuracy: share(shown) },
    ...(oos ? { oos } : {}),
    perClass: perClass(truth, guess, all).filter(({ support }) => support > 0),
    mistakes: mistakes(truth, guess, all),
  }
}

function rename(row: Row, input: JudgeInput): string {
  return input.map?.[row.label] ?? row.label
}

function share(values: readonly boolean[]): number {
  return values.length ? values.filter(Boolean).length / values.length : 0
}

async function outOfScope(
  bundle: OpenBundle,
  input: JudgeInput,
  lines: readonly HeadAnswerLine[],
  right: readonly boolean[],
): Promise<OutOfScope> {
  const dev = input.dev ?? []
  const devLines = await answers(
    bundle,
    'intent',
    dev.map(({ text }) => text),
  )
  const devRight = devLines.map((line, at) => line.label === (dev[at] as Row).label)
  const unknown = await answers(
    bundle,
    'intent',
    (input.unknownTest ?? []).map(({ text }) => text),
  )
  const scores = (some: readonly HeadAnswerLine[]) => some.map(({ energy }) => energy)
  const at = (loss: number) => {
    const threshold = thresholdForLoss(scores(devLines), devRight, loss)
    const kept = lines.map((line, index) => (right[index] as boolean) && line.energy >= threshold)
    return { recall: rejected(scores(unknown), threshold), accuracy: share(kept) }
  }
  const [one, two] = [at(0.01), at(0.02)]
  return {
    auroc: auroc(scores(lines), scores(unknown)),
    recall: one.recall,
    inScopeAccuracy: one.accuracy,
    recallAt2: two.recall,
    inScopeAccuracyAt2: two.accuracy,
  }
}

function mistakes(truth: readonly number[], guess: readonly number[], labels: readonly string[]) {
  const counts = new Map<string, number>()
  for (const [at, label] of truth.entries()) {
    if (label === guess[at]) continue
    const key = `${label} ${guess[at]}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const name = (at: string) => labels[Number(at)] as string
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 20)
    .map(([key, count]) => {
      const [from, to] = key.split(' ') as [string, string]
      return { truth: name(from), guess: name(to), count }
    })
}
