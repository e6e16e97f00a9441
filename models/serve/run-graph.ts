/** Runs encoded texts through a session in batches of about equal length, so that one long text does not pad the rest. */
import type { Manifest } from '../bundle/manifest'
import type { SparseText } from '../text/encode'
import type { HeadOutputs } from './open'
import { ort } from './runtime'

/** Gathered cells (texts × n-grams, or × signs) in one run: bounds memory to a few megabytes. */
const CELLS = 16_384

export async function runGraph(
  session: ort.InferenceSession,
  manifest: Manifest,
  texts: readonly SparseText[],
  embeddings?: readonly ArrayLike<number>[],
): Promise<HeadOutputs> {
  const outputs: HeadOutputs = {}
  for (const head of manifest.heads) {
    outputs[head.name] = {
      probabilities: new Float32Array(texts.length * head.labels.length),
      energy: new Float32Array(texts.length),
    }
  }
  const order = Int32Array.from(texts, (_, at) => at)
  if (texts.length > 1) order.sort((a, b) => lengthOf(texts, a) - lengthOf(texts, b))
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && (to - from + 1) * lengthOf(texts, order[to] as number) <= CELLS) to++
    const chosen = order.subarray(from, to)
    const feeds = { ...tensors(texts, chosen), ...(embeddings ? { embedding: stack(embeddings, chosen) } : {}) }
    read(await session.run(feeds), manifest, chosen, outputs)
    from = to
  }
  return outputs
}

function lengthOf(texts: readonly SparseText[], at: number): number {
  const { rows, signs } = texts[at] as SparseText
  return Math.max(rows.length, signs?.length ?? 0)
}

function tensors(texts: readonly SparseText[], chosen: Int32Array): Record<string, ort.Tensor> {
  const some = Array.from(chosen, (text) => texts[text] as SparseText)
  const rows = padded(some.map((text) => text.rows))
  const weights = new Float32Array(rows.data.length)
  const width = rows.dims[1] as number
  for (const [line, text] of some.entries()) weights.set(text.weights, line * width)
  const signs = some.flatMap((text) => (text.signs ? [text.signs] : []))
  return {
    rows,
    weights: new ort.Tensor('float32', weights, rows.dims),
    ...(signs.length ? { signs: padded(signs) } : {}),
  }
}

/** An empty line still needs one (padding) cell. */
function padded(lines: readonly Int32Array[]): ort.TypedTensor<'int32'> {
  const width = Math.max(1, ...lines.map((line) => line.length))
  const data = new Int32Array(lines.length * width)
  for (const [at, line] of lines.entries()) data.set(line, at * width)
  return new ort.Tensor('int32', data, [lines.length, width])
}

/** A sentence encoder's vectors, one line per text. */
function stack(embeddings: readonly ArrayLike<number>[], chosen: Int32Array): ort.Tensor {
  const width = embeddings[0]?.length ?? 0
  const data = new Float32Array(chosen.length * width)
  chosen.forEach((text, line) => {
    data.set(embeddings[text] as ArrayLike<number>, line * width)
  })
  return new ort.Tensor('float32', data, [chosen.length, width])
}

function read(
  result: ort.InferenceSession.OnnxValueMapType,
  manifest: Manifest,
  chosen: Int32Array,
  outputs: HeadOutputs,
): void {
  for (const head of manifest.heads) {
    const into = outputs[head.name] as HeadOutputs[string]
    const probabilities = result[head.name]?.data as Float32Array
    const energies = result[`${head.name}_energy`]?.data as Float32Array
    const size = head.labels.length
    chosen.forEach((text, line) => {
      into.probabilities.set(probabilities.subarray(line * size, (line + 1) * size), text * size)
      into.energy[text] = energies[line] as number
    })
  }
}
