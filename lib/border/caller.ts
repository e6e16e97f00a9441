/** From whose network a request comes, and the context its flow runs in. */
import type { IncomingMessage } from 'node:http'
import type { Env } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import type { Locale } from '@/lib/core/locale'
import { callerOf } from '@/lib/core/networks'
import { Recent } from '@/lib/core/recent'
import type { Actor, Ctx, Services } from '@/lib/platform/context'

/** Our own header towards pages: always overwritten on the way in, so nobody outside can set it. */
export const addressHeader = 'x-lingxi-address'

/** What is longer is no address. */
const longestAddress = 64
/** Taking an address apart costs 15 µs, as much as all else that is asked of a request before its work; a caller's stays the same. */
const callers = new Recent<string>(20_000)
const known = (text: string): string => (text.length > longestAddress ? text : callers.get(text, () => callerOf(text)))

/** A page of this server: under the name it is asked by, or the one people use, where a proxy in front asks by another. */
export function isOwnPage(env: Pick<Env, 'LINGXI_PUBLIC_URL'>, origin: string, host: string | null = null): boolean {
  if (!URL.canParse(origin)) return false
  const own = env.LINGXI_PUBLIC_URL ? new URL(env.LINGXI_PUBLIC_URL).host : host
  return [host, own].includes(new URL(origin).host)
}

/** The network address that limits count: see callerOf. */
export function addressOf(request: IncomingMessage, services: Pick<Services, 'env'>): string {
  if (services.env.LINGXI_TRUST_PROXY) {
    // The last entry is the one that our own proxy added; those before it are what a caller claims.
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim()
    if (forwarded) return known(forwarded)
  }
  return known(request.socket.remoteAddress ?? '')
}

export const makeCtx = (services: Services, actor: Actor, accountId: string, locale: Locale): Ctx => ({
  services,
  actor,
  accountId,
  locale,
  now: () => new Date(),
  newId,
  random: Math.random,
})
