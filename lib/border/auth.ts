/** Ties next-auth's ways in to our flows; the only caller is the route under /api/auth. */
import { type Env, tellNextAuth } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { closestLocale, type Locale } from '@/lib/core/locale'
import { findCookie, ticketCookie, ticketName } from '@/lib/features/identity/cookie'
import { answerAuth, type WaysIn } from '@/lib/features/identity/provider.next-auth'
import { tokenLife } from '@/lib/features/identity/tokens'
import { beginSession } from '@/lib/flows/begin-session'
import { askSecondFactor, passSecondFactor } from '@/lib/flows/pass-second-factor'
import { signIn } from '@/lib/flows/sign-in'
import { signInByLink } from '@/lib/flows/sign-in-by-link'
import { signInByProvider } from '@/lib/flows/sign-in-by-provider'
import { signOut } from '@/lib/flows/sign-out'
import type { Services } from '@/lib/platform/context'
import { checkFields, doorOf } from './auth-doors'
import { addressHeader, isOwnPage, makeCtx } from './caller'
import { known, problemOf, retryAfter } from './problem'
import { spend } from './rate'
import { forgetWho, whoIs } from './who'

export async function authenticate(services: Services, request: Request): Promise<Response> {
  try {
    return await pass(services, request)
  } catch (error) {
    return refuse(known(error, services.log), closestLocale(request.headers.get('accept-language')))
  }
}

async function pass(services: Services, request: Request): Promise<Response> {
  const { env, log } = services
  const url = new URL(request.url)
  const { limits, method, path } = doorOf(env, request.method, url.pathname)
  const address = request.headers.get(addressHeader) ?? ''
  await spend(`${method} ${path}`, limits, address)
  let body: string | null = null
  if (method === 'POST') {
    // next-auth reads whatever comes: bodies without a length or with a great one stop here.
    const length = Number(request.headers.get('content-length') ?? Number.NaN)
    if (!(length <= limits.body)) throw new AppError('body_too_large', { limit: limits.body })
    if (!fromOurPage(env, request)) throw new AppError('foreign_origin')
    body = await request.text()
  }
  checkFields(url.searchParams, request.headers.get('content-type') ?? '', body)
  tellNextAuth(env)
  const { ways, ticket } = waysIn(services, request)
  const answer = await answerAuth(env, log, ways, address, request, body)
  const given = ticket()
  if (given !== undefined) answer.headers.append('set-cookie', ticketCookie(env, given, tokenLife.code * 60))
  return answer
}

function refuse(error: AppError, locale: Locale): Response {
  const seconds = retryAfter(error)
  const headers = new Headers({
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': locale,
    'cache-control': 'no-store',
  })
  if (seconds !== null) headers.set('retry-after', String(seconds))
  return new Response(JSON.stringify(problemOf(error, locale)), { status: error.status, headers })
}

/** Browsers say where a request comes from; next-auth's own token is the second lock. */
function fromOurPage(env: Env, request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  if (site && site !== 'same-origin' && site !== 'none') return false
  return !origin || isOwnPage(env, origin, request.headers.get('host'))
}

/** The ways in of one request, and what becomes of the browser's ticket: a new one, none (null), or as it was (undefined). */
function waysIn(services: Services, request: Request): { ways: WaysIn; ticket: () => string | null | undefined } {
  const cookies = request.headers.get('cookie')
  const locale = closestLocale(
    /lingxi_locale=([\w-]+)/.exec(cookies ?? '')?.[1] ?? request.headers.get('accept-language'),
  )
  const ctx = makeCtx(services, { kind: 'system', reason: 'sign in' }, '', locale)
  const held = findCookie(cookies, ticketName(services.env)) ?? ''
  let ticket: string | null | undefined
  let secondFactor = false
  /** Whoever has a second factor gets no further by this way alone. */
  const unlessAsked = async (userId: string): Promise<string> => {
    const issued = await askSecondFactor(ctx, userId)
    if (!issued) return userId
    ticket = issued
    throw new AppError('second_factor_needed')
  }
  const ways: WaysIn = {
    password: async (input, address) => unlessAsked(await signIn(ctx, input, address)),
    link: async (input, address) => unlessAsked(await signInByLink(ctx, input, address)),
    oauth: async (profile, vouched) => {
      const userId = await signInByProvider(ctx, profile)
      secondFactor = vouched
      return vouched ? userId : unlessAsked(userId)
    },
    code: async ({ code }, address) => {
      const userId = await passSecondFactor(ctx, { ticket: held, code }, address)
      secondFactor = true
      return userId
    },
    begin: async (userId) => {
      const before = await whoIs(services, request).catch(() => null)
      const userAgent = request.headers.get('user-agent') ?? ''
      const id = await beginSession(ctx, userId, { userAgent, replaces: before, secondFactor })
      forgetWho()
      // Nobody is in the middle of a sign-in any more.
      if (held) ticket = null
      return id
    },
    end: async (userId, sessionId) => {
      await signOut(ctx, { userId, sessionId })
      forgetWho()
    },
  }
  return { ways, ticket: () => ticket }
}
