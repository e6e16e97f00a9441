/** The sign-in library's paths: a list written by hand, and whatever is sent to them is never answered with a failure of ours. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authDoors } from '@/lib/border/auth-doors'
import { held } from '../../kit/guarantee'
import { Browser, createKit, type Kit, listen, type TestServer } from './kit'

/** `METHOD path` under /api/auth/. Google and GitHub are not set up here. */
const open = [
  'GET csrf',
  'GET signin',
  'GET error',
  'POST signout',
  'POST callback/password',
  'POST callback/link',
  'POST callback/code',
  'POST signin/oidc',
  'GET callback/oidc',
]
const shut = ['POST signin/google', 'GET callback/google', 'POST signin/github', 'GET callback/github']
/** What the library would answer besides, and what nobody does. */
const others = [
  '',
  'session',
  'providers',
  'verify-request',
  '_log',
  'callback',
  'callback/',
  'signin/password',
  'code',
]
  .concat(['callback/email', 'csrf/x', 'constructor', 'callback/__proto__', '%00', '%E4%A4', 'x'.repeat(3_000)])
  .map((path) => `GET ${path}`)

let kit: Kit
let server: TestServer
beforeAll(async () => {
  // A port where nobody listens: the provider is away. Tries are counted apart: other tests of this process come from the same address.
  const away = { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' }
  kit = await createKit({ ...away, LINGXI_TRIES_PER_QUARTER: '1001' })
  server = await listen(kit)
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

async function problem(answer: Response): Promise<string> {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const { code, status } = (await answer.json()) as { code: string; status: number }
  expect(status).toBe(answer.status)
  return code
}

describe('what is served', () => {
  test('is the list, every path with each method', async () => {
    const declared = authDoors.map(({ method, path }) => `${method} ${path.slice('/api/auth/'.length)}`)
    expect(declared.sort()).toEqual([...open, ...shut].sort())
    const paths = new Set([...open, ...shut, ...others].map((each) => each.slice(each.indexOf(' ') + 1)))
    for (const path of paths)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const name = `${method} ${path}`
        if (open.includes(name)) continue
        const answer = await new Browser(server.origin).fetch(method, `/api/auth/${path}`)
        const known = open.some((each) => each.endsWith(` ${path}`))
        expect(`${name}: ${await problem(answer)}`).toBe(`${name}: ${known ? 'method_not_allowed' : 'not_found'}`)
      }
  })

  test('has a limit of its own', async () => {
    let code = ''
    for (let at = 0; at < 1_300 && !code; at++) {
      const answer = await fetch(`${server.origin}/api/auth/error`, { redirect: 'manual' })
      if (answer.status === 429) code = await problem(answer)
    }
    expect(code).toBe('rate_limited')
  })
})

const bad = ['%00', 'http%3A%2F%2F%5B', '%', '%E4', '[', 'javascript:1', 'x'.repeat(3_000), '', '"', '\\', 'http://[::']
const cookies = ['next-auth.callback-url', '__Secure-next-auth.callback-url', 'next-auth.csrf-token', 'lingxi_session']
  .concat(['lingxi_ticket', 'next-auth.state', 'next-auth.pkce.code_verifier', 'next-auth.nonce', '__proto__'])
  .flatMap((name) => bad.map((value) => `${name}=${value}`))
const queries = ['callbackUrl', 'error', 'code', 'state', 'nextauth', 'json', 'provider', '__proto__'].flatMap((name) =>
  bad.map((value) => `${name}=${value}`),
)
const bodies = ['', '{', '[]', 'null', '7', '"x"', '{"callbackUrl":{}}', '{"callbackUrl":["http://["]}', '\0']
  .concat(['{"csrfToken":[],"json":true}', '{"callbackUrl":"http://["}', '{"__proto__":{"callbackUrl":7}}'])
  .concat(['{"email":{},"password":[]}', `{"email":"${'x'.repeat(17_000)}"}`, 'callbackUrl=%00&csrfToken=%', 'a&a&=&&'])

test('malformed cookies, queries and bodies: no failure of ours', { timeout: 120_000 }, async () => {
  const failures: string[] = []
  let asked = 0
  const ask = async (name: string, query: string, cookie: string, body?: string, type = 'application/json') => {
    const [method = '', path] = name.split(' ')
    const { csrfToken, jar } = own
    const answer = await fetch(`${server.origin}/api/auth/${path}${query && '?'}${query}`, {
      method,
      redirect: 'manual',
      headers: { origin: server.origin, 'content-type': type, cookie: [cookie, jar].filter(Boolean).join('; ') },
      ...(method === 'POST' ? { body: body ?? JSON.stringify({ csrfToken, json: 'true' }) } : {}),
    })
    asked++
    const text = await answer.text()
    if (answer.status >= 500 || /"status":5\d\d|node_modules|\bat \w+ \(/.test(text))
      failures.push(`${name}?${query} ${cookie} ${body}: ${answer.status} ${text.slice(0, 100)}`)
  }
  const one = new Browser(server.origin)
  const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
  const own = {
    csrfToken: body.csrfToken,
    jar: [...one.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  }
  // One at a time of each kind, and every door in turn.
  for (const [at, cookie] of cookies.entries())
    for (const name of [open[at % open.length] as string, 'GET csrf', 'POST callback/oidc']) await ask(name, '', cookie)
  for (const [at, query] of queries.entries())
    for (const name of [open[at % open.length] as string, open[(at + 4) % open.length] as string])
      await ask(name, query, '')
  for (const name of open.filter((each) => each.startsWith('POST')))
    for (const sent of bodies)
      for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain'])
        await ask(name, '', '', sent, type)
  expect(failures).toEqual([])
  expect(asked).toBeGreaterThan(600)
  held('3 doors of sign-in', `${asked} malformed requests to ${open.length} paths: 0 × 5xx`)
})

test('a browser with a spoilt cookie can sign in all the same', async () => {
  const one = new Browser(server.origin)
  one.cookies.set('next-auth.callback-url', '%00')
  expect((await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')).body.csrfToken).toMatch(/^\w{64}$/)
})
