/** Gets labelled texts ready: repeats are merged, contradictions are settled by majority, small classes are helped. */
import { cleanText } from '../text/clean'

export interface LabelledText {
  text: string
  label: string
  /** The conversation it comes from; a vocabulary entry must stand in several of them. */
  group?: string
  /** Who wrote it, if a person outside did; a word of few of them enters no vocabulary. */
  person?: string | undefined
}

/** A message that nobody labelled; `person` as above. */
export type UnlabelledText = Pick<LabelledText, 'text' | 'person'>

export interface Prepared {
  texts: string[]
  labels: string[]
  /** Index into `classes` for each text. */
  targets: number[]
  groups: number[]
  /** Who wrote each text; null for texts that are nobody's secret. */
  people: (readonly string[] | null)[]
  classes: string[]
  /** How many rows were dropped as repeats, and how many texts carried more than one label. */
  repeats: number
  contradictions: number
}

/** Texts that read the same after cleaning are one example; it gets the label most of its copies carry (ties: the first). */
export function prepare(rows: readonly LabelledText[], classes?: readonly string[]): Prepared {
  const votes = new Map<
    string,
    { text: string; group: string; people: Set<string> | null; labels: Map<string, number> }
  >()
  for (const row of rows) {
    const key = cleanText(row.text)
    let entry = votes.get(key)
    if (!entry) {
      entry = { text: row.text, group: row.group ?? `row:${votes.size}`, people: new Set(), labels: new Map() }
      votes.set(key, entry)
    }
    if (row.person === undefined) entry.people = null
    else entry.people?.add(row.person)
    entry.labels.set(row.label, (entry.labels.get(row.label) ?? 0) + 1)
  }
  const names = classes ? [...classes] : [...new Set(rows.map((row) => row.label))].sort()
  const known = new Map(names.map((name, at) => [name, at]))
  const out: Prepared = {
    texts: [],
    labels: [],
    targets: [],
    groups: [],
    people: [],
    classes: names,
    repeats: 0,
    contradictions: 0,
  }
  const groupIds = new Map<string, number>()
  for (const entry of votes.values()) {
    if (entry.labels.size > 1) out.contradictions++
    let label = ''
    let most = 0
    for (const [name, count] of entry.labels) {
      if (count > most) {
        label = name
        most = count
      }
    }
    out.texts.push(entry.text)
    out.labels.push(label)
    out.targets.push(known.get(label) ?? -1)
    out.people.push(entry.people && [...entry.people])
    out.groups.push(groupIds.get(entry.group) ?? groupIds.set(entry.group, groupIds.size).size - 1)
  }
  out.repeats = rows.length - out.texts.length
  return out
}

/**
 * Which row a prepared text is: one of those that carry the label it got, for repeats are joined and a majority may have won.
 * Undefined for what is no row, such as a sentence of the corpus.
 */
export function rowsOf(rows: readonly LabelledText[], { texts, labels }: Pick<Prepared, 'texts' | 'labels'>) {
  const key = (text = '', label = '') => `${label}\n${cleanText(text)}`
  const known = new Map(rows.map(({ text, label }, row) => [key(text, label), row]))
  return (at: number): number | undefined => known.get(key(texts[at], labels[at]))
}

/** A log, each text once. It holds labelled texts as well: those would teach by a guess what is to be asked, and tuning would believe it. */
export function logOf(log: readonly UnlabelledText[], labelled: readonly string[]): Pick<Prepared, 'texts' | 'people'> {
  const known = new Set(labelled.map(cleanText))
  const writers = new Map<string, Set<string> | null>()
  for (const { text, person } of log) {
    if (known.has(cleanText(text))) continue
    const before = writers.get(text)
    writers.set(text, person === undefined || before === null ? null : (before ?? new Set()).add(person))
  }
  return { texts: [...writers.keys()], people: [...writers.values()].map((people) => people && [...people]) }
}

/**
 * The names of the labels as further examples: an account chose them to say what the label means (with ten examples per
 * label they bring a point). Codes such as "1" or "C-3" say nothing and are left out.
 */
export function withNames(prepared: Prepared): Prepared {
  const named = prepared.classes
    .map((label, target) => ({ text: label.replace(/[_.:/-]+/g, ' ').trim(), label, target }))
    .filter(({ text }) => /\p{Script=Han}{2}|\p{L}{3}/u.test(text))
  const first = Math.max(-1, ...prepared.groups) + 1
  return {
    ...prepared,
    texts: [...prepared.texts, ...named.map(({ text }) => text)],
    labels: [...prepared.labels, ...named.map(({ label }) => label)],
    targets: [...prepared.targets, ...named.map(({ target }) => target)],
    groups: [...prepared.groups, ...named.map((_, at) => first + at)],
    people: [...prepared.people, ...named.map(() => null)],
  }
}

/** More texts after the prepared ones, with labels among the same classes; what is there already is left out. */
export function withBeside(prepared: Prepared, beside: readonly LabelledText[]): Prepared {
  if (!beside.length) return prepared
  const known = new Set(prepared.texts.map(cleanText))
  const more = prepare(
    beside.filter(({ text }) => !known.has(cleanText(text))),
    prepared.classes,
  )
  const first = Math.max(-1, ...prepared.groups) + 1
  return {
    ...prepared,
    texts: [...prepared.texts, ...more.texts],
    labels: [...prepared.labels, ...more.labels],
    targets: [...prepared.targets, ...more.targets],
    groups: [...prepared.groups, ...more.groups.map((group) => first + group)],
    people: [...prepared.people, ...more.people],
  }
}

/** Inverse square-root weights: rare classes are heard without drowning the common ones; the mean over examples is 1. */
export function classBalance(targets: readonly number[], classes: number, power = 0.5): Float32Array {
  const count = new Array<number>(classes).fill(0)
  for (const target of targets) count[target] = (count[target] as number) + 1
  const weights = Float32Array.from(
    targets,
    (target) => (targets.length / classes / (count[target] as number)) ** power,
  )
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length)
  return weights.map((weight) => weight / mean)
}

export function oneHot(targets: readonly number[], classes: number): Float32Array {
  const out = new Float32Array(targets.length * classes)
  for (let at = 0; at < targets.length; at++) out[at * classes + (targets[at] as number)] = 1
  return out
}
