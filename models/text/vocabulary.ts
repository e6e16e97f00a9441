/** Which n-grams a model knows and how telling each is (idf); it holds hashes only, never a contact's words. */
import { FeatureBuffer, type FeatureSpec, readFeatures } from './features'
import { HashTable } from './hash-table'

export interface VocabularyLimits {
  /** An n-gram must stand in at least this many groups (conversations) to be kept. */
  minimumGroups: number
  /** The most frequent ones are kept. */
  maximumSize: number
  /** Shared places for n-grams that were not kept; 0 drops them. */
  buckets: number
}

/** Of an n-gram that only people outside wrote, at least so many must have (k-anonymity, Sweeney 2002). */
export const FEWEST_PEOPLE = 5

const MAGIC = 0x4c58564f // "LXVO"

export class Vocabulary {
  /** Row 0 is padding; rows 1 … hashes.length are known n-grams; then come the shared buckets. */
  readonly rows: number
  private readonly table: HashTable

  constructor(
    readonly hashes: Uint32Array,
    /** idf of each known n-gram, then one value for all buckets. */
    readonly idf: Float32Array,
    readonly buckets: number,
  ) {
    this.rows = 1 + hashes.length + buckets
    this.table = new HashTable(hashes.length)
    for (let index = 0; index < hashes.length; index++) this.table.getOrAdd(hashes[index] as number, index + 1)
  }

  /** The own row of a known n-gram, or 0. */
  known(hash: number): number {
    return Math.max(0, this.table.get(hash))
  }

  /** The row of an n-gram, or 0 when the model has no place for it. */
  row(hash: number): number {
    const known = this.known(hash)
    if (known > 0) return known
    return this.buckets > 0 ? 1 + this.hashes.length + (hash % this.buckets) : 0
  }

  weight(row: number): number {
    const last = this.idf.length - 1
    return this.idf[row > last ? last : row - 1] as number
  }

  /** What idf was made of: how often each known n-gram was counted, and of how many texts. */
  seen(): { counts: Float32Array; texts: number } {
    const texts = 2 * Math.exp((this.idf[this.hashes.length] as number) - 1) - 1
    const counts = Float32Array.from(this.hashes, (_, at) => (1 + texts) / Math.exp((this.idf[at] as number) - 1) - 1)
    return { counts, texts }
  }

  toBytes(): Uint8Array {
    const count = this.hashes.length
    const bytes = new Uint8Array(12 + count * 8 + 4)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, MAGIC, true)
    view.setUint32(4, count, true)
    view.setUint32(8, this.buckets, true)
    for (let at = 0; at < count; at++) view.setUint32(12 + at * 4, this.hashes[at] as number, true)
    for (let at = 0; at <= count; at++) view.setFloat32(12 + count * 4 + at * 4, this.idf[at] as number, true)
    return bytes
  }

  static fromBytes(bytes: Uint8Array): Vocabulary {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.byteLength < 16 || view.getUint32(0, true) !== MAGIC) throw new Error('not a vocabulary')
    const count = view.getUint32(4, true)
    if (bytes.byteLength !== 12 + count * 8 + 4) throw new Error('a vocabulary of the wrong length')
    const hashes = new Uint32Array(count)
    const idf = new Float32Array(count + 1)
    for (let at = 0; at < count; at++) hashes[at] = view.getUint32(12 + at * 4, true)
    for (let at = 0; at <= count; at++) idf[at] = view.getFloat32(12 + count * 4 + at * 4, true)
    return new Vocabulary(hashes, idf, view.getUint32(8, true))
  }
}

/**
 * Counts in how many groups each n-gram of the cleaned texts stands and keeps the frequent ones. What room is left goes
 * to the n-grams of `base`, whose counts also say how common a word is where there are few texts of one's own.
 * @param people who wrote each text, null for nobody outside: an n-gram of fewer than five people, and of nobody else, is left out
 */
