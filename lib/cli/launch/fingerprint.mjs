/** Remembers from which inputs a step made its output, so that it runs again only when they changed. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Written by tools, never by hand. */
const skipped = new Set(['node_modules', '.next', '.build', '.git', 'data', 'generated', 'test-results'])

/** A digest over names and contents of files and folders (relative to root); what is absent counts as absent. */
export function digestOf(root, paths, accept = () => true) {
  const hash = createHash('sha256')
  for (const path of paths) addPath(hash, root, path, accept)
  return hash.digest('hex')
}

function addPath(hash, root, path, accept) {
  const full = join(root, path)
  if (!existsSync(full)) {
    hash.update(`absent ${path}\n`)
  } else if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      if (!skipped.has(name)) addPath(hash, root, `${path}/${name}`, accept)
    }
  } else if (accept(path)) {
    hash.update(`${path}\n`)
    hash.update(readFileSync(full))
  }
}

/** Runs `work` unless `outputs` exist and were made from the same `digest`. Says whether it ran. */
export async function whenChanged(root, step, digest, outputs, work) {
  const stamp = join(root, '.build', 'stamps', step)
  const same = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest
  if (same && outputs.every((path) => existsSync(join(root, path)))) return false
  // A step that fails half-way has spoilt its output: the old stamp no longer speaks for it.
  rmSync(stamp, { force: true })
  await work()
  mkdirSync(join(root, '.build', 'stamps'), { recursive: true })
  writeFileSync(stamp, digest)
  return true
}
