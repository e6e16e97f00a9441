/** Removes what changes replaced once nobody can take them back any more; it may hold a text that somebody has removed. */
import { removeOldUndos } from '@/lib/features/undo/write'
import type { Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

/** Returns how many were removed. */
export const pruneUndos = async (services: Services, now: Date): Promise<number> =>
  (await asSystem(services, 'remove what can be taken back no more', (tx) => removeOldUndos(tx, now))).count
