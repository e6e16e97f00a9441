/** Speaks to next-auth in its plain request-and-response form, so that it works in any server and in tests. */
import NextAuth, { type AuthOptions } from 'next-auth'

/** What next-auth's handler writes to. */
class Answer {
  readonly headers = new Headers()
  code = 200
  body: string | null = null

  status(code: number): this {
    this.code = code
    return this
  }
  getHeader(name: string): string[] | string | undefined {
    return name.toLowerCase() === 'set-cookie' ? this.headers.getSetCookie() : (this.headers.get(name) ?? undefined)
  }
  setHeader(name: string, value: string | string[]): this {
    this.headers.delete(name)
    for (const one of [value].flat()) this.headers.append(name, one)
    return this
  }
  json(value: unknown): void {
    this.headers.set('content-type', 'application/json')
    this.body = JSON.stringify(value)
  }
  send(value: unknown): void {
    if (typeof value === 'string' || value === undefined) this.body = value ?? null
    else this.json(value)
  }
  end(): void {}
}

const urlOf = (text = ''): string => (URL.canParse(text) ? text : '')

function cookiesOf(header: string | null): Record<string, string> {
  const found: Record<string, string> = {}
  for (const part of (header ?? '').split(';')) {
    const cut = part.indexOf('=')
    if (cut < 1) continue
    const name = part.slice(0, cut).trim()
    const value = part.slice(cut + 1).trim()
    try {
      // The first of a name counts, as in every cookie reader: a second one cannot replace it.
      if (!(name in found)) found[name] = decodeURIComponent(value)
    } catch {
      found[name] = value
    }
    // It ends with a failure of its own over one that is no address; without it, it begins another.
    if (name.endsWith('next-auth.callback-url') && !/^https?:/.test(urlOf(found[name]))) delete found[name]
  }
  return found
}

function bodyOf(request: Request, text: string | null): Record<string, unknown> {
  if (text === null) return {}
  if (!request.headers.get('content-type')?.includes('application/json'))
    return Object.fromEntries(new URLSearchParams(text))
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/**
 * Answers one request under /api/auth.
 *
 * @param body of a POST, read already
 */
export async function callNextAuth(request: Request, body: string | null, options: AuthOptions): Promise<Response> {
  const url = new URL(request.url)
  const given = {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    cookies: cookiesOf(request.headers.get('cookie')),
    query: { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.split('/').slice(3) },
    body: bodyOf(request, body),
  }
  const answer = new Answer()
  await NextAuth(given as never, answer as never, options)
  return new Response(answer.body, { status: answer.code, headers: answer.headers })
}
