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
  if (first === 'cpu') return { session: await create(graph, ['cpu']), choice: { wished, used: 'cpu' } }
  const lack = whyNot(first)
  if (lack) return fallBack(graph, wished, lack)
  try {
    return { session: await create(graph, [NAMES[first], 'cpu']), choice: { wished, used: first } }
  } catch (error) {
    const told = firstLine(error)
    return fallBack(graph, wished, first === 'cuda' ? cudaStep(told) : `${first} did not start: ${told}`)
  }
}

/** A name that the runtime was built without is passed over in silence: what is not listed is not in use. */
function whyNot(provider: Exclude<ProviderWish, 'auto' | 'cpu'>): string | undefined {
  if (provider === 'cuda' && !cudaInstalled()) return cudaStep('')
  const known = ort.listSupportedBackends().map(({ name }) => name)
  if (known.includes(NAMES[provider])) return undefined
  return `${provider} is not part of the runtime for ${process.platform} ${process.arch}, which has ${known.join(', ')}`
}

const LIBRARIES: [found: RegExp, step: string][] = [
  [/libcuda\.so/, "install the graphics card's driver (libcuda.so.1 comes with it)"],
  [/libcudnn[\w-]*\.so/, 'install cuDNN 9 for CUDA 12'],
  [/lib(cublas|cublasLt|cudart|cufft|curand|nvrtc)[\w-]*\.so/, 'install the CUDA 12 runtime libraries'],
  [
    /no CUDA-capable device|CUDA failure 100\b/,
    'this machine shows no CUDA device: check "nvidia-smi", and the container\'s access to it',
  ],
  [/driver version is insufficient|CUDA failure 35\b/, 'the driver is older than CUDA 12 needs: install a newer one'],
]

/** The step that brings CUDA, from what the runtime said when it was asked for. */
export function cudaStep(told: string, platform = `${process.platform} ${process.arch}`): string {
  if (platform !== 'linux x64') return `onnxruntime-node brings CUDA to Linux x64 only; this is ${platform}`
  if (told === '') {
    return 'CUDA libraries are not installed: run "node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12", with CUDA 12 and cuDNN 9'
  }
  const step = LIBRARIES.find(([found]) => found.test(told))?.[1] ?? 'check CUDA 12 and cuDNN 9'
  return `cuda did not start: ${step} (${told})`
}

async function fallBack(graph: Graph, wished: ProviderWish, note: string): Promise<OpenedSession> {
  return { session: await create(graph, ['cpu']), choice: { wished, used: 'cpu', note } }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] as string
}

export { ort }
