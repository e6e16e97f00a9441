/** The real programs with a line of their source changed: what a protection is worth shows where it is missing. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Loader, PluginBuild } from 'esbuild'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { root } from './real-programs'

export interface Change {
  /** Such as lib/border/busy.ts. */
  file: string
  /** Words of it, which stand there once. */
  from: string
  to: string
}

/**
 * Bundles the web server with these changes.
 *
 * @param name of its folder
 * @returns where the bundles are, for `web` of a real house
 */
export const weaken = (name: string, ...changes: Change[]): Promise<string> => weakenThem(['server'], name, ...changes)

/** The same with other programs of lib/cli. */
export async function weakenThem(programs: readonly string[], name: string, ...changes: Change[]): Promise<string> {
  const done = new Set<Change>()
  const setup = (build: PluginBuild) =>
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const wanted = changes.filter(({ file }) => path === join(root, file))
      if (!wanted.length) return undefined
      let contents = await readFile(path, 'utf8')
      for (const change of wanted) {
        const parts = contents.split(change.from)
        if (parts.length !== 2) throw new Error(`${change.file} has "${change.from}" ${parts.length - 1} times`)
        contents = parts.join(change.to)
        done.add(change)
      }
      return { contents, loader: 'ts' as Loader }
    })
  const folder = join('.build/weakened', name)
  const entries = [...programs, 'end-with-parent'].map((program) => `lib/cli/${program}.ts`)
  await bundle(root, folder, entries, {
    plugins: [{ name: 'weaken', setup }],
  })
  if (done.size < changes.length) throw new Error(`of ${changes.length} changes ${done.size} were met`)
  return join(root, folder)
}