export function fitVocabulary(
  texts: readonly string[],
  spec: FeatureSpec,
  limits: VocabularyLimits,
  groups: readonly number[] = texts.map((_, at) => at),
  base?: Vocabulary,
  people?: readonly (readonly string[] | null)[],
): Vocabulary {
  const table = new HashTable(65536)
  const buffer = new FeatureBuffer()
  let seen = new Uint32Array(65536)
  let count = new Int32Array(65536)
  let lastGroup = new Int32Array(65536).fill(-1)
  const writers = new Writers()
  for (let text = 0; text < texts.length; text++) {
    const group = groups[text] as number
    readFeatures(texts[text] as string, spec, buffer)
    const wrote = people?.[text] ?? null
    for (let at = 0; at < buffer.length; at++) {
      const hash = buffer.hash[at] as number
      const index = table.getOrAdd(hash, table.size)
      if (index >= count.length) {
        seen = extend(seen, new Uint32Array(count.length * 2))
        lastGroup = extend(lastGroup, new Int32Array(count.length * 2).fill(-1))
        count = extend(count, new Int32Array(count.length * 2))
      }
      seen[index] = hash
      writers.add(index, wrote)
      if (lastGroup[index] === group) continue
      lastGroup[index] = group
      count[index] = (count[index] as number) + 1
    }
  }
  const kept = mostFrequent(seen, count, table.size, limits, writers)
  const hashes = kept.map((index) => seen[index] as number)
  const own = (hash: number) => {
    const index = table.get(hash)
    return index < 0 ? 0 : (count[index] as number)
  }
  return weigh(hashes, own, texts.length, limits, base)
}

/** Who wrote an n-gram: up to five people each, or somebody whose words are no secret. */
class Writers {
  /** Undefined: nobody yet; null: no secret. */
  private readonly of: (Set<string> | null | undefined)[] = []

  add(index: number, people: readonly string[] | null): void {
    if (people === null) this.of[index] = null
    if (people === null || this.of[index] === null) return
    const known = this.of[index] ?? new Set()
    for (const person of people) if (known.size < FEWEST_PEOPLE) known.add(person)
    this.of[index] = known
  }

  enough(index: number): boolean {
    const known = this.of[index]
    return !known || known.size >= FEWEST_PEOPLE
  }
}

function extend<T extends Uint32Array | Int32Array>(from: T, into: T): T {
  into.set(from)
  return into
}

/** Frequent first, ties by hash: the same texts give the same vocabulary on every machine. */
function mostFrequent(
  seen: Uint32Array,
  count: Int32Array,
  distinct: number,
  limits: VocabularyLimits,
  writers: Writers,
): number[] {
  const kept: number[] = []
  for (let index = 0; index < distinct; index++) {
    if ((count[index] as number) >= limits.minimumGroups && writers.enough(index)) kept.push(index)
  }
  kept.sort((a, b) => (count[b] as number) - (count[a] as number) || (seen[a] as number) - (seen[b] as number))
  return kept.slice(0, limits.maximumSize)
}

function weigh(
  kept: number[],
  own: (hash: number) => number,
  texts: number,
  limits: VocabularyLimits,
  base?: Vocabulary,
): Vocabulary {
  const known = base?.seen()
  const before = new Map(base && known ? Array.from(base.hashes, (hash, at) => [hash, known.counts[at] as number]) : [])
  const mine = new Set(kept)
  const others = [...before.keys()].filter((hash) => !mine.has(hash)).slice(0, limits.maximumSize - kept.length)
  const hashes = Uint32Array.from([...kept, ...others])
  const all = texts + (known?.texts ?? 0)
  const rarity = (count: number) => Math.log((1 + all) / (1 + count)) + 1
  const idf = new Float32Array(hashes.length + 1)
  for (const [at, hash] of hashes.entries()) idf[at] = rarity(own(hash) + (before.get(hash) ?? 0))
  idf[hashes.length] = rarity(1)
  return new Vocabulary(hashes, idf, limits.buckets)
}
