/** Chooses where the mathematics runs: execution providers in order, the one really in use, and why another is not. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as ort from 'onnxruntime-node'

export type ProviderWish = 'auto' | 'cpu' | 'cuda' | 'directml' | 'coreml' | 'webgpu'

export interface ProviderChoice {
  wished: ProviderWish
  used: string
  /** A sentence when something wished for is not in use. */
  note?: string
}

export interface OpenedSession {
  session: ort.InferenceSession
  choice: ProviderChoice
}

const CUDA_STEP =
  'CUDA libraries are not installed: run "node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12" on Linux x64 with CUDA 12 and cuDNN 9'
const NAMES: Record<Exclude<ProviderWish, 'auto'>, string> = {
  cpu: 'cpu',
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
}

export function cudaInstalled(): boolean {
  const require = createRequire(import.meta.url)
  try {
    const folder = join(
      dirname(require.resolve('onnxruntime-node/package.json')),
      'bin/napi-v6',
      process.platform,
      process.arch,
    )
    return existsSync(join(folder, 'libonnxruntime_providers_cuda.so'))
  } catch {
    return false
  }
}

/** A graph is given as its bytes or as the path of its file. */
type Graph = Uint8Array | string

async function create(graph: Graph, providers: string[]): Promise<ort.InferenceSession> {
  const options = {
    executionProviders: providers,
    // Small graphs: threads cost more than they bring (measured), and one core per child keeps the machine calm.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3 as const,
  }
  return typeof graph === 'string'
    ? ort.InferenceSession.create(graph, options)
    : ort.InferenceSession.create(graph, options)
}

/** Asking for a provider that cannot start throws; then the CPU serves and the choice says so. */
export async function openSession(graph: Graph, wished: ProviderWish = 'auto'): Promise<OpenedSession> {
  const first = wished === 'auto' ? (cudaInstalled() ? 'cuda' : 'cpu') : wished
  if (first !== 'cpu') {
    if (first === 'cuda' && !cudaInstalled()) return fallBack(graph, wished, CUDA_STEP)
    try {
      return { session: await create(graph, [NAMES[first], 'cpu']), choice: { wished, used: first } }
    } catch (error) {
      return fallBack(graph, wished, `${first} did not start: ${firstLine(error)}`)
    }
  }
  return { session: await create(graph, ['cpu']), choice: { wished, used: 'cpu' } }
}

async function fallBack(graph: Graph, wished: ProviderWish, note: string): Promise<OpenedSession> {
  return { session: await create(graph, ['cpu']), choice: { wished, used: 'cpu', note } }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] as string
}

export { ort }
