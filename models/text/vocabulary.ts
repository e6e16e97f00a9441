/** Which n-grams a model knows and how telling each is (idf), and which signs in order; it holds hashes only, never a contact's words. */
import { FeatureBuffer, type FeatureSpec, readFeatures } from './features'
import { HashTable } from './hash-table'

export interface VocabularyLimits {
  /** An n-gram must stand in at least this many groups (conversations) to be kept. */
  minimumGroups: number
  /** The most frequent ones are kept. */
  maximumSize: number
  /** Shared places for n-grams that were not kept; 0 drops them. */
  buckets: number
  /**
   * Signs in order are known, too, under the same rules: at most so many. Where n-grams and signs share what room there is for n-grams
   * alone, a sign takes that of so many n-grams.
   */
  signs?: { maximumSize: number; ngrams: number; room: number }
}

/** Of an n-gram or a sign that only people outside wrote, at least so many must have (k-anonymity, Sweeney 2002). */
export const FEWEST_PEOPLE = 5

/** The first two rows of a table of signs: padding, and whatever sign is not known. */
const UNKNOWN = 1

const MAGIC = 0x4c58564f // "LXVO"

export class Vocabulary {
  /** Row 0 is padding; rows 1 … hashes.length are known n-grams; then come the shared buckets. */
  readonly rows: number
  /** As many rows has a table of signs; none where signs are not read. */
  readonly signRows: number
  private readonly table: HashTable
  private readonly signTable: HashTable

  constructor(
    readonly hashes: Uint32Array,
    /** idf of each known n-gram, then one value for all buckets. */
    readonly idf: Float32Array,
    readonly buckets: number,
    /** Known signs; undefined where no path reads signs. */
    readonly signs?: Uint32Array,
  ) {
    this.rows = 1 + hashes.length + buckets
    this.table = new HashTable(hashes.length)
    for (let index = 0; index < hashes.length; index++) this.table.getOrAdd(hashes[index] as number, index + 1)
    this.signRows = signs ? UNKNOWN + 1 + signs.length : 0
    this.signTable = new HashTable(signs?.length ?? 0)
    for (const [index, hash] of signs?.entries() ?? []) this.signTable.getOrAdd(hash, UNKNOWN + 1 + index)
  }

  /** The own row of a known n-gram, or 0. */
  known(hash: number): number {
    return Math.max(0, this.table.get(hash))
  }

  /** The row of a sign in the table of signs. */
  signRow(hash: number): number {
    return Math.max(UNKNOWN, this.signTable.get(hash))
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
    const end = 12 + count * 8 + 4
    const bytes = new Uint8Array(end + (this.signs ? 4 + this.signs.length * 4 : 0))
    const view = new DataView(bytes.buffer)
    view.setUint32(0, MAGIC, true)
    view.setUint32(4, count, true)
    view.setUint32(8, this.buckets, true)
    for (let at = 0; at < count; at++) view.setUint32(12 + at * 4, this.hashes[at] as number, true)
    for (let at = 0; at <= count; at++) view.setFloat32(12 + count * 4 + at * 4, this.idf[at] as number, true)
    if (!this.signs) return bytes
    view.setUint32(end, this.signs.length, true)
    for (const [at, hash] of this.signs.entries()) view.setUint32(end + 4 + at * 4, hash, true)
    return bytes
  }

  static fromBytes(bytes: Uint8Array): Vocabulary {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.byteLength < 16 || view.getUint32(0, true) !== MAGIC) throw new Error('not a vocabulary')
    const count = view.getUint32(4, true)
    const end = 12 + count * 8 + 4
    // What comes after the n-grams are signs, where signs are read.
    const signs = bytes.byteLength >= end + 4 ? new Uint32Array((bytes.byteLength - end - 4) >> 2) : undefined
    const whole = signs ? end + 4 + signs.length * 4 : end
    if (bytes.byteLength !== whole || (signs && view.getUint32(end, true) !== signs.length)) {
      throw new Error('a vocabulary of the wrong length')
    }
    for (let at = 0; signs && at < signs.length; at++) signs[at] = view.getUint32(end + 4 + at * 4, true)
    const hashes = new Uint32Array(count)
    const idf = new Float32Array(count + 1)
    for (let at = 0; at < count; at++) hashes[at] = view.getUint32(12 + at * 4, true)
    for (let at = 0; at <= count; at++) idf[at] = view.getFloat32(12 + count * 4 + at * 4, true)
    return new Vocabulary(hashes, idf, view.getUint32(8, true), signs)
  }
}

