/** Keeps one program running: starts it, restarts it with growing pauses when it ends unasked, stops it for good. */
import { type ChildProcess, spawn } from 'node:child_process'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Output } from './output'

export interface ChildPlan {
  readonly name: string
  readonly file: string
  readonly cwd: string
  readonly environment: Record<string, string | undefined>
  /** Module loaded before the program (see end-with-parent.ts). */
  readonly preload: string
}

export interface Child {
  readonly name: string
  /** Ends in a row without ever having run for a minute. */
  readonly failures: number
  readonly pid: number | undefined
  start(): void
  restart(): void
  /** Ends it at once; it is started again like after a crash. */
  kill(): void
  /** Asks it to drain, then ends it and all it started. */
  stop(graceMs: number): Promise<void>
}

/**
 * What keeps a program small without making it slower: less room for young objects than V8 would take (48 MB), one thread for its
 * compilations where nobody waits for them, and an allocator that gives back (glibc's would keep a pool for each thread).
 */
const giveBack = (pools: number) => ({
  MALLOC_ARENA_MAX: String(pools),
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '131072',
})
export const thrift: Record<string, { options: readonly string[]; environment: Record<string, string> }> = {
  server: { options: ['--max-semi-space-size=8'], environment: giveBack(2) },
  worker: { options: ['--max-semi-space-size=2', '--v8-pool-size=1'], environment: giveBack(1) },
}

const pausesMs = [500, 1_000, 2_000, 5_000, 10_000, 30_000]
const settledMs = 60_000

export function manageChild(plan: ChildPlan, output: Output, onPid: () => void): Child {
  let process_: ChildProcess | undefined
  let wanted = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  const start = () => {
    wanted = true
    clearTimeout(timer)
    const startedAt = Date.now()
    const child = launch(plan, output)
    process_ = child
    onPid()
    child.once('exit', (code, signal) => {
      if (process_ !== child) return
      process_ = undefined
      onPid()
      // A killed child may leave helpers (a training run, say) in its group.
      signalGroup(child.pid, 'SIGKILL')
      if (!wanted) return
      failures = Date.now() - startedAt > settledMs ? 1 : failures + 1
      const pause = pausesMs[Math.min(failures, pausesMs.length) - 1] as number
      output.line(`ended unexpectedly (${signal ?? `code ${code}`}); starting again in ${pause / 1000} s`)
      timer = setTimeout(start, pause)
    })
  }

  const stop = async (graceMs: number) => {
    wanted = false
    clearTimeout(timer)
    const child = process_
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const ended = await Promise.race([gone.then(() => true), sleep(graceMs, false, { ref: false })])
    if (!ended) output.line(`did not end within ${graceMs} ms and is killed`)
    signalGroup(child.pid, 'SIGKILL')
    await gone
  }

  return {
    name: plan.name,
    get failures() {
      return failures
    },
    get pid() {
      return process_?.pid
    },
    start,
    stop,
    kill: () => signalGroup(process_?.pid, 'SIGKILL'),
    restart: () => {
      failures = 0
      void stop(3_000).then(start)
    },
  }
}

/** Starts a program once, as every child of an installation is started. */
export function launch(plan: ChildPlan, output: Pick<Output, 'stdout' | 'stderr' | 'line'>): ChildProcess {
  const small = thrift[basename(plan.file, '.mjs')]
  const args = ['--enable-source-maps', '--import', plan.preload, ...(small?.options ?? []), plan.file]
  const child = spawn(process.execPath, args, {
    cwd: plan.cwd,
    env: { ...small?.environment, ...plan.environment } as NodeJS.ProcessEnv,
    // Its own group: the terminal's Ctrl-C reaches only the supervisor, which stops things in order.
    detached: true,
    // The channel closes when the supervisor dies; that is how the child notices.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.stdout?.on('data', output.stdout)
  child.stderr?.on('data', output.stderr)
  child.once('error', (error) => output.line(`cannot be started: ${error.message}`))
  return child
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, name)
  } catch {
    // Nobody is left.
  }
}
