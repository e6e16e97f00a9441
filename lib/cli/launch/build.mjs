/** The build steps between a clone and a running Lingxi; each is skipped while its inputs are unchanged. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { withBuildLock } from './build-lock.mjs'
import { bundle, bundleInputs, endBundler } from './bundle.mjs'
import { refuseUndeclared } from './doors.mjs'
import { digestOf, whenChanged } from './fingerprint.mjs'
import { phase } from './progress.mjs'
import { runQuietly } from './run.mjs'

const sourceOnly = (path) => /\.(ts|tsx|mjs|cjs|js|json|css|prisma|sql|woff2|svg|html)$/.test(path)

export function generateClient(root, environment) {
  const digest = digestOf(root, ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'])
  return whenChanged(root, 'prisma', digest, ['lib/platform/db/generated/client.ts'], () =>
    phase('Generating the database client', () =>
      runQuietly(process.execPath, [join(root, 'node_modules/prisma/build/index.js'), 'generate'], {
        cwd: root,
        // Any existing file will do: "generate" never runs the engine, it only insists on downloading one.
        env: {
          ...environment,
          PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
          CHECKPOINT_DISABLE: '1',
        },
      }),
    ),
  )
}

export function buildPrograms(root, outdir = '.build/cli') {
  const digest = digestOf(root, bundleInputs, sourceOnly)
  return whenChanged(root, outdir.replaceAll('/', '-'), digest, [`${outdir}/supervisor.mjs`], () =>
    phase('Bundling the programs', () => bundle(root, outdir)),
  )
}

export function buildWidget(root, outdir = '.build/cli') {
  if (!existsSync(join(root, outdir, 'build-widget.mjs'))) return false
  const digest = digestOf(root, ['app/widget', 'lib/cli/build-widget.ts', 'lib/words', 'package-lock.json'], sourceOnly)
  return whenChanged(root, 'widget', digest, ['public/widget.js'], () =>
    phase('Building the widget', async () => {
      const module = await import(pathToFileURL(join(root, outdir, 'build-widget.mjs')).href)
      await module.buildWidget({ minify: true, watch: false })
    }),
  )
}

const pages = ['app', 'lib', 'models', 'prisma/schema.prisma', 'next.config.js', 'postcss.config.mjs', 'tsconfig.json']

export function buildPages(root, environment) {
  refuseUndeclared(root)
  const digest = digestOf(
    root,
    [...pages, 'package-lock.json'],
    (path) => sourceOnly(path) && !path.startsWith('lib/cli/'),
  )
  return whenChanged(root, 'next', digest, ['.next/BUILD_ID'], () =>
    phase('Building the pages', () =>
      runQuietly(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
        cwd: root,
        env: {
          ...environment,
          NODE_ENV: 'production',
          NEXT_TELEMETRY_DISABLED: '1',
        },
      }),
    ),
  )
}

/** Everything `npm start` needs. */
export function buildAll(root, environment) {
  return withBuildLock(root, async () => {
    await generateClient(root, environment)
    const bundled = await buildPrograms(root)
    const drawn = await buildWidget(root)
    await buildPages(root, environment)
    if (bundled || drawn) await endBundler()
  })
}

/** What programs without pages need (train, migrate, bench). */
export function buildProgramsOnly(root, environment) {
  return withBuildLock(root, async () => {
    await generateClient(root, environment)
    await buildPrograms(root)
  })
}
