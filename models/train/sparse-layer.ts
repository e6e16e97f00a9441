/** The first layer: a table of rows gathered by n-gram, with its own gradient and Adam on typed arrays (tfjs has neither for sparse input). */
import type { Examples } from './examples'
import type { Random } from './random'

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

export class SparseLayer {
  readonly table: Float32Array
  private readonly mean: Float32Array
  private readonly square: Float32Array
  private readonly slotOf: Int32Array
  private touched = new Int32Array(4096)
  private gradient = new Float32Array(0)
  private keptRows = new Int32Array(0)
  private keptWeights = new Float32Array(0)
  private keptOffsets = new Int32Array(0)
  private step = 0

  constructor(
    readonly rows: number,
    readonly width: number,
    deviation: number,
    private readonly random: Random,
  ) {
    this.table = new Float32Array(rows * width)
    this.mean = new Float32Array(rows * width)
    this.square = new Float32Array(rows * width)
    this.slotOf = new Int32Array(rows).fill(-1)
    // Row 0 is padding and stays zero.
    if (deviation > 0) for (let at = width; at < this.table.length; at++) this.table[at] = random.normal() * deviation
  }

  /** Sums of weighted rows for the chosen texts, leaving out each n-gram with the given chance. */
  forward(examples: Examples, batch: Int32Array, dropout: number): Float32Array {
    const { table, width, random } = this
    const out = new Float32Array(batch.length * width)
    this.reserve(examples, batch)
    const scale = 1 / (1 - dropout)
    let kept = 0
    for (let b = 0; b < batch.length; b++) {
      const text = batch[b] as number
      this.keptOffsets[b] = kept
      const to = b * width
      for (let at = examples.offsets[text] as number; at < (examples.offsets[text + 1] as number); at++) {
        if (dropout > 0 && random.float() < dropout) continue
        const row = examples.rows[at] as number
        const weight = (examples.weights[at] as number) * scale
        this.keptRows[kept] = row
        this.keptWeights[kept++] = weight
        const from = row * width
        for (let d = 0; d < width; d++) out[to + d] = (out[to + d] as number) + weight * (table[from + d] as number)
      }
    }
    this.keptOffsets[batch.length] = kept
    return out
  }

  /** Takes the gradient of the sums of the last `forward` and moves the rows that took part. */
  backward(gradientOut: Float32Array, batchSize: number, rate: number, decay: number): void {
    const { width, slotOf } = this
    let slots = 0
    const total = this.keptOffsets[batchSize] as number
    if (this.touched.length < total) this.touched = new Int32Array(total * 2)
    for (let at = 0; at < total; at++) {
      const row = this.keptRows[at] as number
      if ((slotOf[row] as number) >= 0) continue
      slotOf[row] = slots
      this.touched[slots++] = row
    }
    if (this.gradient.length < slots * width) this.gradient = new Float32Array(slots * width * 2)
    const gradient = this.gradient
    gradient.fill(0, 0, slots * width)
    for (let b = 0; b < batchSize; b++) {
      const from = b * width
      for (let at = this.keptOffsets[b] as number; at < (this.keptOffsets[b + 1] as number); at++) {
        const to = (slotOf[this.keptRows[at] as number] as number) * width
        const weight = this.keptWeights[at] as number
        for (let d = 0; d < width; d++) {
          gradient[to + d] = (gradient[to + d] as number) + weight * (gradientOut[from + d] as number)
        }
      }
    }
    this.adam(slots, rate, decay)
  }

  private adam(slots: number, rate: number, decay: number): void {
    const { table, mean, square, gradient, width } = this
    this.step++
    const correction = Math.sqrt(1 - BETA2 ** this.step) / (1 - BETA1 ** this.step)
    const pace = rate * correction
    const shrink = 1 - rate * decay
    for (let slot = 0; slot < slots; slot++) {
      const row = this.touched[slot] as number
      this.slotOf[row] = -1
      const from = slot * width
      const to = row * width
      for (let d = 0; d < width; d++) {
        const g = gradient[from + d] as number
        const m = BETA1 * (mean[to + d] as number) + (1 - BETA1) * g
        const v = BETA2 * (square[to + d] as number) + (1 - BETA2) * g * g
        mean[to + d] = m
        square[to + d] = v
        table[to + d] = (table[to + d] as number) * shrink - (pace * m) / (Math.sqrt(v) + EPSILON)
      }
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
