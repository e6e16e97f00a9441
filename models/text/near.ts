/** Texts that differ in a few signs only: a typing slip, a word more at the end. Pure. */
import { cleanText } from './clean'

/**
 * Share of all trigrams of two texts that both have. At 0.8 a slip of one letter in 40 is near; another word in the middle,
 * which may well be another question, is not.
 */
const near = 0.8

/** Trigrams of what stands between signs and blanks, each once. */
function trigramsOf(text: string): Set<string> {
  const signs = [
    ...` ${cleanText(text)
      .replace(/[\p{P}\s]+/gu, ' ')
      .trim()} `,
  ]
  return new Set(signs.slice(2).map((_, at) => signs.slice(at, at + 3).join('')))
}

/** So many pairs are compared at most: texts made from one pattern are all near each other. */
const budget = 1_000_000

/**
 * Pairs that are near, by places, the first place smaller. A set-similarity join with prefix filtering (Bayardo 2007): rare
 * trigrams first; near texts share one of the first few, so that only those that do are compared.
 * @param matters of which pairs it is asked
 * @param most pairs found; then it stops
 */
export function nearPairs(
  texts: readonly string[],
  matters: (a: number, b: number) => boolean,
  most = 200,
): [number, number][] {
  const sets = texts.map(trigramsOf)
  const counts = new Map<string, number>()
  for (const set of sets) for (const one of set) counts.set(one, (counts.get(one) ?? 0) + 1)
  const places = new Map<string, number[]>()
  const pairs: [number, number][] = []
  let compared = 0
  for (const [at, mine] of sets.entries()) {
    const rareFirst = [...mine].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || (a < b ? -1 : 1))
    const asked = new Set<number>()
    for (const trigram of rareFirst.slice(0, mine.size - Math.ceil(near * mine.size) + 1)) {
      const others = places.get(trigram) ?? []
      for (const other of others) if (matters(other, at)) asked.add(other)
      others.push(at)
      places.set(trigram, others)
    }
    for (const other of asked) if (likeness(mine, sets[other] as Set<string>) >= near) pairs.push([other, at])
    compared += asked.size
    if (pairs.length >= most || compared > budget) break
  }
  return pairs.slice(0, most)
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (Math.min(a.size, b.size) < near * Math.max(a.size, b.size)) return 0
  let both = 0
  for (const one of a) if (b.has(one)) both++
  return both / (a.size + b.size - both)
}
