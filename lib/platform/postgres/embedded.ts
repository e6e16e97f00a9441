/** Runs the embedded PostgreSQL 18: makes the cluster once, starts it on a free local port, stops it cleanly. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, findBinaries } from './binaries'
import { type ClusterOptions, createCluster, ownerRole } from './cluster'
import { freePort } from './free-port'
import { readPostmaster, stopOrphan, stopPostmaster } from './postmaster'
import { chooseRunAs, type RunAs } from './run-as'
import { serverSettings } from './server-settings'
import { StartupError } from './startup-error'

export interface EmbeddedOptions extends ClusterOptions {
  readonly logFile: string
  /** A fixed port lets pools reconnect after the server was restarted. */
  readonly port?: number
}

export interface EmbeddedServer {
  readonly port: number
  readonly pid: number
  /** How a server of an earlier run was found. */
  readonly orphan: 'none' | 'stopped' | 'stale'
  url(database: string): string
  /** Resolves when the server process is gone, wanted or not. */
  readonly exited: Promise<void>
  stop(graceMs?: number): Promise<void>
}

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const binaries = await findBinaries()
  const runAs = await chooseRunAs(options.folder, binaries.postgres)
  await createCluster(options, binaries, runAs)
  const orphan = await stopOrphan(options.folder)
  // Backends of a killed server need a moment to notice; until then its shared memory refuses a new server.
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const child = await launch(options, binaries, runAs, port)
    if (await becomesReady(child, options.folder)) return describe(options, child, port, orphan)
    if (attempt === 4) {
      throw new StartupError(
        `The embedded PostgreSQL does not start: ${(await lastLine(options.logFile)) || 'it ended at once'} (see ${options.logFile}).`,
      )
    }
    await sleep(attempt * 400)
  }
}

function describe(
  options: EmbeddedOptions,
  child: ChildProcess,
  port: number,
  orphan: EmbeddedServer['orphan'],
): EmbeddedServer {
  const pid = child.pid as number
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })
  // The watcher goes with its server, so that it never outlives it and signals a stranger.
  void exited.then(watchParent(pid))
  return {
    port,
    pid,
    orphan,
    exited,
    url: (database) => `postgresql://${ownerRole}:${options.ownerPassword}@127.0.0.1:${port}/${database}`,
    stop: async (graceMs = 5_000) => {
      await stopPostmaster(pid, graceMs)
      await exited
    },
  }
}

async function launch(options: EmbeddedOptions, binaries: Binaries, runAs: RunAs, port: number): Promise<ChildProcess> {
  await mkdir(dirname(options.logFile), { recursive: true })
  const size = await stat(options.logFile)
    .then((found) => found.size)
    .catch(() => 0)
  if (size > 5_000_000) await rename(options.logFile, `${options.logFile}.1`)
  const log = await open(options.logFile, 'a', 0o600)
  try {
    const wanted = Object.entries(serverSettings(options.durable !== false)).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const command = [...runAs.prefix, binaries.postgres, '-D', options.folder, '-p', String(port), ...wanted]
    const [program = '', ...args] = command
    // Its own process group: Ctrl-C at the terminal reaches the supervisor only, which stops the server last.
    const child = spawn(program, args, {
      ...runAs.ids,
      cwd: options.folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    child.once('error', () => undefined)
    return child
  } finally {
    await log.close()
  }
}

async function becomesReady(child: ChildProcess, folder: string): Promise<boolean> {
  // Crash recovery after a power loss may take a while; the process is watched, not a short clock.
  for (let waited = 0; waited < 120_000; waited += 20) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false
    const state = await readPostmaster(folder)
    if (state?.pid === child.pid && state.ready) return true
    await sleep(20)
  }
  await stopPostmaster(child.pid as number, 1_000)
  return false
}

/**
 * A shell that waits on a pipe from this process. When this process is killed the pipe closes and the shell stops the
 * server, a few seconds later so that requests in progress may end; nothing is left running without an owner.
 */
function watchParent(pid: number): () => void {
  if (process.platform === 'win32') return () => undefined
  const script = `read -r word; [ "$word" = done ] || { sleep 3; kill -INT ${pid} 2>/dev/null; }`
  const shell = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.once('error', () => undefined)
  shell.stdin.on('error', () => undefined)
  shell.unref()
  ;(shell.stdin as unknown as { unref?: () => void }).unref?.()
  return () => shell.stdin.end('done\n')
}

async function lastLine(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return (
    text
      .trim()
      .split('\n')
      .findLast((line) => /FATAL|PANIC|ERROR|error/.test(line)) ?? ''
  )
}
