/** Runs a frozen local sentence encoder in the usual folder form: tokenizer.json beside onnx/model*.onnx. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { openSession, type ort, type ProviderChoice, type ProviderWish } from '../serve/runtime'
import { EncoderError } from './error'
import { CELLS, runEncoder } from './run-encoder'

export type Pooling = 'mean' | 'cls'

/** What a bundle remembers of the encoder it was trained with. */
export interface EncoderFacts {
  /** Name of its folder among the installed ones. */
  name: string
  /** Of every file that decides what comes out: a model trained with one encoder refuses another. */
  sha256: string
  dimensions: number
  pooling: Pooling
}

export interface SentenceEncoder extends EncoderFacts {
  provider: ProviderChoice
  /** One vector of length 1 per text. */
  encode(texts: readonly string[]): Promise<Float32Array[]>
  close(): Promise<void>
}

/** Files besides tokenizer and graph that change the numbers. */
const SETTINGS = ['tokenizer_config.json', '1_Pooling/config.json', 'config_sentence_transformers.json']

export interface EncoderFiles {
  tokenizer: string
  graph: string
  /** Weights that a large graph keeps beside itself. */
  data: string[]
}

export function findFiles(folder: string): EncoderFiles {
  const tokenizer = join(folder, 'tokenizer.json')
  if (!existsSync(tokenizer)) throw new EncoderError('absent', `${folder} has no tokenizer.json`)
  const onnx = join(folder, 'onnx')
  const names = existsSync(onnx) ? readdirSync(onnx).sort((a, b) => a.length - b.length || a.localeCompare(b)) : []
  // The plain export first; quantised ones only when there is nothing else.
  const graph = names.find((name) => /^model.*\.onnx$/.test(name))
  if (!graph) throw new EncoderError('absent', `${folder} has no onnx/model*.onnx`)
  const data = names.filter((name) => name.startsWith(`${graph}_data`) || name.startsWith(`${graph}.data`))
  return { tokenizer, graph: join(onnx, graph), data: data.map((name) => join(onnx, name)) }
}

function readJson(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch {
    throw new EncoderError('damaged', `${file} is not JSON`)
  }
}

/** Every file that decides what comes out, and no other: an encoder's folder may hold its weights in five more forms. */
export function encoderFiles(folder: string): string[] {
  const { tokenizer, graph, data } = findFiles(folder)
  return [tokenizer, graph, ...data, ...SETTINGS.map((name) => join(folder, name)).filter(existsSync)]
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const file of encoderFiles(folder)) {
    // Digests of the parts, so that no byte can move from one file to the next unnoticed.
    hash.update(digestOfFile(file))
  }
  return hash.digest('hex')
}

/** Piece by piece: one read of 100 MB keeps a core busy in the kernel, and the web process beside us felt it (p99 64–148 ms, now 17). */
function digestOfFile(file: string): Buffer {
  const hash = createHash('sha256')
  const piece = Buffer.alloc(1 << 20)
  const handle = openSync(file, 'r')
  try {
    for (let size = readSync(handle, piece); size > 0; size = readSync(handle, piece))
      hash.update(piece.subarray(0, size))
  } finally {
    closeSync(handle)
  }
  return hash.digest()
}

/** sentence-transformers keeps the words that precede every text here (e5: "query: "). */
function prefixOf(folder: string): string {
  const config = readJson(join(folder, 'config_sentence_transformers.json'))
  const prompts = (config.prompts ?? {}) as Record<string, unknown>
  const prompt = prompts[String(config.default_prompt_name ?? 'query')]
  return typeof prompt === 'string' ? prompt : ''
}

export async function openEncoder(
  folder: string,
  options: { provider?: ProviderWish; name?: string } = {},
): Promise<SentenceEncoder> {
  const files = findFiles(folder)
  const tokenizer = readTokenizer(folder, files)
  // sentence-transformers keeps the pooling here; mean is the rule elsewhere.
  const cls = readJson(join(folder, '1_Pooling/config.json')).pooling_mode_cls_token === true
  const pooling: Pooling = cls ? 'cls' : 'mean'
  const prefix = prefixOf(folder)
  const { session, choice } = await load(files.graph, options.provider)
  const cells = choice.used === 'cpu' ? CELLS.cpu : CELLS.gpu
  const encode = (texts: readonly string[]) =>
    runEncoder(session, pooling, cells, texts, (text) => tokenizer.encode(prefix + text).ids)
  try {
    const [probe] = await encode(['a'])
    return {
      name: options.name ?? basename(folder),
      sha256: digestOf(folder),
      dimensions: (probe as Float32Array).length,
      pooling,
      provider: choice,
      encode,
      close: () => session.release(),
    }
  } catch (error) {
    await session.release()
    if (error instanceof EncoderError) throw error
    throw new EncoderError('damaged', `${files.graph} does not run: ${firstLine(error)}`)
  }
}

function readTokenizer(folder: string, files: EncoderFiles): Tokenizer {
  const [own, config] = [readJson(files.tokenizer), readJson(join(folder, 'tokenizer_config.json'))]
  try {
    return new Tokenizer(own, config)
  } catch (error) {
    throw new EncoderError('damaged', `${files.tokenizer} cannot be used: ${firstLine(error)}`)
  }
}

async function load(
  graph: string,
  provider?: ProviderWish,
): Promise<{ session: ort.InferenceSession; choice: ProviderChoice }> {
  try {
    // By its path: only so are weights found that lie beside the graph.
    return await openSession(graph, provider, 'encoder')
  } catch (error) {
    throw new EncoderError('damaged', `${graph} does not load: ${firstLine(error)}`)
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] as string
}
