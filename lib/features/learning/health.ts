/** What labels say against each other. Pure. */
import { nearPairs } from '@/models/text/near'
import type { LearnedFrom } from './examples'
import type { Judged } from './judge'

/** People read so many, then mend. */
const most = 50

/** So many of the newest are looked through: a moment's work. */
const looked = 5_000

/**
 * Groups of texts that read the same, or nearly, with more than one label among them; the largest first.
 * @param isKept a person stood by this label: two that are kept may differ
 */
export function contradictionsIn(
  learned: readonly LearnedFrom[],
  isKept: (one: LearnedFrom) => boolean = () => false,
): LearnedFrom[][] {
  const texts = learned.slice(0, looked)
  const kept = texts.map(isKept)
  const pairs = nearPairs(
    texts.map(({ text }) => text),
    (a, b) => texts[a]?.intent !== texts[b]?.intent && !(kept[a] && kept[b]),
  )
  const groups = new Map<number, Set<number>>()
  for (const pair of pairs) {
    const joined = new Set(pair.flatMap((at) => [...(groups.get(at) ?? [at])]))
    for (const at of joined) groups.set(at, joined)
  }
  return [...new Set(groups.values())]
    .map((group) => [...group].sort((a, b) => a - b).flatMap((at) => texts[at] ?? []))
    .sort((a, b) => b.length - a.length)
    .slice(0, most)
}

/** Both directions of a mistake together, the most frequent first; one slip is no overlap. */
export function overlapsIn(confusions: Judged['confusions']): { one: string; other: string; count: number }[] {
  const pairs = new Map<string, { one: string; other: string; count: number }>()
  for (const { truth, guess, count } of confusions) {
    if (!guess) continue
    const [one = '', other = ''] = [truth, guess].sort()
    const pair = pairs.get(`${one} ${other}`) ?? { one, other, count: 0 }
    pair.count += count
    pairs.set(`${one} ${other}`, pair)
  }
  return [...pairs.values()]
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count)
    .slice(0, most)
}
