/** Request limits in memory, one window per route and person. */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../core/errors'
import type { Limits } from './route'

const limiters = new Map<string, RateLimiterMemory>()

/** Counts one request of `person` against `limits`; throws rate_limited with the seconds to wait. */
export function spend(name: string, limits: Limits, person: string): void | Promise<void> {
  const [points, duration] = limits.rate
  const key = `${name} ${points}/${duration}`
  let limiter = limiters.get(key)
  if (!limiter) {
    limiter = new RateLimiterMemory({ points, duration })
    limiters.set(key, limiter)
  }
  return limiter.consume(person).then(
    () => undefined,
    (refused: RateLimiterRes) => {
      throw new AppError('rate_limited', { retryAfter: Math.ceil((refused.msBeforeNext ?? 1_000) / 1_000) })
    },
  )
}
