/** `start`, `dev`, `web` and `worker`: prepares what is missing, then becomes the supervisor. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildAll, buildPrograms, generateClient } from './build.mjs'
import { withBuildLock } from './build-lock.mjs'
import { refuseUndeclared } from './doors.mjs'
import { ensurePackages } from './install.mjs'
import { takeLock } from './lock.mjs'
import { readOptions, UsageError } from './options.mjs'
import { portSentence, probePort } from './port.mjs'
import { phase } from './progress.mjs'

export async function serve(mode, words, root, environment) {
  const options = readOptions(words, environment, root)
  const lockFile = join(options.dataDir, mode === 'web' || mode === 'worker' ? `lock-${mode}.json` : 'lock.json')
  makeFolder(options.dataDir)
  // Before anything slow: a second start on the same folder must be told at once.
  const { release, holder } = takeLock(lockFile)
  if (holder) {
    throw new UsageError(
      `Lingxi is already running on ${options.dataDir} (process ${holder.pid}, since ${holder.startedAt}). Stop it first, or choose another --data-dir.`,
    )
  }
  process.once('exit', release)
  endWithNpm(environment)
  await refuseTakenPort(mode, options)
  const outdir = mode === 'dev' ? '.build/dev' : '.build/cli'
  await ensurePackages(root, environment)
  if (mode === 'dev') await prepareDev(root, environment, outdir)
  else await buildAll(root, environment)
  const { supervise } = await import(pathToFileURL(join(root, outdir, 'supervisor.mjs')).href)
  await supervise({
    ...options,
    mode,
    root,
    bundles: join(root, outdir),
    environment,
    phase,
    onStarted: async (running) => {
      if (mode !== 'dev') return
      const { watch } = await import('./watch.mjs')
      await watch(root, outdir, running)
    },
  })
}

function makeFolder(dataDir) {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    const why = {
      EEXIST: 'it is a file',
      ENOTDIR: 'a part of its path is a file',
      EACCES: 'this user may not write there',
    }
    throw new UsageError(
      `${dataDir} cannot be the data folder: ${why[error.code] ?? error.message}. Choose another with --data-dir.`,
    )
  }
}

/** npm that was killed outright cannot pass the signal on; what it started must not stay behind. */
function endWithNpm(environment) {
  if (environment.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  timer.unref()
}

async function refuseTakenPort(mode, { host, port, dataDir }) {
  // What a killed Lingxi left on the port is cleared by the supervisor, which looks again afterwards.
  if (mode === 'worker' || existsSync(join(dataDir, 'children.json'))) return
  const state = await probePort(host, port)
  if (state !== 'free') throw new UsageError(portSentence(host, port, state))
}

function prepareDev(root, environment, outdir) {
  refuseUndeclared(root)
  return withBuildLock(root, async () => {
    await generateClient(root, environment)
    await buildPrograms(root, outdir)
  })
}
