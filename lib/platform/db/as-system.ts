/** The named exception to inAccount: acts that cross accounts, on a role of their own, each counted and logged by its reason. */
import type { Services } from '../context'
import type { Tx } from './in-account'
import { asAppError, isClash } from './trouble'

interface Crossing {
  times: number
  /** When the log was last told, and how many there had been by then. */
  told: { at: number; times: number }
}

/** Two copies of this module may live in one process (ours and the one Next bundles): they count together. */
const place = globalThis as typeof globalThis & { lingxiCrossings?: Map<string, Crossing> }

/** How often each reason crossed accounts in this process, for /api/metrics. */
export function crossings(): Map<string, Crossing> {
  place.lingxiCrossings ??= new Map()
  return place.lingxiCrossings
}

/** Jobs look into every account each second: the log names a reason when it first occurs, and then their number by the hour. */
const hour = 3_600_000

function note({ log }: Services, reason: string): void {
  const now = performance.now()
  const known = crossings().get(reason)
  const crossing = known ?? { times: 0, told: { at: Number.NEGATIVE_INFINITY, times: 0 } }
  if (!known) crossings().set(reason, crossing)
  const { told } = crossing
  crossing.times++
  if (now - told.at < hour) return
  log.info({ reason, times: crossing.times - told.times }, 'as system')
  crossing.told = { at: now, times: crossing.times }
}

/** Runs `work` in one transaction of the system role (see the grants in prisma/migrations for what it may touch). */
export async function asSystem<T>(services: Services, reason: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  note(services, reason)
  for (let attempt = 1; ; attempt++) {
    try {
      return await services.database.system.$transaction(work, { maxWait: 4_000, timeout: 12_000 })
    } catch (error) {
      if (isClash(error) && attempt < 4) continue
      throw asAppError(error)
    }
  }
}
