/** Texts that differ in a few signs only: a typing slip, a word more at the end. Pure. */
import { cleanText } from './clean'
import { differBySlip, isShort, ShortTexts } from './slip'

/**
 * Share of all trigrams of two texts that both have. At 0.8 a slip of one letter in 40 is near; another word in the middle,
 * which may well be another question, is not. Of shorter texts, where a slip spoils half the trigrams, slips are counted (slip.ts).
 */
const near = 0.8

/** So many pairs are compared for each text at most, on the whole: texts made from one pattern are all near each other. */
const budgetOf = (texts: number): number => Math.max(1_000_000, 100 * texts)
/** Texts between two rests. */
const part = 500

/** What is compared: Chinese says the same with a comma or a blank between two signs and without. */
export const bare = (text: string): string =>
  cleanText(text)
    .replace(/(?<=\p{Script=Han})[\p{P}\s]+(?=\p{Script=Han})/gu, '')
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim()

/** Of each bare text the trigrams between signs and blanks, each once, as numbers: the rarer in all texts, the smaller. Ascending. */
async function trigramsOf(texts: readonly string[], rest: () => Promise<void>): Promise<Uint32Array[]> {
  const numbers = new Map<string, number>()
  const counts: number[] = []
  const sets: Uint32Array[] = []
  for (const [at, text] of texts.entries()) {
    if (at % part === part - 1) await rest()
    const signs = [...` ${text} `]
    const own = new Set<number>()
    for (let sign = 0; sign + 2 < signs.length; sign++) {
      const trigram = `${signs[sign]}${signs[sign + 1]}${signs[sign + 2]}`
      const number = numbers.get(trigram) ?? numbers.size
      if (number === numbers.size) numbers.set(trigram, number)
      own.add(number)
    }
    for (const number of own) counts[number] = (counts[number] ?? 0) + 1
    sets.push(Uint32Array.from(own))
  }
  const rank = new Uint32Array(counts.length)
  const rareFirst = [...counts.keys()].sort((a, b) => (counts[a] as number) - (counts[b] as number) || a - b)
  for (const [place, number] of rareFirst.entries()) rank[number] = place
  return sets.map((set) => set.map((number) => rank[number] as number).sort())
}

/**
 * Pairs that are near, by places, the first place smaller. A set-similarity join with prefix filtering (Bayardo 2007): rare
 * trigrams first; near texts share one of the first few, so that only those that do are compared. A hundred thousand questions take seconds.
 * @param matters of which pairs it is asked
 * @param most pairs found; then it stops
 * @param rest called now and then, so that others may go on meanwhile
 */
export async function nearPairs(
  texts: readonly string[],
  matters: (a: number, b: number) => boolean,
  { most = 200, rest = async () => {} }: { most?: number; rest?: () => Promise<void> } = {},
): Promise<[number, number][]> {
  const bares = texts.map(bare)
  const sets = await trigramsOf(bares, rest)
  const short = new ShortTexts()
  const places = new Map<number, number[]>()
  const pairs: [number, number][] = []
  const budget = budgetOf(texts.length)
  let [compared, slips] = [0, 0]
  for (const [at, mine] of sets.entries()) {
    if (at % part === part - 1) await rest()
    const asked = new Set<number>()
    for (const trigram of mine.subarray(0, mine.length - Math.ceil(near * mine.length) + 1)) {
      const others = places.get(trigram) ?? []
      for (const other of others) if (matters(other, at)) asked.add(other)
      others.push(at)
      places.set(trigram, others)
    }
    compared += asked.size
    const text = bares[at] as string
    // Texts that all begin alike are many to look at: what trigrams tell is told all the same.
    if (slips <= budget) {
      for (const other of short.near(text)) {
        slips++
        if (matters(other, at)) asked.add(other)
      }
      short.add(text, at)
    }
    for (const other of asked)
      if (likeness(mine, sets[other] as Uint32Array) >= near || slipped(text, bares[other])) pairs.push([other, at])
    if (pairs.length >= most || compared > budget) break
  }
  return pairs.slice(0, most)
}

const slipped = (a: string, b = ''): boolean => isShort(a) && isShort(b) && differBySlip(a, b)

function likeness(a: Uint32Array, b: Uint32Array): number {
  if (Math.min(a.length, b.length) < near * Math.max(a.length, b.length)) return 0
  let both = 0
  for (let at = 0, other = 0; at < a.length && other < b.length; ) {
    const [one, two] = [a[at] as number, b[other] as number]
    if (one === two) both++
    if (one <= two) at++
    if (two <= one) other++
  }
  return both / (a.length + b.length - both)
}
