/** Runs encoded texts through a session in batches of about equal length, so that one long text does not pad the rest. */
import type { Manifest } from '../bundle/manifest'
import type { SparseText } from '../text/encode'
import type { HeadOutputs } from './open'
import { ort } from './runtime'

/** Gathered cells (texts × n-grams) in one run: bounds memory to a few megabytes. */
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
  return (texts[at] as SparseText).rows.length
}

function tensors(texts: readonly SparseText[], chosen: Int32Array): Record<'rows' | 'weights', ort.Tensor> {
  // The last is the longest; an empty text still needs one (padding) cell.
  const width = Math.max(1, lengthOf(texts, chosen[chosen.length - 1] as number))
  const rows = new Int32Array(chosen.length * width)
  const weights = new Float32Array(chosen.length * width)
  chosen.forEach((text, line) => {
    rows.set((texts[text] as SparseText).rows, line * width)
    weights.set((texts[text] as SparseText).weights, line * width)
  })
  const shape = [chosen.length, width]
  return { rows: new ort.Tensor('int32', rows, shape), weights: new ort.Tensor('float32', weights, shape) }
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
