/** Signing in through a provider, spoken for real: OpenID Connect against one on the loopback; of the others, what we ask of them. */

import type { OAuthConfig } from 'next-auth/providers/oauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askedForTwo, oauthProviders } from '@/lib/features/identity/provider.oauth'
import { freePort } from '@/lib/platform/postgres/free-port'
import { OpenIdProvider } from '../../kit/openid-provider'
import { Browser, createKit, type Kit, listen, newPerson, type TestServer } from './kit'
import { withSecondFactor } from './two-step'

let kit: Kit
let server: TestServer
let provider: OpenIdProvider
beforeAll(async () => {
  provider = await new OpenIdProvider().start()
  const port = await freePort()
  kit = await createKit({
    LINGXI_PUBLIC_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    GOOGLE_CLIENT_ID: 'google-client',
    GOOGLE_CLIENT_SECRET: 'google-secret',
    GITHUB_CLIENT_ID: 'github-client',
    GITHUB_CLIENT_SECRET: 'github-secret',
  })
  server = await listen(kit, [], port)
})
afterAll(async () => {
  await server?.close()
  await kit?.close()
  await provider?.stop()
})
beforeEach(() => {
  provider.forged = {}
  provider.foreignKey = false
})

/** Where our button leads. */
async function asked(browser: Browser, way: string): Promise<URL> {
  const { body } = await browser.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
  const answer = await browser.json<{ url: string }>('POST', `/api/auth/signin/${way}`, {
    csrfToken: body.csrfToken,
    callbackUrl: '/accounts',
    json: 'true',
  })
  return new URL(answer.body.url)
}

/** Through the provider and back; answers with where the browser ends. */
async function enter(browser: Browser): Promise<string> {
  const there = await fetch(await asked(browser, 'oidc'), { redirect: 'manual' })
  const back = new URL(there.headers.get('location') ?? '')
  return land(browser, back.pathname + back.search)
}

/** Follows what the sign-in library says until a page of ours. */
async function land(browser: Browser, path: string): Promise<string> {
  if (!path.startsWith('/api/auth/')) return path
  const answer = await browser.fetch('GET', path)
  const target = new URL(answer.headers.get('location') ?? '', server.origin)
  return land(browser, target.pathname + target.search)
}

const users = () => kit.services.database.system.user.findMany({ orderBy: { createdAt: 'asc' } })
const me = async (browser: Browser) =>
  (await browser.json<{ user: { id: string; email: string; verified: boolean } }>('GET', '/api/v1/me')).body.user

