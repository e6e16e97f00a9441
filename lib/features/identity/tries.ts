/** How often a person or an address may try: password guessing and mail flooding end here. */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'

const quarter = 15 * 60

interface Limit {
  points: number
  /** Seconds. */
  duration: number
}

/** Behind one network address may sit a whole office: how much it may do says the installation. */
const limitsOf = (env: Env) => ({
  /** Tries on one person's password. */
  person: { points: 10, duration: quarter },
  /** Tries from one network address, whoever they aim at. */
  address: { points: env.LINGXI_TRIES_PER_QUARTER, duration: quarter },
  /** Codes of one person's second factor: three of a million are right at any time, so a guesser needs years. */
  code: { points: 10, duration: quarter },
  codeDay: { points: 50, duration: 86_400 },
  /** New passwords after which a person's codes may be tried anew. */
  codeReset: { points: 1, duration: 86_400 },
  /** Mails asked for one person. */
  mail: { points: 5, duration: quarter },
  /** New accounts from one network address. */
  signUp: { points: env.LINGXI_SIGN_UPS_PER_HOUR, duration: 3_600 },
})
export type TryKind = keyof ReturnType<typeof limitsOf>

// Both copies of this module in one process (ours and the one Next bundles) must count together.
const place = globalThis as typeof globalThis & { lingxiTries?: Map<string, RateLimiterMemory> }

function limiterOf({ services }: Ctx, kind: TryKind): RateLimiterMemory {
  place.lingxiTries ??= new Map()
  const limit: Limit = limitsOf(services.env)[kind]
  const name = `${kind} ${limit.points}`
  let limiter = place.lingxiTries.get(name)
  if (!limiter) {
    limiter = new RateLimiterMemory(limit)
    place.lingxiTries.set(name, limiter)
  }
  return limiter
}

/** Counts one try. @throws rate_limited with the seconds to wait */
export async function spendTry(ctx: Ctx, kind: TryKind, who: string): Promise<void> {
  if (!who) return
  try {
    await limiterOf(ctx, kind).consume(who)
  } catch (refused) {
    const wait = (refused as RateLimiterRes).msBeforeNext ?? 1_000
    throw new AppError('rate_limited', { retryAfter: Math.ceil(wait / 1_000) })
  }
}

/** A right answer clears the person's count. */
export const forgiveTries = (ctx: Ctx, kind: TryKind, who: string): Promise<boolean> => limiterOf(ctx, kind).delete(who)

/** A try that was right does not count. */
export const returnTry = (ctx: Ctx, kind: TryKind, who: string): Promise<RateLimiterRes> =>
  limiterOf(ctx, kind).reward(who)

/** Answers after `least` milliseconds whatever happened inside, so that the time tells nothing. */
export async function inEqualTime<T>(least: number, work: () => Promise<T>): Promise<T> {
  const pause = new Promise((resolve) => setTimeout(resolve, least))
  try {
    return await work()
  } finally {
    await pause
  }
}
