/** Decides as whom the embedded PostgreSQL runs: its programs refuse to be root. */
import { execFile, type SpawnOptions } from 'node:child_process'
import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartupError } from './startup-error'

export interface RunAs {
  /** Put in front of the program's own command line. */
  readonly prefix: readonly string[]
  readonly ids: Pick<SpawnOptions, 'uid' | 'gid'>
  readonly how: 'self' | 'namespace' | 'user'
}

const asSelf: RunAs = { prefix: [], ids: {}, how: 'self' }

/** `folder` will hold the cluster; it is made here and given to the user the server runs as. */
export async function chooseRunAs(folder: string, postgres: string): Promise<RunAs> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const users = await listUsers()
  const uid = process.getuid?.()
  if (uid === undefined) return asSelf
  if (uid !== 0) {
    // initdb looks its user up by name; a container may run under a number that has none.
    if (users.some((user) => user.uid === uid)) return asSelf
    return (await inNamespace(users, postgres)) ?? asSelf
  }
  const owner = await stat(folder)
  // A folder that a user's server filled earlier goes on under that user.
  if (owner.uid !== 0) return asUser(owner.uid, owner.gid)
  return (await inNamespace(users, postgres)) ?? (await asUnprivileged(users, folder, postgres)) ?? refuse()
}

/** The server has an unprivileged user's number inside a user namespace; on disk everything stays with whom we are. */
async function inNamespace(users: readonly User[], postgres: string): Promise<RunAs | undefined> {
  const user = users.find(({ name }) => name === 'nobody') ?? users.find((one) => one.uid !== 0)
  if (user === undefined) return undefined
  const prefix = ['unshare', '--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`]
  return (await succeeds([...prefix, postgres, '--version'])) ? { prefix, ids: {}, how: 'namespace' } : undefined
}

async function asUnprivileged(users: readonly User[], folder: string, postgres: string): Promise<RunAs | undefined> {
  // Others may pass through the data folder to reach the cluster; what else lies there stays closed to them.
  await chmod(dirname(folder), 0o711)
  for (const name of ['postgres', '_postgres', 'lingxi', 'nobody']) {
    const user = users.find((one) => one.name === name)
    if (user === undefined) continue
    const candidate = asUser(user.uid, user.gid)
    await chown(folder, user.uid, user.gid)
    // The user must be able to reach both the programs and the data folder.
    const reaches = await succeeds([postgres, '--version'], candidate, folder)
    if (reaches && (await succeeds(['/bin/ls', folder], candidate))) return candidate
    await chown(folder, 0, 0)
  }
  return undefined
}

function refuse(): never {
  throw new StartupError(
    'PostgreSQL refuses to run as root, and here neither a user namespace nor an unprivileged user can reach the data folder. Start Lingxi as an ordinary user, or set DATABASE_URL to a PostgreSQL 15 or newer.',
  )
}

function asUser(uid: number, gid: number): RunAs {
  return { prefix: [], ids: { uid, gid }, how: 'user' }
}

function succeeds(command: readonly string[], runAs: RunAs = asSelf, cwd = '/'): Promise<boolean> {
  const [program = '', ...rest] = command
  return new Promise((resolve) => {
    try {
      execFile(program, rest, { ...runAs.ids, cwd, timeout: 5_000 }, (error) => resolve(error === null))
    } catch {
      resolve(false)
    }
  })
}

interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

async function listUsers(): Promise<User[]> {
  const list = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return list.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    // macOS calls its nobody -2, which no call takes.
    return name && Number(uid) >= 0 && Number(gid) >= 0 ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
