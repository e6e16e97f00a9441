/** The sign-in cookie: its name, its rules, and what is in it (a session's id and its person's, encrypted); the ticket's beside it. */
import { decode, encode } from 'next-auth/jwt'
import type { Env } from '@/lib/core/env'
import { publicUrl } from '@/lib/core/env'
import { isId } from '@/lib/core/ids'
import { sessionDays } from './sessions'

export interface CookieClaim {
  userId: string
  sessionId: string
}

/** True when people reach this installation over TLS. */
export const isSecure = (env: Env): boolean => publicUrl(env).startsWith('https:')

export const cookieName = (env: Env): string => (isSecure(env) ? '__Secure-lingxi_session' : 'lingxi_session')

export const cookieOptions = (env: Env) => ({
  httpOnly: true,
  sameSite: 'lax' as const,
  path: '/',
  secure: isSecure(env),
})

/** The header that gives a browser the cookie of a session, as next-auth writes it. */
export async function giveCookie(env: Env, claim: CookieClaim, expiresAt: Date, now: Date): Promise<string> {
  const maxAge = Math.max(1, Math.floor((expiresAt.getTime() - now.getTime()) / 1_000))
  const token = { uid: claim.userId, sid: claim.sessionId }
  const value = await encode({ token, secret: env.LINGXI_AUTH_SECRET, maxAge })
  return `${cookieName(env)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${isSecure(env) ? '; Secure' : ''}`
}

/** The header that removes the cookie from a browser. */
export const forgetCookie = (env: Env): string =>
  `${cookieName(env)}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${isSecure(env) ? '; Secure' : ''}`

/** Holds the ticket between a right password and the code. It is no session: only the way in by code reads it. */
export const ticketName = (env: Env): string => (isSecure(env) ? '__Secure-lingxi_ticket' : 'lingxi_ticket')

/** The header that gives a browser a ticket, or takes it away. */
export const ticketCookie = (env: Env, ticket: string | null, seconds: number): string =>
  `${ticketName(env)}=${ticket ?? ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${ticket ? seconds : 0}${isSecure(env) ? '; Secure' : ''}`

export const sessionSeconds = sessionDays * 86_400

/** The value of our cookie among all that a browser sent. */
export function findCookie(header: string | null | undefined, name: string): string | undefined {
  if (!header) return undefined
  for (const part of header.split(';')) {
    const cut = part.indexOf('=')
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim()
  }
  return undefined
}

/** What a cookie claims, or null when it is forged, cut, expired or not ours. */
export async function openCookie(value: string, secret: string): Promise<CookieClaim | null> {
  // A real one is about 400 characters: longer ones are not worth a decryption.
  if (!secret || value.length > 2_000) return null
  try {
    const claim = await decode({ token: value, secret })
    return isId(claim?.uid) && isId(claim.sid) ? { userId: claim.uid, sessionId: claim.sid } : null
  } catch {
    return null
  }
}