/**
 * Counts in how many groups each n-gram (and sign) of the cleaned texts stands and keeps the frequent ones. What room is left goes
 * to the n-grams of `base`, whose counts also say how common a word is where there are few texts of one's own.
 * @param people who wrote each text, null for nobody outside: what is of fewer than five people, and of nobody else, is left out
 */
export function fitVocabulary(
  texts: readonly string[],
  spec: FeatureSpec,
  limits: VocabularyLimits,
  groups: readonly number[] = texts.map((_, at) => at),
  base?: Vocabulary,
  people?: readonly (readonly string[] | null)[],
): Vocabulary {
  const buffer = new FeatureBuffer()
  const [ngrams, signs] = [new Counts(), limits.signs && new Counts()]
  for (let text = 0; text < texts.length; text++) {
    const group = groups[text] as number
    readFeatures(texts[text] as string, spec, buffer)
    const wrote = people?.[text] ?? null
    for (let at = 0; at < buffer.length; at++) ngrams.add(buffer.hash[at] as number, group, wrote)
    for (let at = 0; signs && at < buffer.signs; at++) signs.add(buffer.sign[at] as number, group, wrote)
  }
  const { room, ngrams: each, maximumSize } = limits.signs ?? { room: limits.maximumSize, ngrams: 0, maximumSize: 0 }
  const known = signs && Uint32Array.from(signs.mostFrequent(limits.minimumGroups, maximumSize))
  const within = {
    ...limits,
    maximumSize: Math.min(limits.maximumSize, Math.floor(room - each * (known?.length ?? 0))),
  }
  const hashes = ngrams.mostFrequent(within.minimumGroups, within.maximumSize)
  return weigh(hashes, (hash) => ngrams.of(hash), texts.length, within, base, known)
}

/** In how many groups each hash stands, and who wrote it. */
class Counts {
  private readonly table = new HashTable(65536)
  private seen = new Uint32Array(65536)
  private count = new Int32Array(65536)
  private lastGroup = new Int32Array(65536).fill(-1)
  private readonly writers = new Writers()

  add(hash: number, group: number, people: readonly string[] | null): void {
    const index = this.table.getOrAdd(hash, this.table.size)
    if (index >= this.count.length) {
      this.seen = extend(this.seen, new Uint32Array(index * 2))
      this.lastGroup = extend(this.lastGroup, new Int32Array(index * 2).fill(-1))
      this.count = extend(this.count, new Int32Array(index * 2))
    }
    this.seen[index] = hash
    this.writers.add(index, people)
    if (this.lastGroup[index] === group) return
    this.lastGroup[index] = group
    this.count[index] = (this.count[index] as number) + 1
  }

  of(hash: number): number {
    const index = this.table.get(hash)
    return index < 0 ? 0 : (this.count[index] as number)
  }

  /** Frequent first, ties by hash: the same texts give the same vocabulary on every machine. */
  mostFrequent(minimumGroups: number, most: number): number[] {
    const { seen, count, writers } = this
    const kept: number[] = []
    for (let index = 0; index < this.table.size; index++) {
      if ((count[index] as number) >= minimumGroups && writers.enough(index)) kept.push(index)
    }
    kept.sort((a, b) => (count[b] as number) - (count[a] as number) || (seen[a] as number) - (seen[b] as number))
    return kept.slice(0, most).map((index) => seen[index] as number)
  }
}

/** Who wrote an n-gram or a sign: up to five people each, or somebody whose words are no secret. */
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

function weigh(
  kept: number[],
  own: (hash: number) => number,
  texts: number,
  limits: VocabularyLimits,
  base?: Vocabulary,
  signs?: Uint32Array,
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
  return new Vocabulary(hashes, idf, limits.buckets, signs)
}
