/** next-auth behind one door: which ways in there are, and that its token carries nothing but a session's id. */
import type { AuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { type Env, publicUrl } from '@/lib/core/env'
import { isAppError } from '@/lib/core/errors'
import type { Log } from '@/lib/platform/log'
import { whyNot } from '@/lib/platform/safe-fetch'
import { cookieName, cookieOptions, findCookie, isSecure, sessionSeconds } from './cookie'
import { callNextAuth } from './next-auth-call'
import { askedForTwo, oauthProviders } from './provider.oauth'

/** What happens behind each way in; the flows do the work. Each resolves to the person's id. */
export interface WaysIn {
  password(input: { email: string; password: string }, address: string): Promise<string>
  link(input: { token: string }, address: string): Promise<string>
  /** @param vouched the provider says, signed, that it asked for a second factor */
  oauth(profile: { email: string; name: string }, vouched: boolean): Promise<string>
  /** After one of those, for whoever has a second factor. */
  code(input: { code: string }, address: string): Promise<string>
  /** Makes the session's row. */
  begin(userId: string): Promise<string>
  end(userId: string, sessionId: string): Promise<void>
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const messageOf = (about: Error | { message?: string; error?: Error }): string | undefined =>
  about.message ?? (about as { error?: Error }).error?.message

/** next-auth only passes a message to the page: the code and, for limits, the seconds to wait. */
function codeOf(error: unknown, log: Log): Error {
  if (isAppError(error))
    return new Error([error.code, error.facts.retryAfter].filter((part) => part !== undefined).join(':'))
  log.error({ err: error }, 'sign-in failed unexpectedly')
  return new Error('unexpected')
}

/**
 * @param address network address of the caller, for limits
 * @param wanted where the person who comes back from a provider wanted to go
 */
function authOptions(env: Env, log: Log, ways: WaysIn, address: string, wanted: string): AuthOptions {
  const secure = isSecure(env)
  const attempt = (work: () => Promise<string>) =>
    work().then(
      (id) => ({ id }),
      (error) => Promise.reject(codeOf(error, log)),
    )
  return {
    secret: env.LINGXI_AUTH_SECRET,
    useSecureCookies: secure,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    cookies: { sessionToken: { name: cookieName(env), options: cookieOptions(env) } },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    providers: [
      CredentialsProvider({
        id: 'password',
        name: 'password',
        credentials: { email: {}, password: {} },
        authorize: (given) =>
          attempt(() => ways.password({ email: text(given?.email), password: text(given?.password) }, address)),
      }),
      CredentialsProvider({
        id: 'link',
        name: 'link',
        credentials: { token: {} },
        authorize: (given) => attempt(() => ways.link({ token: text(given?.token) }, address)),
      }),
      CredentialsProvider({
        id: 'code',
        name: 'code',
        credentials: { code: {} },
        authorize: (given) => attempt(() => ways.code({ code: text(given?.code) }, address)),
      }),
      ...oauthProviders(env),
    ],
    callbacks: {
      /** Providers that do not vouch for the address are refused; the person's id then takes the provider's place. */
      async signIn({ user, account, profile }) {
        if (account?.type !== 'oauth') return true
        if (!user.email) return '/sign-in?error=email_invalid'
        try {
          const vouched = askedForTwo(account.provider, profile)
          user.id = await ways.oauth({ email: user.email, name: user.name ?? '' }, vouched)
          return true
        } catch (error) {
          if (isAppError(error) && error.code === 'second_factor_needed')
            return `/sign-in/code?next=${encodeURIComponent(wanted)}`
          return `/sign-in?error=${encodeURIComponent(codeOf(error, log).message)}`
        }
      },
      /** Only a fresh sign-in writes; data that a page sends with an update (`session`) is never read. */
      async jwt({ token, user, trigger }) {
        if (trigger === 'signIn' && user) return { uid: user.id, sid: await ways.begin(user.id) }
        return { uid: token.uid, sid: token.sid }
      },
      /** Pages ask /api/v1/me; this answer says nothing. */
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) => {
        const target = new URL(url, baseUrl)
        return target.origin === new URL(baseUrl).origin ? target.href : baseUrl
      },
    },
    events: {
      async signOut({ token }) {
        await ways.end(text(token?.uid), text(token?.sid))
      },
    },
    logger: {
      // Its messages carry addresses and tokens: only their names are kept, and why a provider was not asked.
      error: (code, about) => log.warn({ code, reason: whyNot.find((one) => one === messageOf(about)) }, 'next-auth'),
      warn: () => {},
      debug: () => {},
    },
  }
}

/** The path that next-auth keeps while a browser is at a provider; the pages look at it once more. */
function wantedPath(env: Env, request: Request): string {
  const name = `${isSecure(env) ? '__Secure-' : ''}next-auth.callback-url`
  try {
    const url = new URL(decodeURIComponent(findCookie(request.headers.get('cookie'), name) ?? ''))
    return url.pathname + url.search
  } catch {
    return '/accounts'
  }
}

/** Answers everything under /api/auth. */
export async function answerAuth(
  env: Env,
  log: Log,
  ways: WaysIn,
  address: string,
  request: Request,
  body: string | null,
): Promise<Response> {
  try {
    return await callNextAuth(request, body, authOptions(env, log, ways, address, wantedPath(env, request)))
  } catch (error) {
    // The last lock (`begin`) refused, where next-auth has no way to say so.
    const url = `${publicUrl(env)}/sign-in?error=${encodeURIComponent(codeOf(error, log).message)}`
    if (request.method === 'POST') return Response.json({ url }, { status: 401 })
    return new Response(null, { status: 302, headers: { location: url } })
  }
}
