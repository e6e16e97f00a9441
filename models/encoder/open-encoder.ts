/** Runs a frozen local sentence encoder in the usual folder form: tokenizer.json beside onnx/model*.onnx. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { openSession, ort, type ProviderChoice, type ProviderWish } from '../serve/runtime'

export type Pooling = 'mean' | 'cls'

export interface SentenceEncoder {
  /** First 12 digits of the digest of tokenizer and graph: a model trained on one encoder refuses another. */
  id: string
  dimensions: number
  pooling: Pooling
  provider: ProviderChoice
  /** One vector of length 1 per text. */
  encode(texts: readonly string[]): Promise<Float32Array[]>
  close(): Promise<void>
}

export class EncoderError extends Error {
  override readonly name = 'EncoderError'
}

/** Enough for any chat message; cost grows with the square. */
const MAXIMUM_TOKENS = 256

interface Files {
  tokenizer: string
  graph: string
}

function find(folder: string): Files {
  const tokenizer = join(folder, 'tokenizer.json')
  if (!existsSync(tokenizer)) throw new EncoderError(`${folder} has no tokenizer.json`)
  const onnx = join(folder, 'onnx')
  const graphs = existsSync(onnx) ? readdirSync(onnx).filter((name) => /^model.*\.onnx$/.test(name)) : []
  // The plain export first; quantised ones only when there is nothing else.
  const graph = graphs.sort((a, b) => a.length - b.length || a.localeCompare(b))[0]
  if (!graph) throw new EncoderError(`${folder} has no onnx/model*.onnx`)
  return { tokenizer, graph: join(onnx, graph) }
}

function readJson(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch {
    throw new EncoderError(`${file} is not JSON`)
  }
}

/** sentence-transformers keeps the pooling in 1_Pooling/config.json; mean is the rule elsewhere. */
function poolingOf(folder: string): Pooling {
  const file = join(folder, '1_Pooling/config.json')
  return existsSync(file) && readJson(file).pooling_mode_cls_token === true ? 'cls' : 'mean'
}

export async function openEncoder(
  folder: string,
  options: { provider?: ProviderWish; pooling?: Pooling } = {},
): Promise<SentenceEncoder> {
  const files = find(folder)
  const config = join(folder, 'tokenizer_config.json')
  const tokenizer = new Tokenizer(readJson(files.tokenizer), existsSync(config) ? readJson(config) : {})
  const graph = readFileSync(files.graph)
  const id = createHash('sha256').update(readFileSync(files.tokenizer)).update(graph).digest('hex').slice(0, 12)
  const { session, choice } = await openSession(graph, options.provider)
  const pooling = options.pooling ?? poolingOf(folder)
  const encode = (texts: readonly string[]) => run(session, tokenizer, texts, pooling)
  const [probe] = await encode(['a'])
  return {
    id,
    dimensions: (probe as Float32Array).length,
    pooling,
    provider: choice,
    encode,
    close: () => session.release(),
  }
}

async function run(
  session: ort.InferenceSession,
  tokenizer: Tokenizer,
  texts: readonly string[],
  pooling: Pooling,
): Promise<Float32Array[]> {
  if (texts.length === 0) return []
  const ids = texts.map((text) => tokenizer.encode(text).ids.slice(0, MAXIMUM_TOKENS))
  const width = Math.max(1, ...ids.map((line) => line.length))
  const tokens = new BigInt64Array(texts.length * width)
  const mask = new BigInt64Array(texts.length * width)
  for (const [line, own] of ids.entries()) {
    for (const [at, token] of own.entries()) {
      tokens[line * width + at] = BigInt(token)
      mask[line * width + at] = 1n
    }
  }
  const shape = [texts.length, width]
  const feeds: Record<string, ort.Tensor> = {}
  for (const name of session.inputNames) {
    const data = name === 'input_ids' ? tokens : name === 'attention_mask' ? mask : new BigInt64Array(tokens.length)
    feeds[name] = new ort.Tensor('int64', data, shape)
  }
  const result = await session.run(feeds)
  const states = result[session.outputNames[0] as string] as ort.Tensor
  return ids.map((own, line) => pool(states, line, own.length, pooling))
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
