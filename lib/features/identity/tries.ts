/** How often a person or an address may try: password guessing and mail flooding end here. */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '@/lib/core/errors'

const quarter = 15 * 60
const kinds = {
  /** Tries on one person's password. */
  person: { points: 10, duration: quarter },
  /** Tries from one network address, whoever they aim at. */
  address: { points: 60, duration: quarter },
  /** Mails asked for one person. */
  mail: { points: 5, duration: quarter },
  /** New accounts from one network address; LINGXI_SIGN_UPS_PER_HOUR says another number. */
  signUp: { points: 20, duration: 3_600 },
} as const
export type TryKind = keyof typeof kinds

// Both copies of this module in one process (ours and the one Next bundles) must count together.
const place = globalThis as typeof globalThis & { lingxiTries?: Map<string, RateLimiterMemory> }

function limiterOf(kind: TryKind, points: number = kinds[kind].points): RateLimiterMemory {
  place.lingxiTries ??= new Map()
  const name = `${kind} ${points}`
  let limiter = place.lingxiTries.get(name)
  if (!limiter) {
    limiter = new RateLimiterMemory({ ...kinds[kind], points })
    place.lingxiTries.set(name, limiter)
  }
  return limiter
}

/** Counts one try. @param points how many there are, where the installation says so @throws rate_limited with the seconds to wait */
export async function spendTry(kind: TryKind, who: string, points?: number): Promise<void> {
  if (!who) return
  try {
    await limiterOf(kind, points).consume(who)
  } catch (refused) {
    const wait = (refused as RateLimiterRes).msBeforeNext ?? 1_000
    throw new AppError('rate_limited', { retryAfter: Math.ceil(wait / 1_000) })
  }
}

/** A right answer clears the person's count. */
export const forgiveTries = (kind: TryKind, who: string): Promise<boolean> => limiterOf(kind).delete(who)

/** Answers after `least` milliseconds whatever happened inside, so that the time tells nothing. */
export async function inEqualTime<T>(least: number, work: () => Promise<T>): Promise<T> {
  const pause = new Promise((resolve) => setTimeout(resolve, least))
  try {
    return await work()
  } finally {
    await pause
  }
}
