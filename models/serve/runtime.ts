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

const NAMES: Record<Provider, string> = {
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

/** What a graph is: a head looks rows up and multiplies once, an encoder is a transformer. */
export type Work = 'head' | 'encoder'

type Provider = Exclude<ProviderWish, 'auto'>

/**
 * The providers to try before the CPU. `auto` follows what was measured (models/README.md): through a graphics card's queue a head
 * is 7–90 times slower than on one core, an encoder's batch 34–66 times faster. WebGPU comes along and needs no download; it is
 * tried by itself only where it was measured.
 */
function candidates(wished: ProviderWish, work: Work): Provider[] {
  if (wished !== 'auto') return [wished]
  if (work === 'head') return ['cpu']
  const nvidia = process.platform === 'linux' && existsSync('/dev/nvidiactl')
  return [...(cudaInstalled() ? (['cuda'] as const) : []), ...(nvidia ? (['webgpu'] as const) : [])]
}

/** Asking for a provider that cannot start throws; then the next one serves, at last the CPU, and the choice says why. */
export async function openSession(
  graph: Graph,
  wished: ProviderWish = 'auto',
  work: Work = 'head',
): Promise<OpenedSession> {
  const notes: string[] = []
  for (const provider of candidates(wished, work).filter((each) => each !== 'cpu')) {
    const lack = whyNot(provider)
    if (lack) {
      notes.push(lack)
      continue
    }
    try {
      return { session: await create(graph, [NAMES[provider], 'cpu']), choice: choose(wished, provider, notes) }
    } catch (error) {
      const told = firstLine(error)
      notes.push(provider === 'cuda' ? cudaStep(told) : `${provider} did not start: ${told}`)
    }
  }
  return { session: await create(graph, ['cpu']), choice: choose(wished, 'cpu', notes) }
}

function choose(wished: ProviderWish, used: string, notes: string[]): ProviderChoice {
  return { wished, used, ...(notes.length ? { note: notes.join('; ') } : {}) }
}

/** A name that the runtime was built without is passed over in silence: what is not listed is not in use. */
function whyNot(provider: Provider): string | undefined {
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

/** Without the place in the runtime's own source that it begins with. */
function firstLine(error: unknown): string {
  const line = String(error instanceof Error ? error.message : error).split('\n')[0] as string
  return line.replace(/^\/\S+:\d+ .* was false\. /, '')
}

export { ort }
