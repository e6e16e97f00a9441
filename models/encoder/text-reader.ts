/** The one feature interface: a text becomes rows and weights, whether n-grams alone or joined with a sentence encoder. */
import type { Head } from '../model'
import { cleanText, readable } from '../text/clean'
import type { Encoder, SparseText } from '../text/encode'
import type { Path } from '../train/path'
import type { SentenceEncoder } from './open-encoder'

/** What a sentence encoder reads: the cleaned text, so that neither addresses nor numbers reach it. */
export function sentences(cleaned: readonly string[]): string[] {
  return cleaned.map(readable)
}

/** Dimension k of the encoder is the row behind the vocabulary's last plus k; its value is the weight. */
export function join(text: SparseText, embedding: Float32Array, firstRow: number): SparseText {
  const rows = new Int32Array(text.rows.length + embedding.length)
  const weights = new Float32Array(rows.length)
  rows.set(text.rows)
  weights.set(text.weights)
  for (let d = 0; d < embedding.length; d++) rows[text.rows.length + d] = firstRow + d
  weights.set(embedding, text.rows.length)
  return { ...text, rows, weights }
}

/** What a trained model reads: n-grams, and the encoder's numbers as they are. */
export async function readTexts(
  encoder: Encoder,
  sentence: SentenceEncoder | undefined,
  texts: readonly string[],
): Promise<SparseText[]> {
  const cleaned = texts.map(cleanText)
  const encoded = cleaned.map((text) => encoder.encodeClean(text))
  const vectors = await sentence?.encode(sentences(cleaned))
  if (!vectors) return encoded
  return encoded.map((text, at) => join(text, vectors[at] as Float32Array, encoder.vocabulary.rows))
}

interface Centre {
  mean: Float32Array
  scale: number
}

/** So many texts settle an encoder's centre. */
const CENTRE_TEXTS = 512
/** Texts between two looks at whether anybody still waits. */
const SLICE = 128

/**
 * Reads texts for training; `onSlice` is called now and then and ends it by throwing. Encoders put all texts close together; they are centred and stretched to length 1 on average, as
 * the n-grams are. `settle` moves both into the trained weights, so that everything later reads the encoder as it is.
 */
export class TextReader {
  readonly rows: number

  private constructor(
    readonly encoder: Encoder,
    private readonly sentence: SentenceEncoder | undefined,
    private readonly centre: Centre,
    private readonly onSlice?: () => void,
  ) {
    this.rows = encoder.vocabulary.rows + (sentence?.dimensions ?? 0)
  }

  static async open(
    encoder: Encoder,
    sentence: SentenceEncoder | undefined,
    texts: readonly string[],
    onSlice?: () => void,
  ): Promise<TextReader> {
    const stride = Math.max(1, Math.ceil(texts.length / CENTRE_TEXTS))
    const some = sentence ? texts.filter((_, at) => at % stride === 0) : []
    const vectors = (await sentence?.encode(sentences(some.map(cleanText)))) ?? []
    return new TextReader(encoder, sentence, centreOf(vectors, sentence?.dimensions ?? 0), onSlice)
  }

  async read(texts: readonly string[]): Promise<SparseText[]> {
    const { mean, scale } = this.centre
    if (!this.sentence) return readTexts(this.encoder, undefined, texts)
    const read: SparseText[] = []
    for (let from = 0; from < texts.length; from += SLICE) {
      this.onSlice?.()
      read.push(...(await readTexts(this.encoder, this.sentence, texts.slice(from, from + SLICE))))
    }
    for (const { weights } of read) {
      const own = weights.subarray(weights.length - mean.length)
      for (let d = 0; d < mean.length; d++) own[d] = ((own[d] as number) - (mean[d] as number)) * scale
    }
    return read
  }

  /** The same head for the encoder's own numbers: W·(e − m)·s = (s·W)·e − s·W·m. */
  settle(head: Head): Head {
    if (!this.sentence) return head
    return { ...head, paths: head.paths.map(({ path, scale }) => ({ path: this.moved(path), scale })) }
  }

  private moved(path: Path): Path {
    if (path.windows) return path
    const exact = path.exact && { exact: this.shifted(path.exact, path.width) }
    return { ...path, ...this.shifted(path, path.width), ...exact }
  }

  private shifted(from: Pick<Path, 'table' | 'bias'>, width: number): Pick<Path, 'table' | 'bias'> {
    const { mean, scale } = this.centre
    const [table, bias] = [from.table.slice(), from.bias.slice()]
    for (let d = 0; d < mean.length; d++) {
      const row = (this.encoder.vocabulary.rows + d) * width
      for (let c = 0; c < width; c++) {
        const weight = (table[row + c] as number) * scale
        table[row + c] = weight
        bias[c] = (bias[c] as number) - weight * (mean[d] as number)
      }
    }
    return { table, bias }
  }
}

function centreOf(vectors: readonly Float32Array[], dimensions: number): Centre {
  const mean = new Float32Array(dimensions)
  for (const vector of vectors) {
    for (let d = 0; d < dimensions; d++) mean[d] = (mean[d] as number) + (vector[d] as number) / vectors.length
  }
  let squares = 0
  for (const vector of vectors) for (const [d, value] of vector.entries()) squares += (value - (mean[d] as number)) ** 2
  return { mean, scale: squares > 0 ? Math.sqrt(vectors.length / squares) : 1 }
}
