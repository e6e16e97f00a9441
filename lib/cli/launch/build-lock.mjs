/** Lets one launch at a time install and build in this checkout. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { waitForLock } from './lock.mjs'

/** Two launches at once take turns; the second then finds everything done. */
export async function withBuildLock(root, work) {
  mkdirSync(join(root, '.build'), { recursive: true })
  const release = await waitForLock(join(root, '.build', 'build.lock'), (holder) =>
    process.stdout.write(`  … waiting for another build (process ${holder.pid})\n`),
  )
  try {
    return await work()
  } finally {
    release()
  }
}
