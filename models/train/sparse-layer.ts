/** The first layer: a table of rows gathered by n-gram, with its own gradient and Adam on typed arrays (tfjs has neither for sparse input). */
import { Adam } from './adam'
import type { Examples } from './examples'
import type { Random } from './random'

export class SparseLayer {
  readonly table: Float32Array
  private readonly adam: Adam
  private readonly slotOf: Int32Array
  private touched = new Int32Array(4096)
  /** Of one row. */
  private gradient = new Float32Array(0)
  /** For each use of a row in a batch: the next use of the same row (−1: none), and where its text's gradient begins. */
  private next = new Int32Array(0)
  private from = new Int32Array(0)
  /** First and last use of each row that took part. */
  private ends = new Int32Array(0)
  private keptRows = new Int32Array(0)
  private keptWeights = new Float32Array(0)
  private keptOffsets = new Int32Array(0)

  constructor(
    readonly rows: number,
    readonly width: number,
    deviation: number,
    private readonly random: Random,
  ) {
    this.table = new Float32Array(rows * width)
    this.adam = new Adam(this.table)
    this.slotOf = new Int32Array(rows).fill(-1)
    // Row 0 is padding and stays zero.
    if (deviation > 0) for (let at = width; at < this.table.length; at++) this.table[at] = random.normal() * deviation
  }

  /** Sums of weighted rows for the chosen texts, leaving out each n-gram with the given chance. */
  forward(examples: Examples, batch: Int32Array, dropout: number): Float32Array {
    const { width, random } = this
    const out = new Float32Array(batch.length * width)
    this.reserve(examples, batch)
    const { keptRows, keptWeights } = this
    const scale = 1 / (1 - dropout)
    let kept = 0
    for (let b = 0; b < batch.length; b++) {
      const text = batch[b] as number
      this.keptOffsets[b] = kept
      for (let at = examples.offsets[text] as number; at < (examples.offsets[text + 1] as number); at++) {
        if (dropout > 0 && random.float() < dropout) continue
        keptRows[kept] = examples.rows[at] as number
        keptWeights[kept++] = (examples.weights[at] as number) * scale
      }
      this.sum(out, b * width, this.keptOffsets[b] as number, kept)
    }
    this.keptOffsets[batch.length] = kept
    return out
  }

  /** Adds weighted rows to one line, two at a time, so that the line is fetched half as often; rounded as one at a time would be. */
  private sum(out: Float32Array, to: number, first: number, end: number): void {
    const { table, width, keptRows, keptWeights } = this
    let at = first
    for (; at + 1 < end; at += 2) {
      const [one, other] = [(keptRows[at] as number) * width, (keptRows[at + 1] as number) * width]
      const [weight, more] = [keptWeights[at] as number, keptWeights[at + 1] as number]
      for (let d = 0; d < width; d++) {
        const half = Math.fround((out[to + d] as number) + weight * (table[one + d] as number))
        out[to + d] = half + more * (table[other + d] as number)
      }
    }
    if (at === end) return
    const from = (keptRows[at] as number) * width
    const weight = keptWeights[at] as number
    for (let d = 0; d < width; d++) out[to + d] = (out[to + d] as number) + weight * (table[from + d] as number)
  }

  /** Takes the gradient of the sums of the last `forward` and moves the rows that took part. */
  backward(gradientOut: Float32Array, batchSize: number, rate: number, decay: number): void {
    const { width, slotOf, keptRows, keptWeights, keptOffsets } = this
    const total = keptOffsets[batchSize] as number
    if (this.touched.length < total) this.touched = new Int32Array(total * 2)
    if (this.next.length < total) {
      this.next = new Int32Array(total * 2)
      this.from = new Int32Array(total * 2)
      this.ends = new Int32Array(total * 4)
    }
    const { touched, next, from, ends } = this
    // Where each row was used, as a chain in the order of the texts: a row is then fetched once, whatever its use.
    let slots = 0
    for (let b = 0; b < batchSize; b++) {
      for (let at = keptOffsets[b] as number; at < (keptOffsets[b + 1] as number); at++) {
        const row = keptRows[at] as number
        from[at] = b * width
        next[at] = -1
        const slot = slotOf[row] as number
        if (slot >= 0) {
          next[ends[2 * slot + 1] as number] = at
          ends[2 * slot + 1] = at
        } else {
          slotOf[row] = slots
          ends[2 * slots] = at
          ends[2 * slots + 1] = at
          touched[slots++] = row
        }
      }
    }
    if (this.gradient.length < width) this.gradient = new Float32Array(width)
    const gradient = this.gradient
    const pace = this.adam.pace(rate)
    const shrink = 1 - rate * decay
    for (let slot = 0; slot < slots; slot++) {
      const row = touched[slot] as number
      slotOf[row] = -1
      const first = ends[2 * slot] as number
      const weight = keptWeights[first] as number
      const text = from[first] as number
      for (let d = 0; d < width; d++) gradient[d] = weight * (gradientOut[text + d] as number)
      for (let at = next[first] as number; at >= 0; at = next[at] as number) {
        const more = keptWeights[at] as number
        const other = from[at] as number
        for (let d = 0; d < width; d++) {
          gradient[d] = (gradient[d] as number) + more * (gradientOut[other + d] as number)
        }
      }
      this.adam.move(row * width, width, gradient, 0, pace, shrink)
    }
  }

  private reserve(examples: Examples, batch: Int32Array): void {
    let total = 0
    for (const text of batch) total += (examples.offsets[text + 1] as number) - (examples.offsets[text] as number)
    if (this.keptRows.length < total) {
      this.keptRows = new Int32Array(total * 2)
      this.keptWeights = new Float32Array(total * 2)
    }
    if (this.keptOffsets.length <= batch.length) this.keptOffsets = new Int32Array(batch.length + 1)
  }
}
