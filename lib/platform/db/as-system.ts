/** The named exception to inAccount: acts that cross accounts, on a role of their own, each with its reason in the log. */
import type { Services } from '../context'
import type { Tx } from './in-account'
import { asAppError, isClash } from './trouble'

/** Runs `work` in one transaction of the system role (see the grants in prisma/migrations for what it may touch). */
export async function asSystem<T>(services: Services, reason: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  services.log.debug({ reason }, 'as system')
  for (let attempt = 1; ; attempt++) {
    try {
      return await services.database.system.$transaction(work, { maxWait: 4_000, timeout: 12_000 })
    } catch (error) {
      if (isClash(error) && attempt < 4) continue
      throw asAppError(error)
    }
  }
}
