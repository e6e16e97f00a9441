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
  }
  return found
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  if (request.method !== 'POST') return {}
  const text = await request.text()
  if (!request.headers.get('content-type')?.includes('application/json'))
    return Object.fromEntries(new URLSearchParams(text))
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Answers one request under /api/auth. */
export async function callNextAuth(request: Request, options: AuthOptions): Promise<Response> {
  const url = new URL(request.url)
  const given = {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    cookies: cookiesOf(request.headers.get('cookie')),
    query: { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.split('/').slice(3) },
    body: await bodyOf(request),
  }
  const answer = new Answer()
  await NextAuth(given as never, answer as never, options)
  return new Response(answer.body, { status: answer.code, headers: answer.headers })
}
