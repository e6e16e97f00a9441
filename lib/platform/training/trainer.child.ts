/** Trains in a child process: what it costs in memory and time ends with it, and a kill leaves nothing half done. */
import { spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { bundleName, promiseOf } from '../../../models/bundle/name'
import { putBundle } from '../../../models/bundle/put'
import { publicKeyOf } from '../../../models/bundle/sign'
import type { TrainReply, TrainRequest } from '../../../models/train/child-protocol'
import {
  type TrainedBundle,
  type Trainer,
  type TrainingBegun,
  TrainingFailed,
  type TrainingFailure,
  type TrainingProgress,
  type TrainingTask,
} from '../../core/ports'

/** Memory of the child's heap at most, megabytes: 100,000 texts fit in. */
const heap = 3_072
/** What V8 says before it gives up. */
const heapFull = /heap out of memory/i
/** Sentences of the shipped corpus per kept intent and language. */
const perLabel = 10
/** Answers come first: training takes what the others leave. */
const nice = 10
/** They name no customer. */
const probes = ['hello', 'where is my order', 'I want a refund', '你好', '我的订单到哪了', '我要退款']

const failures: readonly string[] = [
  'not_enough_data',
  'cancelled',
  'out_of_time',
  'out_of_memory',
] satisfies TrainingFailure[]

function program(): string {
  const beside = join(dirname(fileURLToPath(import.meta.url)), 'training-child.mjs')
  return existsSync(beside) ? beside : join(process.cwd(), '.build/cli/training-child.mjs')
}

export class ChildTrainer implements Trainer {
  /** @param folder of the bundles @param signingKey PEM, Ed25519 @param memoryMb of the whole child, weights included */
  constructor(
    readonly folder: string,
    readonly signingKey: string,
    readonly memoryMb = 4_096,
  ) {}

  async train(
    task: TrainingTask,
    onProgress: (progress: TrainingProgress) => void,
    signal: AbortSignal,
    onBegun: (begun: TrainingBegun) => void,
  ): Promise<TrainedBundle> {
    // No bundle has such a name: what a killed run leaves is never served, and the next run sweeps it away.
    const draft = join(this.folder, `.draft-${randomUUID()}`)
    await mkdir(this.folder, { recursive: true })
    await sweep(this.folder)
    try {
      const done = await run(
        {
          rows: [...task.rows],
          seed: task.seed,
          out: draft,
          id: task.accountId,
          createdAt: task.createdAt,
          probes,
          budgetMs: task.budgetMs,
          memoryMb: this.memoryMb,
          signingKey: this.signingKey,
          ...(task.epsilon ? { privacy: { epsilon: task.epsilon, key: this.noiseKey(task) } } : {}),
          ...(task.unlabelled.length ? { unlabelled: [...task.unlabelled] } : {}),
          ...(task.keep.length ? { keep: { labels: [...task.keep], perLabel } } : {}),
        },
        { onBegun, onProgress },
        signal,
        task.budgetMs,
      )
      putBundle(draft, `${draft}-before`, {
        expected: { id: task.accountId, digest: done.digest },
        trustedKeys: [publicKeyOf({ privateKey: this.signingKey })],
      })
      const { modelVersion: _version, metrics: _metrics, ...bundle } = done
      return bundle
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }

  /** The same for the same task, so that its bundle can be made again; another one for any other texts, and known to nobody outside. */
  private noiseKey({ rows, keep, seed, accountId, epsilon }: TrainingTask): string {
    const of = JSON.stringify({ rows, keep, seed, accountId, epsilon })
    return createHmac('sha256', this.signingKey).update(`noise of a private training ${of}`).digest('hex')
  }

  async read(accountId: string, digest: string): Promise<Map<string, Uint8Array> | null> {
    const place = join(this.folder, bundleName(accountId, digest))
    const names = await readdir(place).catch(() => null)
    if (!names) return null
    return new Map(
      await Promise.all(names.sort().map(async (name) => [name, await readFile(join(place, name))] as const)),
    )
  }

  async list(): Promise<{ accountId: string; digest: string; madeAt: Date }[]> {
    const names = await readdir(this.folder).catch(() => [])
    const found = await Promise.all(
      names.map(async (name) => {
        const promise = promiseOf(name)
        const facts = promise && (await stat(join(this.folder, name)).catch(() => null))
        return promise && facts ? [{ accountId: promise.id, digest: promise.digest, madeAt: facts.mtime }] : []
      }),
    )
    return found.flat()
  }

  async remove(accountId: string, digest: string): Promise<void> {
    await rm(join(this.folder, bundleName(accountId, digest)), { recursive: true, force: true })
  }
}

/** A draft of a worker that was killed; a living one is younger than the longest training. */
const leftBehind = 2 * 60 * 60_000

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.draft-')) continue
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > leftBehind) await rm(join(folder, name), { recursive: true, force: true })
  }
}

type Done = Extract<TrainReply, { done: object }>['done']

async function run(
  request: TrainRequest,
  hears: { onBegun: (begun: TrainingBegun) => void; onProgress: (progress: TrainingProgress) => void },
  signal: AbortSignal,
  budgetMs: number,
): Promise<Done> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${Math.min(heap, request.memoryMb ?? heap)}`, program()],
    {
      // It needs no setting of ours, and no secret.
      env: { NODE_ENV: 'production' },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  if (child.pid) setPriority(child.pid, nice)
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  // The child minds its budget itself; one that does not answer is ended.
  const late = setTimeout(() => child.kill('SIGKILL'), budgetMs + 30_000)
  let trouble = ''
  child.stderr.on('data', (bytes: Buffer) => {
    trouble = (trouble + bytes.toString('utf8')).slice(-2_000)
  })
  child.stdin.on('error', () => {})
  child.stdin.end(`${JSON.stringify(request)}\n`)
  let last: TrainReply | undefined
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line) continue
      const reply = JSON.parse(line) as TrainReply
      if ('progress' in reply) hears.onProgress(reply.progress)
      else if ('begun' in reply) hears.onBegun(reply.begun)
      else last = reply
    }
    const code = await exited
    if (last && 'done' in last) return last.done
    if (signal.aborted) throw new TrainingFailed('cancelled', 'the training was cancelled')
    if (last && 'failed' in last) {
      const reason = failures.includes(last.failed.code) ? (last.failed.code as TrainingFailure) : 'failed'
      throw new TrainingFailed(reason, last.failed.message)
    }
    throw new TrainingFailed(
      heapFull.test(trouble) ? 'out_of_memory' : 'failed',
      `the training ended with ${code ?? 'a signal'}: ${trouble.trim().split('\n').at(-1) ?? ''}`,
    )
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', stop)
    child.kill('SIGKILL')
  }
}
