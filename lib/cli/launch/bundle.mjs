/** Bundles the programs in lib/cli to plain JavaScript that Node runs. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { StepError } from './run.mjs'

/** What a bundle may consist of. */
export const bundleInputs = [
  'lib',
  'models',
  'prisma/seed.ts',
  'prisma/schema.prisma',
  'tsconfig.json',
  'package-lock.json',
]

/** @param {string} root @param {string} outdir relative to root */
export function bundleOptions(root, outdir, entries = programs(root)) {
  return {
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // Our own "@/…" is a path, not a package.
    alias: { '@': root },
    sourcemap: true,
    jsx: 'automatic',
    loader: { '.sql': 'text' },
    logLevel: 'silent',
  }
}

export function programs(root) {
  return readdirSync(join(root, 'lib/cli'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `lib/cli/${name}`)
}

/** @param more options of the bundler in place of ours */
export async function bundle(root, outdir, entries, more = {}) {
  const { build, formatMessages } = await import('esbuild')
  try {
    return await build({ ...bundleOptions(root, outdir, entries), ...more })
  } catch (error) {
    const told = await formatMessages(error.errors ?? [], { kind: 'error', color: process.stdout.isTTY === true })
    throw new StepError('The programs cannot be bundled.', told.join('\n') || error.message)
  }
}

/** The bundler's own process would stay as long as ours, with 70 MB; it comes back when something is bundled again. */
export async function endBundler() {
  const { stop } = await import('esbuild')
  await stop()
}

/** One bench. */
export function bundleBench(root, name, outdir = '.build/bench') {
  return bundle(root, outdir, [`tests/bench/${name}.ts`])
}

/** The benches are programs of the tests, one file per name. */
export function benches(root) {
  const folder = join(root, 'tests/bench')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3))
}