describe('OpenID Connect', () => {
  test('the first sign-in makes the person, the second finds them', async () => {
    const before = (await users()).length
    provider.person = { sub: 'lin', email: 'Lin@Example.com', email_verified: true, name: 'Lin Wei' }
    const [first, second] = [new Browser(server.origin), new Browser(server.origin)]
    expect(await enter(first)).toBe('/accounts')
    expect(await me(first)).toMatchObject({ email: 'lin@example.com', name: 'Lin Wei', verified: true })
    expect(await enter(second)).toBe('/accounts')
    expect((await me(second)).id).toBe((await me(first)).id)
    expect(await users()).toHaveLength(before + 1)
  })

  test('a checked address leads to the person who has it', async () => {
    const person = await newPerson(kit)
    provider.person = { sub: 'p', email: person.email, email_verified: true, name: 'Another Name' }
    const browser = new Browser(server.origin)
    expect(await enter(browser)).toBe('/accounts')
    expect(await me(browser)).toMatchObject({ id: person.userId, name: 'Ada Byron' })
  })

  test.each([false, 'false', undefined])(
    'an address that is not checked (%s) opens nothing and makes nobody',
    async (verified) => {
      const person = await newPerson(kit)
      const before = await users()
      for (const email of [person.email, 'nobody@example.com']) {
        provider.person = { sub: 'evil', email, email_verified: verified, name: 'Eve' }
        const browser = new Browser(server.origin)
        expect(await enter(browser)).toBe('/sign-in?error=email_invalid')
        expect(browser.session).toBeUndefined()
      }
      expect(await users()).toEqual(before)
    },
  )

  test.each([
    ['for another client', { aud: 'somebody-else' }],
    ['of another issuer', { iss: 'http://127.0.0.1:1' }],
    ['that has run out', { exp: Math.floor(Date.now() / 1_000) - 3_600 }],
    ['of another sign-in', { nonce: 'of another' }],
  ])('a token %s is refused', async (_which, forged) => {
    const person = await newPerson(kit)
    provider.person = { sub: 'p', email: person.email, email_verified: true }
    provider.forged = forged
    const browser = new Browser(server.origin)
    expect(await enter(browser)).toMatch(/^\/sign-in\?.*error=OAuthCallback/)
    expect(browser.session).toBeUndefined()
  })

  test('a token signed with a key that is not the provider’s is refused', async () => {
    const person = await newPerson(kit)
    provider.person = { sub: 'p', email: person.email, email_verified: true }
    provider.foreignKey = true
    const browser = new Browser(server.origin)
    expect(await enter(browser)).toMatch(/^\/sign-in\?.*error=OAuthCallback/)
    expect(browser.session).toBeUndefined()
  })

  test('an answer brought to a browser that never asked is refused', async () => {
    provider.person = { sub: 'x', email: 'x@example.com', email_verified: true }
    const attacker = new Browser(server.origin)
    const there = await fetch(await asked(attacker, 'oidc'), { redirect: 'manual' })
    const back = new URL(there.headers.get('location') ?? '')
    const victim = new Browser(server.origin)
    expect(await land(victim, back.pathname + back.search)).toMatch(/^\/sign-in\?.*error=OAuthCallback/)
    expect(victim.session).toBeUndefined()
  })
})

describe('somebody with a second factor', () => {
  /** What the provider says about how it asked, and where the browser ends. */
  async function outcome(methods: unknown): Promise<[string, boolean]> {
    const person = await newPerson(kit)
    await withSecondFactor(kit, person.userId)
    provider.person = { sub: 'q', email: person.email, email_verified: true, name: 'Ada', amr: methods }
    const browser = new Browser(server.origin)
    return [await enter(browser), browser.session !== undefined]
  }

  test.each([[undefined], [[]], [['pwd']], ['mfa'], [{ mfa: true }]])(
    'is asked for a code when the provider says it asked %j, and goes on to where they wanted',
    async (methods) => expect(await outcome(methods)).toEqual(['/sign-in/code?next=%2Faccounts', false]),
  )

  test('is not asked again when the operator’s provider says, signed, that it asked for a second one', async () => {
    expect(await outcome(['pwd', 'mfa'])).toEqual(['/accounts', true])
    // Anybody who reads the person's mail could open an account elsewhere.
    expect([askedForTwo('oidc', { amr: ['mfa'] }), askedForTwo('google', { amr: ['mfa'] })]).toEqual([true, false])
  })
})

describe('what is asked of the others', () => {
  test('Google: the address and no more, with state and PKCE, from its own discovery', () => {
    const google = oauthProviders(kit.services.env).find(({ id }) => id === 'google') as OAuthConfig<unknown>
    expect(google).toMatchObject({
      wellKnown: 'https://accounts.google.com/.well-known/openid-configuration',
      authorization: { params: { scope: 'openid email profile' } },
      idToken: true,
      checks: ['pkce', 'state'],
      options: { clientId: 'google-client', clientSecret: 'google-secret' },
    })
  })

  test('GitHub: code with state, leave to read the addresses', async () => {
    const url = await asked(new Browser(server.origin), 'github')
    const params = Object.fromEntries(url.searchParams)
    expect(url.origin + url.pathname).toBe('https://github.com/login/oauth/authorize')
    expect(params).toMatchObject({
      client_id: 'github-client',
      response_type: 'code',
      redirect_uri: `${server.origin}/api/auth/callback/github`,
    })
    expect(params.scope).toContain('user:email')
    expect(params.state).toMatch(/.{20,}/)
    expect(url.href).not.toContain('github-secret')
  })
})
