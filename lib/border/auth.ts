/** Ties next-auth's ways in to our flows; the only caller is the route under /api/auth. */
import { tellNextAuth } from '@/lib/core/env'
import { closestLocale } from '@/lib/core/locale'
import { answerAuth, type WaysIn } from '@/lib/features/identity/provider.next-auth'
import { beginSession } from '@/lib/flows/begin-session'
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
  const ways = waysIn(services, request)
  return answerAuth(services.env, services.log, ways, address, request)
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

function waysIn(services: Services, request: Request): WaysIn {
  const locale = closestLocale(
    /lingxi_locale=([\w-]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? request.headers.get('accept-language'),
  )
  const ctx = makeCtx(services, { kind: 'system', reason: 'sign in' }, '', locale)
  return {
    password: (input, address) => signIn(ctx, input, address),
    link: (input, address) => signInByLink(ctx, input, address),
    oauth: (profile) => signInByProvider(ctx, profile),
    begin: async (userId) => {
      const before = await whoIs(services, request).catch(() => null)
      const userAgent = request.headers.get('user-agent') ?? ''
      const id = await beginSession(ctx, userId, { userAgent, replaces: before })
      forgetWho()
      return id
    },
    end: async (userId, sessionId) => {
      await signOut(ctx, { userId, sessionId })
      forgetWho()
    },
  }
}
