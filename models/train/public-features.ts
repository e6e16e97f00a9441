/**
 * What a private training reads of a text: numbers that no text of the account has had a part in. The n-grams, their idf and
 * the 96 hidden units are the shipped base's; n-grams that it lacks fall into shared places by their hash.
 */
import { Encoder } from '../text/encode'
import { FEATURES } from '../text/features'
import { Vocabulary } from '../text/vocabulary'
import { type Examples, encodeAll } from './examples'
import { Random } from './random'
import type { Start } from './start'

/** Places for n-grams that the base does not know. */
const places = 2048
/** Numbers that a text's n-grams are projected to (Johnson, Lindenstrauss 1984; signs after Achlioptas 2003). */
export const PROJECTED = 1024
/** Known to everybody: there is nothing to hide in it. */
const seed = 2026
/** Added to each variance, so that a unit that hardly moves is not blown up. */
const ridge = 1e-3
/** Length that the hidden units have beside the n-grams' one. */
const weight = 0.7

export class PublicFeatures {
  readonly vocabulary: Vocabulary
  readonly encoder: Encoder
  /** Hidden units, then projected n-grams. */
  readonly width: number
  private readonly signs: Int8Array
  private readonly mean: Float64Array
  /** Lower triangle that takes the units' correlations away, row by row. */
  private readonly whitener: Float64Array

  /** @param known texts that are nobody's, for the units' mean and spread */
  constructor(
    readonly start: Start,
    known: readonly string[],
  ) {
    const { hashes, idf } = start.vocabulary
    this.vocabulary = new Vocabulary(hashes, idf, places)
    this.encoder = new Encoder(this.vocabulary, FEATURES)
    this.width = start.width + PROJECTED
    this.signs = signsOf(this.vocabulary.rows * PROJECTED)
    const seen = this.units(encodeAll(known, this.encoder))
    this.mean = meanOf(seen, start.width)
    this.whitener = inverse(cholesky(covarianceOf(seen, this.mean), start.width), start.width)
  }

  /** One line of `width` numbers a text, about 1 long. */
  read(texts: readonly string[]): Float32Array[] {
    const examples = encodeAll(texts, this.encoder)
    const { width, start, signs } = this
    const scale = 1 / Math.sqrt(PROJECTED)
    return this.units(examples).map((units, text) => {
      const line = new Float32Array(width)
      line.set(this.whiten(units))
      for (let at = examples.offsets[text] as number; at < (examples.offsets[text + 1] as number); at++) {
        const from = (examples.rows[at] as number) * PROJECTED
        const share = (examples.weights[at] as number) * scale
        for (let d = 0; d < PROJECTED; d++)
          line[start.width + d] = (line[start.width + d] as number) + share * (signs[from + d] as number)
      }
      return line
    })
  }

  /** Weights over these features (width × classes, then a line for the constant) as weights over n-grams and hidden units. */
  unfold(
    weights: Float32Array,
    classes: number,
  ): { table: Float32Array; bias: Float32Array; out: Float32Array; outBias: Float32Array } {
    const { start, vocabulary, signs, whitener, mean } = this
    const scale = 1 / Math.sqrt(PROJECTED)
    const first = start.width * classes
    const table = new Float32Array(vocabulary.rows * classes)
    for (let row = 1; row < vocabulary.rows; row++) {
      const to = row * classes
      for (let d = 0; d < PROJECTED; d++) {
        const sign = (signs[row * PROJECTED + d] as number) * scale
        const from = first + d * classes
        for (let c = 0; c < classes; c++)
          table[to + c] = (table[to + c] as number) + sign * (weights[from + c] as number)
      }
    }
    const out = new Float32Array(first)
    const outBias = new Float32Array(classes)
    const factor = weight / Math.sqrt(start.width)
    for (let unit = 0; unit < start.width; unit++) {
      for (let c = 0; c < classes; c++) {
        let sum = 0
        for (let line = unit; line < start.width; line++)
          sum += (whitener[line * start.width + unit] as number) * (weights[line * classes + c] as number)
        out[unit * classes + c] = sum * factor
        outBias[c] = (outBias[c] as number) - sum * factor * (mean[unit] as number)
      }
    }
    return { table, out, outBias, bias: weights.slice(this.width * classes, (this.width + 1) * classes) }
  }

  private units(examples: Examples): Float64Array[] {
    const { width, table } = this.start
    // Shared places mean nothing to the base.
    const last = this.start.vocabulary.hashes.length
    return Array.from({ length: examples.count }, (_, text) => {
      const sums = new Float64Array(width)
      for (let at = examples.offsets[text] as number; at < (examples.offsets[text + 1] as number); at++) {
        const row = examples.rows[at] as number
        if (row > last) continue
        const share = examples.weights[at] as number
        for (let d = 0; d < width; d++) sums[d] = (sums[d] as number) + share * (table[row * width + d] as number)
      }
      return sums.map((sum) => Math.max(0, sum))
    })
  }

  private whiten(units: Float64Array): Float64Array {
    const { mean, whitener } = this
    const size = units.length
    const factor = weight / Math.sqrt(size)
    return units.map((_, line) => {
      let sum = 0
      for (let d = 0; d <= line; d++)
        sum += (whitener[line * size + d] as number) * ((units[d] as number) - (mean[d] as number))
      return sum * factor
    })
  }
}

/** A whole number of 32. */
function signsOf(count: number): Int8Array {
  const random = new Random(seed)
  const signs = new Int8Array(count)
  for (let at = 0; at < count; at += 32) {
    const drawn = random.uint32()
    for (let bit = 0; bit < 32; bit++) signs[at + bit] = (drawn >>> bit) & 1 ? 1 : -1
  }
  return signs
}

function meanOf(lines: readonly Float64Array[], size: number): Float64Array {
  const mean = new Float64Array(size)
  for (const line of lines) for (let d = 0; d < size; d++) mean[d] = (mean[d] as number) + (line[d] as number)
  return mean.map((sum) => sum / Math.max(1, lines.length))
}

function covarianceOf(lines: readonly Float64Array[], mean: Float64Array): Float64Array {
  const size = mean.length
  const out = new Float64Array(size * size)
  for (const line of lines)
    for (let a = 0; a < size; a++) {
      const value = ((line[a] as number) - (mean[a] as number)) / lines.length
      for (let b = 0; b <= a; b++)
        out[a * size + b] = (out[a * size + b] as number) + value * ((line[b] as number) - (mean[b] as number))
    }
  for (let a = 0; a < size; a++) out[a * size + a] = (out[a * size + a] as number) + ridge
  return out
}

/** Lower triangle L with L Lᵀ = the matrix, of which the lower triangle is read. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let a = 0; a < size; a++)
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a * size + b] as number
      for (let k = 0; k < b; k++) sum -= (lower[a * size + k] as number) * (lower[b * size + k] as number)
      lower[a * size + b] = a === b ? Math.sqrt(sum) : sum / (lower[b * size + b] as number)
    }
  return lower
}

/** Of a lower triangle. */
function inverse(lower: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let column = 0; column < size; column++)
    for (let line = column; line < size; line++) {
      let sum = line === column ? 1 : 0
      for (let k = column; k < line; k++) sum -= (lower[line * size + k] as number) * (out[k * size + column] as number)
      out[line * size + column] = sum / (lower[line * size + line] as number)
    }
  return out
}
