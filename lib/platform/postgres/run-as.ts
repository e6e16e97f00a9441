/** Decides as whom the embedded PostgreSQL runs: its programs refuse to be root. */
import { execFile, type SpawnOptions } from 'node:child_process'
import { chown, mkdir, readFile, stat } from 'node:fs/promises'
import { StartupError } from './startup-error'

export interface RunAs {
  /** Put in front of the program's own command line. */
  readonly prefix: readonly string[]
  readonly ids: Pick<SpawnOptions, 'uid' | 'gid'>
  readonly how: 'self' | 'namespace' | 'user'
}

const asSelf: RunAs = { prefix: [], ids: {}, how: 'self' }
const inNamespace: RunAs = {
  // The server is uid 1000 inside a user namespace; on disk everything still belongs to root.
  prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000'],
  ids: {},
  how: 'namespace',
}

/** `folder` will hold the cluster; it is made here and given to the user the server runs as. */
export async function chooseRunAs(folder: string, postgres: string): Promise<RunAs> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (process.getuid?.() !== 0) return asSelf
  const owner = await stat(folder)
  // A folder that a user's server filled earlier goes on under that user.
  if (owner.uid !== 0) return asUser(owner.uid, owner.gid)
  if (await succeeds([...inNamespace.prefix, postgres, '--version'])) return inNamespace
  for (const name of ['postgres', 'lingxi', 'nobody']) {
    const user = await findUser(name)
    if (user === undefined) continue
    const candidate = asUser(user.uid, user.gid)
    await chown(folder, user.uid, user.gid)
    // The user must be able to reach both the programs and the data folder.
    if ((await succeeds([postgres, '--version'], candidate, folder)) && (await succeeds(['ls', folder], candidate))) {
      return candidate
    }
    await chown(folder, 0, 0)
  }
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

async function findUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const list = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const row = list.split('\n').find((line) => line.startsWith(`${name}:`))
  const [, , uid, gid] = row?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}
