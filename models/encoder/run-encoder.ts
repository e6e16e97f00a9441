/** Runs tokens through a transformer in batches of about equal length and pools its states to one unit vector per text. */
import { ort } from '../serve/runtime'
import { EncoderError } from './error'
import type { Pooling } from './open-encoder'

/** Enough for any chat message; cost grows with the square. */
const MAXIMUM_TOKENS = 256
/**
 * Tokens of one run, padding included. A run blocks its process: on the CPU it stays short (about 100 ms for an encoder of 100 MB), so
 * that other accounts' texts come in between; a GPU wants work in large pieces.
 */
export const CELLS = { cpu: 512, gpu: 8192 }

export async function runEncoder(
  session: ort.InferenceSession,
  pooling: Pooling,
  cells: number,
  texts: readonly string[],
  tokenise: (text: string) => number[],
): Promise<Float32Array[]> {
  // A word-level tokenizer without a sign for unknown words has no number for them.
  const lines = texts.map((text) => shorten(tokenise(text).filter((id) => id !== undefined)))
  const order = [...lines.keys()].sort((a, b) => lengthOf(lines, a) - lengthOf(lines, b))
  const out = new Array<Float32Array>(texts.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && (to - from + 1) * lengthOf(lines, order[to] as number) <= cells) to++
    const chosen = order.slice(from, to)
    const pooled = await runBatch(
      session,
      pooling,
      chosen.map((at) => lines[at] as number[]),
    )
    for (const [line, at] of chosen.entries()) out[at] = pooled[line] as Float32Array
    from = to
  }
  return out
}

function lengthOf(lines: readonly number[][], at: number): number {
  return Math.max(1, (lines[at] as number[]).length)
}

/** The last token closes the sentence for the model; it stays. */
function shorten(ids: number[]): number[] {
  return ids.length <= MAXIMUM_TOKENS ? ids : [...ids.slice(0, MAXIMUM_TOKENS - 1), ids.at(-1) as number]
}

async function runBatch(session: ort.InferenceSession, pooling: Pooling, lines: readonly number[][]) {
  const width = Math.max(1, ...lines.map((line) => line.length))
  const tokens = new BigInt64Array(lines.length * width)
  const mask = new BigInt64Array(lines.length * width)
  for (const [line, own] of lines.entries()) {
    for (const [at, token] of own.entries()) {
      tokens[line * width + at] = BigInt(token)
      mask[line * width + at] = 1n
    }
  }
  const feeds: Record<string, ort.Tensor> = {}
  for (const name of session.inputNames) {
    // Token types are all of the first sentence.
    const data = name === 'input_ids' ? tokens : name === 'attention_mask' ? mask : new BigInt64Array(tokens.length)
    feeds[name] = new ort.Tensor('int64', data, [lines.length, width])
  }
  const result = await session.run(feeds)
  const name = ['last_hidden_state', 'token_embeddings'].find((each) => result[each]) ?? session.outputNames[0]
  const states = result[name as string] as ort.Tensor
  if (states.dims.length !== 3 || states.type !== 'float32') {
    throw new EncoderError('damaged', `the encoder's ${name} is not float32[batch, tokens, width]`)
  }
  return lines.map((own, line) => pool(states, line, own.length, pooling))
}

/** [batch, tokens, width] states to one unit vector; padding never counts. */
function pool(states: ort.Tensor, line: number, tokens: number, pooling: Pooling): Float32Array {
  const [, length, width] = states.dims as [number, number, number]
  const data = states.data as Float32Array
  const out = new Float32Array(width)
  const used = pooling === 'cls' ? 1 : Math.max(1, tokens)
  for (let at = 0; at < used; at++) {
    const from = (line * length + at) * width
    for (let d = 0; d < width; d++) out[d] = (out[d] as number) + (data[from + d] as number) / used
  }
  const norm = Math.hypot(...out) || 1
  return out.map((value) => value / norm)
}
