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

  /** The row of an n-gram, or 0 when the model has no place for it. */
  row(hash: number): number {
    const known = this.table.get(hash)
    if (known > 0) return known
    return this.buckets > 0 ? 1 + this.hashes.length + (hash % this.buckets) : 0
  }

  weight(row: number): number {
    const last = this.idf.length - 1
    return this.idf[row > last ? last : row - 1] as number
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

/** Counts in how many groups each n-gram of the cleaned texts stands and keeps the frequent ones. */
export function fitVocabulary(
  texts: readonly string[],
  spec: FeatureSpec,
  limits: VocabularyLimits,
  groups?: readonly number[],
): Vocabulary {
  const table = new HashTable(65536)
  const buffer = new FeatureBuffer()
  let seen = new Uint32Array(65536)
  let count = new Int32Array(65536)
  let lastGroup = new Int32Array(65536).fill(-1)
  for (let text = 0; text < texts.length; text++) {
    const group = groups ? (groups[text] as number) : text
    readFeatures(texts[text] as string, spec, buffer)
    for (let at = 0; at < buffer.length; at++) {
      const hash = buffer.hash[at] as number
      const index = table.getOrAdd(hash, table.size)
      if (index >= count.length) {
        seen = extend(seen, new Uint32Array(count.length * 2))
        lastGroup = extend(lastGroup, new Int32Array(count.length * 2).fill(-1))
        count = extend(count, new Int32Array(count.length * 2))
      }
      seen[index] = hash
      if (lastGroup[index] === group) continue
      lastGroup[index] = group
      count[index] = (count[index] as number) + 1
    }
  }
  return select(seen, count, table.size, texts.length, limits)
}

function extend<T extends Uint32Array | Int32Array>(from: T, into: T): T {
  into.set(from)
  return into
}

function select(
  seen: Uint32Array,
  count: Int32Array,
  distinct: number,
  texts: number,
  limits: VocabularyLimits,
): Vocabulary {
  const kept: number[] = []
  for (let index = 0; index < distinct; index++) {
    if ((count[index] as number) >= limits.minimumGroups) kept.push(index)
  }
  // Frequent first, ties by hash: the same texts give the same vocabulary on every machine.
  kept.sort((a, b) => (count[b] as number) - (count[a] as number) || (seen[a] as number) - (seen[b] as number))
  kept.length = Math.min(kept.length, limits.maximumSize)
  const hashes = new Uint32Array(kept.length)
  const idf = new Float32Array(kept.length + 1)
  for (let at = 0; at < kept.length; at++) {
    hashes[at] = seen[kept[at] as number] as number
    idf[at] = Math.log((1 + texts) / (1 + (count[kept[at] as number] as number))) + 1
  }
  idf[kept.length] = Math.log((1 + texts) / 2) + 1
  return new Vocabulary(hashes, idf, limits.buckets)
}
