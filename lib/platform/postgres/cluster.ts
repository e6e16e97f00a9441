/** Makes the embedded server's cluster, once, whole or not at all. */
import { spawn } from 'node:child_process'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Binaries } from './binaries'
import type { RunAs } from './run-as'
import { StartupError } from './startup-error'

/** The superuser of the embedded cluster: it owns the tables and is used for migrations only. */
export const ownerRole = 'lingxi_owner'
const major = '18'

export interface ClusterOptions {
  /** Holds the cluster and nothing else. */
  readonly folder: string
  readonly ownerPassword: string
  /** false only for throw-away test clusters: nothing survives a power loss then. */
  readonly durable?: boolean
}

export async function createCluster(options: ClusterOptions, binaries: Binaries, runAs: RunAs): Promise<void> {
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
    // PostgreSQL's own C.UTF-8: not every system has one (macOS does not), and those that have differ.
    args.push(
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    )
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
