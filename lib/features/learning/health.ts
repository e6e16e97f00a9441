/** What labels say against each other. Pure. */
import { cleanText } from '@/models/text/clean'
import type { LearnedFrom } from './examples'
import type { Judged } from './judge'

/** People read so many, then mend. */
const most = 50

/** Groups of texts that a model cannot tell apart, with more than one label among them; the largest first. */
export function contradictionsIn(learned: readonly LearnedFrom[]): LearnedFrom[][] {
  const groups = new Map<string, LearnedFrom[]>()
  for (const one of learned) {
    // Blanks and signs between words are no difference in meaning.
    const key = cleanText(one.text)
      .replace(/[\p{P}\s]+/gu, ' ')
      .trim()
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
    .filter((group) => new Set(group.map(({ intent }) => intent)).size > 1)
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
