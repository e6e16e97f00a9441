/** Puts a finished bundle where it is looked for, under the name that says whose it is and what it holds. */
import { existsSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BundleError } from './error'
import { bundleName } from './name'
import { type ReadOptions, readBundle } from './read'

/** @param aside where what is in the way goes; a name that no bundle has @returns its place */
export function putBundle(
  draft: string,
  aside: string,
  { expected, trustedKeys }: Required<Pick<ReadOptions, 'expected'>> & ReadOptions,
): string {
  const place = join(dirname(draft), bundleName(expected.id, expected.digest))
  if (existsSync(place)) {
    if (isWhole(place, { expected, ...(trustedKeys ? { trustedKeys } : {}) })) {
      // The same task gave the same bundle before: its files may be open, so they stay.
      utimesSync(place, new Date(), new Date())
      return place
    }
    // Damaged, it is gone whole before the good one comes whole: who reads it just then looks again.
    renameSync(place, aside)
  }
  renameSync(draft, place)
  rmSync(aside, { recursive: true, force: true })
  return place
}

function isWhole(place: string, options: ReadOptions): boolean {
  try {
    readBundle(place, options)
    return true
  } catch (error) {
    if (error instanceof BundleError) return false
    throw error
  }
}
