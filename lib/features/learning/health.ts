/** What labels say against each other. Pure. */
import { nearPairs } from '@/models/text/near'
import type { LearnedFrom } from './examples'
import type { RunReport } from './runs'

/** People read so many, then mend. */
const most = 50

/** Texts that are enough to find those groups among: then it stops. */
const pairs = 2_000

/**
 * Groups of texts that read the same, or nearly, with more than one label among them; the largest first.
 * @param isKept a person stood by this label: two that are kept may differ
 * @param rest called now and then, so that others may go on meanwhile
 */
export async function contradictionsIn(
  texts: readonly LearnedFrom[],
  isKept: (one: LearnedFrom) => boolean = () => false,
  rest?: () => Promise<void>,
): Promise<LearnedFrom[][]> {
  const kept = texts.map(isKept)
  const found = await nearPairs(
    texts.map(({ text }) => text),
    (a, b) => texts[a]?.intent !== texts[b]?.intent && !(kept[a] && kept[b]),
    { most: pairs, ...(rest ? { rest } : {}) },
  )
  const groups = new Map<number, Set<number>>()
  for (const pair of found) {
    const joined = new Set(pair.flatMap((at) => [...(groups.get(at) ?? [at])]))
    for (const at of joined) groups.set(at, joined)
  }
  return [...new Set(groups.values())]
    .map((group) => [...group].sort((a, b) => a - b).flatMap((at) => texts[at] ?? []))
    .sort((a, b) => b.length - a.length)
    .slice(0, most)
}

export interface Overlap {
  one: string
  other: string
  /** Learned texts that a model which had not learned them took for the other one, and held-out texts. */
  count: number
  held: number
  /** Some of the learned ones. */
  ids: string[]
}

/** Both directions of a mistake together, the most frequent first; one slip is no overlap. */
export function overlapsIn({ overlaps = [], candidate }: Pick<RunReport, 'overlaps' | 'candidate'>): Overlap[] {
  const found = new Map<string, Overlap>()
  const pairOf = (...labels: [string, string]) => {
    const [one, other] = labels.sort() as [string, string]
    const pair = found.get(`${one} ${other}`) ?? { one, other, count: 0, held: 0, ids: [] }
    found.set(`${one} ${other}`, pair)
    return pair
  }
  for (const { one, other, count, ids } of overlaps) Object.assign(pairOf(one, other), { count, ids })
  for (const { truth, guess, count } of candidate.confusions) if (guess) pairOf(truth, guess).held += count
  return [...found.values()]
    .filter(({ count, held }) => count + held > 1)
    .sort((a, b) => b.count + b.held - (a.count + a.held))
    .slice(0, most)
}
