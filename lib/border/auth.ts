/** Ties next-auth's ways in to our flows; the only caller is the route under /api/auth. */
import { tellNextAuth } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { closestLocale } from '@/lib/core/locale'
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
import { addressHeader, makeCtx } from './caller'
import { forgetWho, whoIs } from './who'

/** Forms of ours are a few hundred bytes. */
const largestBody = 16_384

export async function authenticate(services: Services, request: Request): Promise<Response> {
  if (request.method === 'POST') {
    const length = Number(request.headers.get('content-length') ?? Number.NaN)
    // next-auth reads whatever comes: bodies without a length or with a great one stop here.
    if (!(length <= largestBody)) return new Response(null, { status: Number.isNaN(length) ? 411 : 413 })
    if (!fromOurPage(request)) return new Response(null, { status: 403 })
  }
  tellNextAuth(services.env)
  const address = request.headers.get(addressHeader) ?? ''
  const { ways, ticket } = waysIn(services, request)
  const answer = await answerAuth(services.env, services.log, ways, address, request)
  const given = ticket()
  if (given !== undefined) answer.headers.append('set-cookie', ticketCookie(services.env, given, tokenLife.code * 60))
  return answer
}

/** Browsers say where a request comes from; next-auth's own token is the second lock. */
function fromOurPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  if (site && site !== 'same-origin' && site !== 'none') return false
  if (!origin) return true
  try {
    return new URL(origin).host === request.headers.get('host')
  } catch {
    return false
  }
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
