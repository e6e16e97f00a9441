/** How good a model's answers are on texts that it did not learn from, and whether it may take another's place. Pure. */
import { abstains } from '@/lib/core/learning'
import type { Understanding } from '@/lib/core/ports'
import { binnedError, type ReliabilityBin, reliabilityBins } from '@/models/evaluate/calibration'
import {
  accuracy,
  bootstrap,
  type ClassFigures,
  type ClassRanges,
  classRanges,
  confusion,
  macroF1Range,
  perClass,
  wilson,
} from '@/models/evaluate/metrics'

export type Answer = Pick<Understanding, 'intent' | 'intentProbability' | 'inScope' | 'line'>

/** 95 % of 500 bootstrap samples of each figure, Wilson’s where those agree; absent in reports of before. */
export interface FigureRanges {
  precisionRange?: [number, number]
  recallRange?: [number, number]
  f1Range?: [number, number]
}

export interface Judged {
  texts: number
  accuracy: number
  /** 95 % of 500 bootstrap samples, or Wilson’s interval where those agree. */
  accuracyRange: [number, number]
  macroF1: number
  /** The same of macro-F1; absent in reports of before. */
  macroF1Range?: [number, number]
  /** Expected calibration error of the winning probability, 15 bins. */
  ece: number
  /** Share of texts on which the model abstains, and how often it is right on the others. */
  unsure: number
  accuracyWhenSure: number
  /** Answers by their winning probability, in 15 equal bins: how many, their mean probability, how many were right. */
  bins: ReliabilityBin[]
  intents: (ClassFigures & FigureRanges)[]
  /** What was taken for what, the most frequent first. */
  confusions: { truth: string; guess: string; count: number }[]
}

/** Of 150 intents all that are taken for each other more than by accident. */
const mostConfusions = 400

export function judge(truth: readonly string[], answers: readonly Answer[]): Judged {
  const labels = [...new Set(truth)].sort()
  // Everything that is none of the texts' intents counts as one wrong answer.
  const places = [...labels, '']
  const place = (label: string) => {
    const at = labels.indexOf(label)
    return at < 0 ? labels.length : at
  }
  const truths = truth.map(place)
  const guesses = answers.map(({ intent }) => place(intent))
  const matrix = confusion(truths, guesses, places.length)
  const confusions = matrix.flatMap((line, from) =>
    line.flatMap((count, to) =>
      count && from !== to ? [{ truth: places[from] ?? '', guess: places[to] ?? '', count }] : [],
    ),
  )
  const each = perClass(truths, guesses, places).slice(0, labels.length)
  const sure = answers.flatMap((answer, at) => (abstains(answer) ? [] : [at]))
  const right = (at: number) => truths[at] === guesses[at]
  const bins = reliabilityBins(
    answers.map(({ intentProbability }, at) => ({ probability: intentProbability, right: right(at) })),
  )
  return {
    texts: truth.length,
    accuracy: accuracy(truths, guesses),
    accuracyRange: accuracyRange(truth.length, right),
    macroF1: macroF1(truths, guesses, places),
    macroF1Range: short(macroF1Range(truths, guesses, places)),
    ece: binnedError(bins),
    bins,
    unsure: truth.length ? 1 - sure.length / truth.length : 0,
    accuracyWhenSure: sure.length ? sure.filter(right).length / sure.length : 0,
    intents: withRanges(each, truths, guesses, places.length),
    confusions: confusions.sort((a, b) => b.count - a.count).slice(0, mostConfusions),
  }
}

function withRanges(
  figures: ClassFigures[],
  truths: readonly number[],
  guesses: readonly number[],
  classes: number,
): Judged['intents'] {
  const ranges = classRanges(truths, guesses, classes)
  return figures.map((one, at) => {
    const { precision, recall, f1 } = ranges[at] as ClassRanges
    return { ...one, precisionRange: short(precision), recallRange: short(recall), f1Range: short(f1) }
  })
}

/** A report holds hundreds of them: nobody reads a hundredth of a percent. */
const short = ([from, to]: [number, number]): [number, number] => [
  Math.round(from * 1e4) / 1e4,
  Math.round(to * 1e4) / 1e4,
]

/** Of what the texts are about: one foreign guess is a miss of its text's intent, not an intent that nobody gets right. */
function macroF1(truths: readonly number[], guesses: readonly number[], places: string[]): number {
  const asked = perClass(truths, guesses, places).filter(({ support }) => support > 0)
  return asked.reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, asked.length)
}

function accuracyRange(texts: number, right: (at: number) => boolean): [number, number] {
  if (!texts) return [0, 0]
  const hits = Array.from({ length: texts }, (_, at) => (right(at) ? 1 : 0))
  const all = hits.reduce<number>((sum, hit) => sum + hit, 0)
  if (all === 0 || all === texts) return wilson(all, texts)
  const share = (chosen: Int32Array) => chosen.reduce((sum, at) => sum + (hits[at] as number), 0) / texts
  return bootstrap(texts, share, { rounds: 500 })
}
