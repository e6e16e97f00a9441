/** A PostgreSQL that is not ours (Debian's), on a folder and port of its own — where one is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser } from '@/lib/platform/postgres/external'
import { freePort } from '@/lib/platform/postgres/free-port'
import { stopPostmaster } from '@/lib/platform/postgres/postmaster'
import { chooseRunAs } from '@/lib/platform/postgres/run-as'
import { temporaryFolder, until } from './installation'

export interface OwnServer {
  /** Superuser's address of a database. */
  url(database: string): string
  stop(): Promise<void>
}

/** undefined where no server is installed. */
export async function startOwnServer(): Promise<OwnServer | undefined> {
  const programs = findPrograms()
  if (programs === undefined) return undefined
  const home = temporaryFolder()
  const folder = join(home.path, 'pg')
  const words = join(home.path, 'word')
  writeFileSync(words, 'keeper of all\n')
  const runAs = await chooseRunAs(folder, join(programs, 'postgres'))
  const command = (name: string, args: string[]) =>
    [...runAs.prefix, join(programs, name), ...args] as [string, ...string[]]
  const [init, ...initArgs] = command('initdb', [
    '-D',
    folder,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${words}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ])
  const made = spawnSync(init, initArgs, { ...runAs.ids, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(made.stderr)
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off']
  const [program, ...args] = command('postgres', ['-D', folder, '-p', String(port), ...settings])
  const child: ChildProcess = spawn(program, args, { ...runAs.ids, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  if (!(await until(() => said.includes('ready to accept connections'), 20_000))) throw new Error(said)
  return {
    url: (database) => asUser(`postgresql://127.0.0.1:${port}/${database}`, 'postgres', 'keeper of all'),
    stop: async () => {
      await stopPostmaster(child.pid as number, 5_000)
      home.remove()
    },
  }
}

/** The folder of the newest server's programs, where one is installed. */
export function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).filter((name) => Number(name) >= 15)
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest && existsSync(join(root, newest, 'bin/initdb')) ? join(root, newest, 'bin') : undefined
}

/** The packaged PostgreSQL 18 as if it were a provider's: newer versions are stricter about who may grant what. */
export async function startNewestServer(): Promise<OwnServer> {
  const home = temporaryFolder()
  const folder = join(home.path, 'pg')
  const server = await startEmbedded({ folder, ownerPassword: 'word', logFile: join(home.path, 'log'), durable: false })
  return {
    url: server.url,
    stop: async () => {
      await server.stop()
      home.remove()
    },
  }
}
