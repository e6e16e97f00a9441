/** What signing in through a provider may connect to: the issuer that the operator set, and of what its answers name only the internet. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '@/lib/platform/postgres/free-port'
import { held } from '../../kit/guarantee'
import { addressesAt } from '../../kit/hostile/addresses'
import { OpenIdProvider } from '../../kit/openid-provider'
import { Browser, createKit, type Kit, listen, type TestServer } from './kit'

let provider: OpenIdProvider
/** Something of the operator's that no sign-in is meant to reach: it hears every connection. */
let canary: Server
let heard = 0
let inside = ''
/** Two installations: one that opened nothing, and one whose operator opened this machine. */
let closed: { kit: Kit; server: TestServer }
let opened: typeof closed
const lines: string[] = []

async function installation(more: Record<string, string>): Promise<typeof closed> {
  const port = await freePort()
  const kit = await createKit({
    LINGXI_PUBLIC_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    ...more,
  })
  kit.services.log.warn = (about: unknown) => void lines.push(JSON.stringify(about))
  return { kit, server: await listen(kit, [], port) }
}

beforeAll(async () => {
  provider = await new OpenIdProvider().start()
  canary = createServer((_request, response) => response.end('{}'))
  canary.on('connection', () => heard++)
  await new Promise<void>((done) => canary.listen(0, '::', done))
  inside = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
  closed = await installation({})
  opened = await installation({ LINGXI_WEBHOOK_PRIVATE: '127.0.0.0/8' })
})
afterAll(async () => {
  for (const one of [closed, opened]) {
    await one?.server.close()
    await one?.kit.close()
  }
  await provider?.stop()
  canary?.close()
})
beforeEach(() => {
  provider.person = { sub: 'lin', email: 'lin@example.com', email_verified: true }
  provider.said = {}
  provider.instead = {}
  lines.length = 0
  heard = 0
})

/** Signs in as far as it goes; true with a session. */
async function enters({ server }: typeof closed): Promise<boolean> {
  const browser = new Browser(server.origin)
  const { body } = await browser.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
  const given = { csrfToken: body.csrfToken, callbackUrl: '/accounts', json: 'true' }
  const asked = await browser.json<{ url: string }>('POST', '/api/auth/signin/oidc', given)
  if (!asked.body.url.startsWith(provider.issuer)) return false
  const there = await fetch(asked.body.url, { redirect: 'manual' })
  const back = new URL(there.headers.get('location') ?? '')
  await browser.fetch('GET', back.pathname + back.search)
  return browser.session !== undefined
}

test('an issuer on this machine is asked because the operator set it, and nothing else was opened', async () => {
  expect(await enters(closed)).toBe(true)
  expect(lines).toEqual([])
})

describe.each(['token_endpoint', 'jwks_uri'])('a %s that is elsewhere on this machine', (what) => {
  test('is not connected to, in whatever spelling, and the log says why', async () => {
    const { port } = canary.address() as AddressInfo
    // Those that mean this machine to somebody careless; each is a sign-in.
    const spellings = addressesAt(port)
    for (const url of spellings) {
      provider.said = { [what]: url }
      expect([url, await enters(closed)]).toEqual([url, false])
    }
    expect(spellings.length).toBeGreaterThanOrEqual(60)
    expect(heard).toBe(0)
    expect(lines.filter((line) => line.includes('"reason":"refused"')).length).toBeGreaterThan(50)
    held(`5 sign-in with a provider, its ${what}`, `${spellings.length} sign-ins with a spelling each: 0 connections`)
  })

  test('control: is connected to where the operator opened this machine', async () => {
    provider.said = { [what]: `${inside}/` }
    expect(await enters(opened)).toBe(false)
    expect(heard).toBe(1)
  })
})

describe('a redirect', () => {
  test.each(['/.well-known/openid-configuration', '/token', '/keys'])('of %s is followed by nobody', async (path) => {
    provider.instead = { [path]: (response) => response.writeHead(302, { location: inside }).end() }
    for (const one of [closed, opened]) expect(await enters(one)).toBe(false)
    expect(heard).toBe(0)
  })
})

test('keys without an end are given up after five megabytes', async () => {
  let sent = 0
  provider.instead['/keys'] = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const piece = Buffer.alloc(64 * 1024, ' ')
    const more = () => {
      while (!response.destroyed && response.write(piece)) sent += piece.length
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  }
  expect(await enters(closed)).toBe(false)
  // What was on its way in buffers counts, too.
  expect(sent).toBeLessThan(30_000_000)
  expect(lines.join()).toContain('"reason":"too_large"')
})

test('keys that drip are given up after ten seconds', { timeout: 40_000 }, async () => {
  provider.instead['/keys'] = (response) => {
    const drip = setInterval(() => response.write(' '), 100)
    response.once('close', () => clearInterval(drip))
  }
  const began = performance.now()
  expect(await enters(closed)).toBe(false)
  expect(performance.now() - began).toBeLessThan(20_000)
  expect(lines.join()).toContain('"reason":"too_slow"')
})
