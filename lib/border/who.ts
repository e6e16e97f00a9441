/** Who is asking: the cookie names a session, the database says (at most half a second ago) whether it still lives. */
import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '@/lib/core/errors'
import { closestLocale, type Locale } from '@/lib/core/locale'
import { membershipOf, type Place } from '@/lib/features/accounts/read'
import { type CookieClaim, cookieName, findCookie, openCookie } from '@/lib/features/identity/cookie'
import { type LiveSession, readSession, seenEvery, touchSession } from '@/lib/features/identity/sessions'
import type { Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { Remembered } from './remembered'

export interface Who {
  userId: string
  sessionId: string
  name: string
  email: string
  locale: Locale
  operator: boolean
  /** The session is to go on under a new id. */
  aged: boolean
}

/** What of the services this file needs: pages and tests have them too. */
type Asked = Pick<Services, 'env' | 'database' | 'log'>

/** How old an answer about a session or a membership may be, milliseconds: revocation holds everywhere within a second. */
export const staleness = 400

interface Memory {
  claims: Remembered<CookieClaim | null>
  sessions: Remembered<LiveSession | null>
  members: Remembered<Place | null>
}

// Two copies of this module may live in one process (ours and the one Next bundles): they share what they know.
const place = globalThis as typeof globalThis & { lingxiWho?: Memory }

function memory(): Memory {
  place.lingxiWho ??= {
    // Decrypting a cookie always gives the same; only its age of 30 days must be noticed, which the session's row does.
    claims: new Remembered(60_000, 20_000),
    sessions: new Remembered(staleness, 20_000),
    // Someone who has just joined, or set up a second factor, must not be told "no" by an older answer.
    members: new Remembered<Place | null>(staleness, 20_000, (place) => !place || place.closed),
  }
  return place.lingxiWho
}

/** Forgets what this process knows, so that a change holds for the very next request. */
export function forgetWho(): void {
  place.lingxiWho?.sessions.clear()
  place.lingxiWho?.members.clear()
}

const cookieHeader = (headers: IncomingHttpHeaders | Headers): string | null | undefined =>
  headers instanceof Headers ? headers.get('cookie') : headers.cookie

/** The person behind a request, from a bare `node:http` request or from a page's headers; null for nobody. */
export async function whoIs(services: Asked, request: { headers: IncomingHttpHeaders | Headers }): Promise<Who | null> {
  const value = findCookie(cookieHeader(request.headers), cookieName(services.env))
  if (!value) return null
  const { claims, sessions } = memory()
  const claim = await claims.get(value, () => openCookie(value, services.env.LINGXI_AUTH_SECRET))
  if (!claim) return null
  const { userId, sessionId } = claim
  const session = await sessions.get(`${sessionId} ${userId}`, () => askSession(services, claim))
  if (!session) return null
  const { name, email, operator, aged } = session
  return { userId, sessionId, name, email, operator, aged, locale: closestLocale(session.locale) }
}

/** The session that asks; routes for signed-in people always have one. @throws not_signed_in */
export async function requireSession(services: Asked, request: { headers: IncomingHttpHeaders }): Promise<Who> {
  const who = await whoIs(services, request)
  if (!who) throw new AppError('not_signed_in')
  return who
}

async function askSession(services: Asked, { userId, sessionId }: CookieClaim): Promise<LiveSession | null> {
  const now = new Date()
  return asSystem(services as Services, 'who is asking', async (tx) => {
    const session = await readSession(tx, userId, sessionId, now)
    if (session && now.getTime() - session.lastSeenAt.getTime() > seenEvery) await touchSession(tx, sessionId, now)
    return session
  })
}

/** The person's place in the account with this slug; null when they have none (or there is no such account). */
export function memberOf(services: Asked, userId: string, accountSlug: string): Promise<Place | null> {
  return memory().members.get(`${userId} ${accountSlug}`, () =>
    asSystem(services as Services, 'member of account', (tx) => membershipOf(tx, userId, accountSlug)),
  )
}
