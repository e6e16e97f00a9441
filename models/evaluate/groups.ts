/** How good the groups are that are found among unlabelled texts, told by texts whose labels are known but not shown. */
import { clusterTexts } from '../text/cluster'
import { Random } from '../train/random'

interface Labelled {
  text: string
  label: string
}

/** Means over all draws, 0 … 1. */
export interface GroupQuality {
  /** Of the texts in groups, how many are of their group's most frequent label. */
  purity: number
  /** Of the wanted labels, how many are the most frequent one of a group. */
  found: number
  /** Of the wanted labels' texts, how many stand in a group at all. */
  covered: number
}

const draws = 20
const wanted = 10
const texts = 12
const strangers = 60
const least = 5

/**
 * Each draw: twelve texts of each of ten labels, among one text of each of up to sixty others, in any order. Twelve more of
 * each of the others are known, as an account's labelled texts are.
 */
export function judgeGroups(rows: readonly Labelled[], seed: number): GroupQuality {
  const random = new Random(seed)
  const byLabel = new Map<string, string[]>()
  for (const { text, label } of rows) byLabel.set(label, [...(byLabel.get(label) ?? []), text])
  const sums = { purity: 0, found: 0, covered: 0 }
  for (let draw = 0; draw < draws; draw++) {
    const labels = random.shuffle([...byLabel.keys()])
    const some = (label: string, count: number) =>
      random
        .shuffle([...(byLabel.get(label) ?? [])])
        .slice(0, count)
        .map((text) => ({ text, label }))
    const strange = labels.slice(wanted, wanted + strangers).map((label) => some(label, 1 + texts))
    const shown = random.shuffle([
      ...labels.slice(0, wanted).flatMap((label) => some(label, texts)),
      ...strange.flatMap((rows) => rows.slice(0, 1)),
    ])
    const known = strange.flatMap((rows) => rows.slice(1).map(({ text }) => text))
    const one = judgeDraw(shown, new Set(labels.slice(0, wanted)), known)
    for (const name of ['purity', 'found', 'covered'] as const) sums[name] += one[name] / draws
  }
  return sums
}

function judgeDraw(shown: readonly Labelled[], asked: ReadonlySet<string>, known: readonly string[]): GroupQuality {
  const groups = clusterTexts(
    shown.map(({ text }) => text),
    least,
    known,
  )
  const found = new Set<string>()
  let [right, grouped, covered] = [0, 0, 0]
  for (const group of groups) {
    const counts = new Map<string, number>()
    for (const at of group.texts) {
      const { label } = shown[at] as Labelled
      counts.set(label, (counts.get(label) ?? 0) + 1)
      if (asked.has(label)) covered++
    }
    const [label, count] = [...counts].sort((a, b) => b[1] - a[1])[0] as [string, number]
    right += count
    grouped += group.texts.length
    if (asked.has(label)) found.add(label)
  }
  const all = shown.filter(({ label }) => asked.has(label)).length
  return { purity: grouped ? right / grouped : 0, found: found.size / asked.size, covered: covered / all }
}
