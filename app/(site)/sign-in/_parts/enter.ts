/** Signs in from the browser, and goes on to where the person wanted to be. */
import { ApiError, api } from '@/app/_ui/api'
import { nextPath } from './next-path'

interface Answer {
  /** Of a refusal. */
  code?: string
  retryAfter?: number
  csrfToken?: string
  url?: string
}

async function ask(path: string, fields?: Record<string, string>): Promise<Answer> {
  let answer: Response
  try {
    answer = await fetch(`/api/auth/${path}`, {
      method: fields ? 'POST' : 'GET',
      credentials: 'same-origin',
      ...(fields ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) } : {}),
    })
  } catch {
    throw new ApiError('offline', 0)
  }
  const body = (await answer.json().catch(() => null)) as Answer | null
  if (!body) throw new ApiError(answer.status === 503 ? 'database_away' : 'unexpected', answer.status)
  const { code, retryAfter } = body
  if (code) throw new ApiError(code, answer.status, retryAfter ? { retryAfter } : {})
  return body
}

async function post(path: string, fields: Record<string, string>): Promise<URL> {
  const { csrfToken = '' } = await ask('csrf')
  const { url } = await ask(path, { ...fields, csrfToken, json: 'true' })
  if (!url) throw new ApiError('unexpected', 500)
  return new URL(url, window.location.origin)
}

/** A failure travels as a code in the address: `rate_limited:120`. */
export function failureOf(text: string): ApiError {
  const [code = 'unexpected', wait] = text.split(':')
  return new ApiError(code, 401, wait ? { retryAfter: Number(wait) } : {})
}

/** An address that remembers where the person wanted to go. */
export const withNext = (path: string, next: string | null): string =>
  next ? `${path}${path.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}` : path

/**
 * Whoever has a second factor is led to the page that asks for its code, which goes on to `next`.
 *
 * @throws ApiError with the code of what was wrong
 */
export async function enter(
  way: 'password' | 'link' | 'code',
  fields: Record<string, string>,
  next: string | null = null,
): Promise<void> {
  const url = await post(`callback/${way}`, fields)
  const error = url.searchParams.get('error')
  if (!error) return
  const failure = failureOf(error)
  if (failure.code !== 'second_factor_needed') throw failure
  window.location.assign(withNext('/sign-in/code', next))
  // This page is left: what follows a sign-in must not happen here.
  await new Promise(() => {})
}

/** Leaves for Google, GitHub or another provider. */
export async function enterWith(provider: string, next: string | null): Promise<void> {
  const url = await post(`signin/${provider}`, { callbackUrl: nextPath(next) ?? '/accounts' })
  window.location.assign(url)
}

/** On to the wanted page, else to the desk of the person's first account. A whole new page: nothing old stays in memory. */
export async function goOn(next: string | null): Promise<void> {
  const wanted = nextPath(next)
  if (wanted) return window.location.assign(wanted)
  const { home } = await api.get<{ home: string | null }>('me')
  window.location.assign(home ? `/${home}/inbox` : '/accounts')
}
