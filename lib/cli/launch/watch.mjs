/** Hot reload for `npm run dev`: bundles again on each change and restarts the programs whose bundle became another. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleOptions } from './bundle.mjs'

/** @param {{ restart: (name: string) => void, onStop: (work: () => unknown) => void, children: string[] }} running */
export async function watch(root, outdir, running) {
  const { context, formatMessages } = await import('esbuild')
  const seen = new Map(running.children.map((name) => [name, digest(root, outdir, name)]))
  const restartChanged = {
    name: 'restart-changed',
    setup(build) {
      build.onEnd(async (result) => {
        if (result.errors.length > 0) {
          // The programs keep running on what worked last.
          console.error(
            (
              await formatMessages(result.errors, {
                kind: 'error',
                color: true,
              })
            ).join('\n'),
          )
          return
        }
        for (const [name, before] of seen) {
          const now = digest(root, outdir, name)
          seen.set(name, now)
          if (now !== before && now !== undefined) running.restart(name)
        }
      })
    },
  }
  const bundling = await context({
    ...bundleOptions(root, outdir),
    plugins: [restartChanged],
  })
  await bundling.watch({ delay: 400 })
  running.onStop(() => bundling.dispose())
  await watchWidget(root, outdir, running)
}

async function watchWidget(root, outdir, running) {
  const file = join(root, outdir, 'build-widget.mjs')
  if (!existsSync(file)) return
  const { buildWidget } = await import(pathToFileURL(file).href)
  try {
    // What this leaves in public/ is not what `npm start` serves: let that build its own again.
    rmSync(join(root, '.build', 'stamps', 'widget'), { force: true })
    const watching = await buildWidget({ minify: false, watch: true })
    running.onStop(() => watching?.dispose?.())
  } catch (error) {
    console.error(`The widget does not build: ${error.message}`)
  }
}

function digest(root, outdir, name) {
  const file = join(root, outdir, `${name}.mjs`)
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : undefined
}
