/** What held-out answers say against labels: texts whose label is doubted, and labels that are taken for each other. Pure. */

import type { Head } from '../model'
import { blend } from './blend'
import { argmax } from './forward'

/** Confident learning (Northcutt, Jiang, Chuang, 2021) in its simplest form: sure of another label, out of fold. */
export interface Doubt {
  /** Index into `prepared.texts`. */
  at: number
  label: string
  guess: string
  /** Of the guess, and of the label that was given. */
  probability: number
  own: number
}

/** Two labels that a model took for each other, either way, among texts that it had not learned. */
export interface Overlap {
  labels: [string, string]
  count: number
  /** Indices into `prepared.texts`, the surest mistakes first. */
  texts: number[]
}

/** Less sure than this of another label is no reason to doubt. */
const SURE = 0.6
const MOST_DOUBTS = 100

/** Every answer that is not what the text was given. */
export function mistakesOf(
  head: Head,
  logits: readonly Float32Array[][],
  truth: readonly number[],
  answered: readonly number[],
): Doubt[] {
  return answered.flatMap((text, at) => {
    const { probabilities } = blend(
      head,
      logits.map((lines) => lines[at] as Float32Array),
    )
    const best = argmax(probabilities)
    const probability = probabilities[best] as number
    if (best === truth[at]) return []
    return [
      {
        at: text,
        label: head.labels[truth[at] as number] as string,
        guess: head.labels[best] as string,
        probability,
        own: probabilities[truth[at] as number] as number,
      },
    ]
  })
}

const surestFirst = (mistakes: readonly Doubt[]): Doubt[] =>
  mistakes.toSorted((a, b) => b.probability - b.own - (a.probability - a.own))

export const doubtsOf = (mistakes: readonly Doubt[]): Doubt[] =>
  surestFirst(mistakes.filter(({ probability }) => probability >= SURE)).slice(0, MOST_DOUBTS)

/** Pairs that are kept, and texts of each: what people read of it. */
const MOST_OVERLAPS = 100
const MOST_OF_PAIR = 10

/** One slip is no overlap. */
export function overlapsOf(mistakes: readonly Doubt[]): Overlap[] {
  const pairs = new Map<string, Overlap>()
  for (const { at, label, guess } of surestFirst(mistakes)) {
    const labels = [label, guess].sort() as [string, string]
    const pair = pairs.get(labels.join(' ')) ?? { labels, count: 0, texts: [] }
    pairs.set(labels.join(' '), pair)
    pair.count++
    if (pair.texts.length < MOST_OF_PAIR) pair.texts.push(at)
  }
  return [...pairs.values()]
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_OVERLAPS)
}
