/** Runs the embedded PostgreSQL 18: makes the cluster once, starts it on a free local port, stops it cleanly. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, findBinaries } from './binaries'
import { freePort } from './free-port'
import { readPostmaster, stopOrphan, stopPostmaster } from './postmaster'
import { chooseRunAs, type RunAs } from './run-as'
import { StartupError } from './startup-error'

/** The superuser of the embedded cluster: it owns the tables and is used for migrations only. */
export const ownerRole = 'lingxi_owner'
const major = '18'

export interface EmbeddedOptions {
  /** Holds the cluster and nothing else. */
  readonly folder: string
  readonly ownerPassword: string
  readonly logFile: string
  /** A fixed port lets pools reconnect after the server was restarted. */
  readonly port?: number
  /** false only for throw-away test clusters: nothing survives a power loss then. */
  readonly durable?: boolean
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
  const port = options.port ?? (await freePort())
  // Backends of a killed server need a moment to notice; until then its shared memory refuses a new server.
  for (let attempt = 1; ; attempt++) {
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

async function createCluster(options: EmbeddedOptions, binaries: Binaries, runAs: RunAs): Promise<void> {
  const version = await readFile(join(options.folder, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version?.trim() === major) return
  if (version !== undefined) {
    throw new StartupError(
      `The data in ${options.folder} belongs to PostgreSQL ${version.trim()}, this Lingxi brings ${major}. Dump it with the older version, or set DATABASE_URL.`,
    )
  }
  // Made beside its place and renamed when complete: a start that was interrupted leaves no half cluster.
  const building = `${options.folder}.new`
  const passwordFile = `${options.folder}.word`
  await rm(building, { recursive: true, force: true })
  await mkdir(building, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, `${options.ownerPassword}\n`, { mode: 0o600 })
  for (const path of [building, passwordFile]) await giveTo(path, runAs)
  try {
    const args = ['-D', building, '--username', ownerRole, '--pwfile', passwordFile, '--auth=scram-sha-256']
    args.push('--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions')
    if (options.durable === false) args.push('--no-sync')
    await runToEnd([...runAs.prefix, binaries.initdb, ...args], runAs, dirname(options.folder))
    await rm(options.folder, { recursive: true, force: true })
    await rename(building, options.folder)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(building, { recursive: true, force: true })
  }
}

async function giveTo(path: string, runAs: RunAs): Promise<void> {
  if (runAs.how !== 'user') return
  await chown(path, runAs.ids.uid as number, runAs.ids.gid as number)
}

async function runToEnd(command: readonly string[], runAs: RunAs, cwd: string): Promise<void> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    ...runAs.ids,
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      said += error.message
      resolve(-1)
    })
    child.once('close', resolve)
  })
  if (code !== 0) throw new StartupError(`The database cluster could not be created: ${said.trim().slice(-600)}`)
}

/** Sized for one machine with everything on it; durability is never traded away outside throw-away test clusters. */
function settings(durable: boolean): Record<string, string> {
  const sync = durable ? 'on' : 'off'
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: durable ? '128MB' : '64MB',
    effective_cache_size: '512MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    wal_level: 'replica',
    min_wal_size: '64MB',
    max_wal_size: '512MB',
    max_wal_senders: '0',
    checkpoint_timeout: '10min',
    random_page_cost: '1.1',
    jit: 'off',
    fsync: sync,
    synchronous_commit: sync,
    // Young tables need statistics soon: see the visitor path's functions in the first migration.
    autovacuum_naptime: '10s',
    full_page_writes: sync,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements and their values may hold what people wrote: they stay out of the log.
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
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
    const wanted = Object.entries(settings(options.durable !== false)).flatMap(([name, value]) => [
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
