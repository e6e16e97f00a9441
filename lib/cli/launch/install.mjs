/** Installs the packages of package-lock.json when they are missing or other than it says. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withBuildLock } from './build-lock.mjs'
import { digestOf } from './fingerprint.mjs'
import { phase } from './progress.mjs'
import { runQuietly } from './run.mjs'

/** One at a time: two installations into the same folder would tear each other's packages apart. */
export function ensurePackages(root, environment) {
  return withBuildLock(root, () => installWhenNeeded(root, environment))
}

async function installWhenNeeded(root, environment) {
  const digest = digestOf(root, ['package-lock.json'])
  const stamp = join(root, 'node_modules', '.lingxi-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  if (!installedAsLocked(root)) {
    await phase('Installing packages', () => {
      // --include=dev: an environment with NODE_ENV=production would leave out what building needs.
      const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
      const npm = environment.npm_execpath
      return npm?.endsWith('.js')
        ? runQuietly(process.execPath, [npm, ...args], {
            cwd: root,
            env: environment,
          })
        : runQuietly('npm', args, { cwd: root, env: environment })
    })
  }
  writeFileSync(stamp, digest)
}

/** npm writes what it installed beside the packages; somebody may have run `npm ci` by hand. */
function installedAsLocked(root) {
  try {
    const installed = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    return Object.entries(wanted).every(([path, entry]) => {
      // Packages for other platforms are in the lock file only.
      if (path === '' || entry.optional || entry.devOptional || entry.link) return true
      return installed[path]?.version === entry.version && existsSync(join(root, path))
    })
  } catch {
    return false
  }
}
