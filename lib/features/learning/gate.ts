/** Whether a version may take another's place, by the same held-out texts, and how sure that comparison is. Pure. */
import { bootstrap } from '@/models/evaluate/metrics'
import { binomialTest, signTest } from './exact-tests'
import type { Answer, Judged } from './judge'

export type GateFault =
  | { because: 'case'; id: string; intent: string; guess: string }
  | { because: 'macro_f1'; before: number; after: number }
  | { because: 'recall'; intent: string; before: number; after: number }
  /** One of those with few held-out texts: so many of the `of` texts that were answered rightly before are not any more. */
  | { because: 'small_intent'; intent: string; lost: number; of: number }
  /** Of all intents together that have too few held-out texts to be looked at one by one. */
  | { because: 'small_recall'; intents: number; before: number; after: number }

export interface Gate {
  passes: boolean
  /** Too few held-out texts to tell anything: nothing speaks against it, nothing for it. */
  unjudged: boolean
  /** Intents with so few held-out texts that a single one more or less says nothing; absent in reports of before. */
  small?: number
  /** Intents of the texts that the champion does not know; absent in reports of before. */
  grown?: number
  faults: GateFault[]
}

/** What a champion cannot say: intents that were added since it was trained. */
export interface Grown {
  unknown: ReadonlySet<string>
  /** Of each intent, the texts that the champion has right and the candidate takes for one of those. */
  taken: ReadonlyMap<string, number>
}

/** Fewer held-out texts judge nobody. */
export const fewestToJudge = 20
/** Of an intent with fewer held-out texts one text would be a fall of many points: such are looked at together, and alone by texts. */
const fewestOfIntent = 10
/** Fewer texts lost are a slip, however many there are. */
const lostOfSmall = 3
/** How often one of all small intents may look so bad though both models are equally good. */
const level = 0.05
/** Points that macro-F1, and any intent's recall, may fall. */
const mayFall = { macroF1: 0.01, recall: 0.05 }
/** 1 - 0.95 is more than 0.05 to a computer, and five points are allowed. */
const falls = (before: number, after: number, most: number): boolean => before - after > most + 1e-9

/** Both judged on the same texts. @param unlike of each intent, the texts on which just one of them is right */
export function gateOf(
  candidate: Judged,
  champion: Judged,
  unlike: ReadonlyMap<string, number>,
  grown: Grown = { unknown: new Set(), taken: new Map() },
): Gate {
  if (candidate.texts < fewestToJudge) return { passes: true, unjudged: true, grown: grown.unknown.size, faults: [] }
  const faults: GateFault[] = []
  const forgiven = forgivenOf(candidate, champion, grown)
  // It has nothing to lose of what it does not know, and what is gained there is no luck that others could have.
  const old = champion.intents.filter(({ label }) => !grown.unknown.has(label))
  const small = old.filter(({ support }) => support < fewestOfIntent)
  const rightNow = new Map(candidate.intents.map((one) => [one.label, rightOf(one) + (forgiven.get(one.label) ?? 0)]))
  const lostOf = (one: Intents[number]) => rightOf(one) - (rightNow.get(one.label) ?? 0)
  const differ = new Map([...unlike].map(([label, texts]) => [label, texts - (forgiven.get(label) ?? 0)]))
  const slipsIn = (some: Intents) => slips(some, lostOf, differ)
  if (falls(champion.macroF1, candidate.macroF1, mayFall.macroF1))
    faults.push({ because: 'macro_f1', before: champion.macroF1, after: candidate.macroF1 })
  for (const before of old) {
    const after = candidate.intents.find(({ label }) => label === before.label)
    if (before.support < fewestOfIntent) {
      const [of, lost] = [rightOf(before), lostOf(before)]
      // Models differ most about intents that they have learned from few texts: on all texts, or on those of the other small ones.
      const rate = () => Math.max(slipsIn(old), slipsIn(small.filter((one) => one !== before)))
      // Of forty such intents one loses three texts as often as not, if two good models differ on one text in ten.
      const chance = () => small.length * binomialTest(lost, before.support, rate())
      if (lost >= lostOfSmall && chance() < level)
        faults.push({ because: 'small_intent', intent: before.label, lost, of })
    } else if (
      after &&
      falls(before.recall, after.recall + (forgiven.get(before.label) ?? 0) / before.support, mayFall.recall)
    )
      faults.push({ because: 'recall', intent: before.label, before: before.recall, after: after.recall })
  }
  const labels = small.map(({ label }) => label)
  const [before, after] = [recallOf(champion, labels), recallOf(candidate, labels)]
  const forgivenSmall = labels.reduce((sum, label) => sum + (forgiven.get(label) ?? 0), 0)
  if (
    before &&
    after &&
    before.texts >= fewestOfIntent &&
    falls(before.recall, after.recall + forgivenSmall / before.texts, mayFall.recall)
  )
    faults.push({ because: 'small_recall', intents: small.length, before: before.recall, after: after.recall })
  return { passes: faults.length === 0, unjudged: false, small: small.length, grown: grown.unknown.size, faults }
}

/**
 * A champion that cannot say some of the intents has fewer to choose from: it is right about texts of the others for want of a choice, and
 * pays with what it takes for them wrongly. What the candidate takes for one of those is lost only where F1, which counts both, falls too.
 */
function forgivenOf(candidate: Judged, champion: Judged, { taken }: Grown): ReadonlyMap<string, number> {
  const before = new Map(champion.intents.map(({ label, f1 }) => [label, f1]))
  return new Map(
    candidate.intents.flatMap(({ label, f1 }) => {
      const texts = taken.get(label) ?? 0
      return texts && !falls(before.get(label) ?? 0, f1, 0) ? [[label, texts] as const] : []
    }),
  )
}

