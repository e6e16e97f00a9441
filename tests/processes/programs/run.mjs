/** Starts the real supervisor over the stand-in programs beside it; the same lock and phases as `npm start`. */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const [root, dataDir, port, mode = 'start'] = process.argv.slice(2)
const launch = (name) => import(pathToFileURL(join(root, 'lib/cli/launch', name)).href)
const { takeLock } = await launch('lock.mjs')
const { phase } = await launch('progress.mjs')
const { release, holder } = takeLock(join(dataDir, mode === 'start' ? 'lock.json' : `lock-${mode}.json`))
if (holder) {
  console.error(`already running (process ${holder.pid})`)
  process.exit(1)
}
process.once('exit', release)
const { supervise } = await import('./supervisor.mjs')
try {
  const options = { port: Number(port), host: '127.0.0.1', dataDir, demo: true, mode, root: here }
  await supervise({ ...options, bundles: here, environment: process.env, phase })
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
