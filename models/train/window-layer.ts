/** The first layer over windows of signs: pooled, and moved by Adam where a window won. */
import { Adam } from './adam'
import type { Examples } from './examples'
import type { Random } from './random'
import { columnsOf, eachSign, firstPlace, placesOf, pool, type Windows } from './windows'

export class WindowLayer {
  readonly table: Float32Array
  readonly width: number
  private readonly adam: Adam
  private readonly gradient: Float32Array
  private readonly seen: Uint8Array
  private texts: Int32Array[] = []
  private where = new Int32Array(0)

  constructor(
    signRows: number,
    private readonly of: Windows,
    deviation: number,
    random: Random,
  ) {
    if (signRows === 0) throw new Error('the vocabulary knows no signs')
    const columns = columnsOf(of)
    this.width = placesOf(of) * columns
    this.table = new Float32Array(signRows * this.width)
    this.gradient = new Float32Array(this.table.length)
    this.seen = new Uint8Array(signRows)
    this.adam = new Adam(this.table)
    // Padding stays zero; what is not known says nothing until something was learned of it.
    for (let row = 2; row < signRows; row++) {
      for (let width = 1; width <= of.windows; width++) {
        const from = row * this.width + firstPlace(width) * columns
        const spread = deviation * Math.sqrt(2 / width)
        for (let at = from; at < from + width * columns; at++) this.table[at] = random.normal() * spread
      }
    }
  }

  /** What the windows of the chosen texts reach. */
  forward({ signs }: Examples, batch: Int32Array): Float32Array {
    const { hidden } = this.of
    const out = new Float32Array(batch.length * hidden)
    if (this.where.length < out.length) this.where = new Int32Array(out.length)
    this.texts = Array.from(batch, (text) =>
      signs ? signs.rows.subarray(signs.offsets[text], signs.offsets[text + 1]) : new Int32Array(0),
    )
    const layer = { ...this.of, table: this.table }
    for (const [b, text] of this.texts.entries()) pool(layer, text, out, this.where, b * hidden)
    return out
  }

  /** Takes the gradient of what the last `forward` gave and moves the signs that stood in its texts. */
  backward(gradientOut: Float32Array, _size: number, rate: number, decay: number): void {
    const { adam, gradient, seen, texts, width } = this
    const touched: number[] = []
    for (const [b, text] of texts.entries()) {
      for (const sign of text) {
        if (seen[sign] === 1) continue
        seen[sign] = 1
        touched.push(sign)
      }
      this.pass(text, gradientOut, b * this.of.hidden)
    }
    const pace = adam.pace(rate)
    for (const sign of touched) {
      seen[sign] = 0
      adam.move(sign * width, width, gradient, sign * width, pace, 1 - rate * decay)
      gradient.fill(0, sign * width, (sign + 1) * width)
    }
  }

  /** Only the window that won passes a unit's gradient on, to each of its signs. */
  private pass(text: Int32Array, gradientOut: Float32Array, from: number): void {
    const { gradient, of, where } = this
    for (let unit = 0; unit < of.hidden; unit++) {
      const push = gradientOut[from + unit] as number
      if (push === 0) continue
      eachSign(of, unit, where[from + unit] as number, text, (_, at) => {
        gradient[at] = (gradient[at] as number) + push
      })
    }
  }
}