type Intents = Judged['intents']

/**
 * How often an equally good model would lose one of these texts: as often as it gains one, so half of how often the two differ, without what
 * is lost on the whole. Small intents that are lost together would otherwise pass for each other's luck.
 */
function slips(some: Intents, lostOf: (one: Intents[number]) => number, unlike: ReadonlyMap<string, number>): number {
  const sum = (what: (one: Intents[number]) => number) => some.reduce((all, one) => all + what(one), 0)
  const texts = sum(({ support }) => support)
  const differ = sum(({ label }) => unlike.get(label) ?? 0)
  return (differ - Math.max(0, sum(lostOf))) / 2 / Math.max(1, texts)
}

/** Texts: shares are rounded nowhere, but are shares. */
const rightOf = ({ support, recall }: Intents[number]): number => Math.round(support * recall)

/** Of all texts of these intents. */
function recallOf({ intents }: Judged, labels: readonly string[]) {
  const some = intents.filter(({ label }) => labels.includes(label))
  const texts = some.reduce((sum, { support }) => sum + support, 0)
  const right = some.reduce((sum, { support, recall }) => sum + support * recall, 0)
  return texts ? { texts, recall: right / texts } : null
}

/** A case that a model gets wrong keeps it from answering, however good it is otherwise. */
export function withCases(gate: Gate, cases: readonly { id: string; intent: string; guess: string }[]): Gate {
  const faults = cases
    .filter(({ intent, guess }) => intent !== guess)
    .map((one) => ({ because: 'case' as const, ...one }))
  return { ...gate, passes: gate.passes && faults.length === 0, faults: [...gate.faults, ...faults] }
}

/** Texts on which two models differ in being right. */
export function changed(truth: readonly string[], champion: readonly Answer[], candidate: readonly Answer[]) {
  let better = 0
  let worse = 0
  for (const [at, label] of truth.entries()) {
    const [was, is] = [champion[at]?.intent === label, candidate[at]?.intent === label]
    if (is && !was) better++
    if (was && !is) worse++
  }
  return { better, worse }
}

/** Of each intent, the texts on which just one of them is right. */
export function unlikeOf(
  truth: readonly string[],
  champion: readonly Answer[],
  candidate: readonly Answer[],
): Map<string, number> {
  const unlike = new Map<string, number>()
  for (const [at, label] of truth.entries())
    if ((champion[at]?.intent === label) !== (candidate[at]?.intent === label))
      unlike.set(label, (unlike.get(label) ?? 0) + 1)
  return unlike
}

/** @param known what the champion can say */
export function grownOf(
  truth: readonly string[],
  champion: readonly Answer[],
  candidate: readonly Answer[],
  known: ReadonlySet<string>,
): Grown {
  const unknown = new Set(truth.filter((label) => !known.has(label)))
  const taken = new Map<string, number>()
  for (const [at, label] of truth.entries())
    if (champion[at]?.intent === label && unknown.has(candidate[at]?.intent ?? ''))
      taken.set(label, (taken.get(label) ?? 0) + 1)
  return { unknown, taken }
}

/** How sure the difference of two models on the same texts is: the gate goes by what was measured, and people by this as well. */
export interface Difference {
  /** Macro-F1 of the candidate less that of the champion: 95 % of 500 bootstrap samples of the texts. */
  macroF1: [number, number]
  /** How often equally good models differ as lopsidedly, on texts where just one of them is right (McNemar's test, exact, two-sided). Never rounded: nothing is impossible. */
  chance: number
}

export function differenceOf(
  truth: readonly string[],
  champion: readonly Answer[],
  candidate: readonly Answer[],
): Difference | null {
  if (!truth.length) return null
  const numbers = new Map([...new Set(truth)].map((label, at) => [label, at]))
  const truths = truth.map((label) => numbers.get(label) as number)
  const placed = (answers: readonly Answer[]) => answers.map(({ intent }) => numbers.get(intent) ?? -1)
  const [theirs, mine] = [placed(champion), placed(candidate)]
  const macro = (guesses: readonly number[], chosen: Int32Array) => macroOf(truths, guesses, chosen, numbers.size)
  const [from, to] = bootstrap(truth.length, (chosen) => macro(mine, chosen) - macro(theirs, chosen), { rounds: 500 })
  const { better, worse } = changed(truth, champion, candidate)
  const chance = Math.min(1, 2 * signTest(Math.max(better, worse), better + worse))
  return { macroF1: [short(from), short(to)], chance }
}

const short = (value: number): number => Math.round(value * 1e4) / 1e4

/** Mean F1 of the intents that the chosen texts are about. */
function macroOf(truths: readonly number[], guesses: readonly number[], chosen: Int32Array, intents: number): number {
  const [right, said, were] = [new Int32Array(intents), new Int32Array(intents), new Int32Array(intents)]
  const count = (what: Int32Array, at: number) => {
    what[at] = (what[at] as number) + 1
  }
  for (const at of chosen) {
    const [truth, guess] = [truths[at] as number, guesses[at] as number]
    count(were, truth)
    if (guess >= 0) count(said, guess)
    if (guess === truth) count(right, truth)
  }
  let [sum, asked] = [0, 0]
  for (let at = 0; at < intents; at++) {
    if (!were[at]) continue
    asked++
    sum += (2 * (right[at] as number)) / ((were[at] as number) + (said[at] as number))
  }
  return asked ? sum / asked : 0
}
