/** What Next may answer besides pages: everything else it would serve by its name alone is in no registry, so a build refuses it. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from './options.mjs'

/** The handlers of Next, all of them: the sign-in library's own door, which lib/border/auth holds to its list. */
const handlers = ['app/api/auth/[...nextauth]/route.ts']

/** Names under which Next serves what a file of `app` answers. */
const served = /^(route|sitemap|robots|manifest|(icon|apple-icon|opengraph-image|twitter-image)\d*)\.[cm]?[jt]sx?$/
/** Names at the root (or in src) that stand before every page. */
const before = /^(middleware|proxy|instrumentation)\.[cm]?[jt]sx?$/

function files(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  )
}

const named = (pattern) => (path) => pattern.test(path.slice(path.lastIndexOf('/') + 1))

/** Paths of what Next would serve though nothing declares it. */
export function undeclared(root) {
  return [
    ...['pages', 'src'].filter((folder) => existsSync(join(root, folder))).map((folder) => `${folder}/`),
    ...readdirSync(root).filter(named(before)),
    ...files(root, 'app').filter((path) => named(served)(path) && !handlers.includes(path)),
  ]
}

/** @throws UsageError */
export function refuseUndeclared(root) {
  const [path] = undeclared(root)
  if (path)
    throw new UsageError(
      `Next would answer for ${path}, which no route declares: put it into lib/border/routes instead.`,
    )
}
