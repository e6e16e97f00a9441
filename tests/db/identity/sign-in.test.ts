/** Signing up, in and out: cookies, sessions, forged tokens, and revocation within a second. */
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { whoIs } from '@/lib/border/who'
import { newId } from '@/lib/core/ids'
import { openCookie } from '@/lib/features/identity/cookie'
import { changePassword } from '@/lib/flows/change-password'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  newPerson,
  type Person,
  type TestServer,
  within,
} from './kit'

let kit: Kit
let server: TestServer
let ada: Person

beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit)
  ada = await newPerson(kit)
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

const browser = () => new Browser(server.origin)
const signedIn = async (person: Person = ada): Promise<Browser> => {
  const one = browser()
  expect(await one.signIn('password', { email: person.email, password: goodPassword })).toBeNull()
  return one
}
const meStatus = async (one: Browser): Promise<number> => (await one.fetch('GET', '/api/v1/me')).status

describe('the cookie', () => {
  test('signs in, is HttpOnly and SameSite=Lax, and a wrong password sets none', async () => {
    const one = await signedIn()
    const set = one.lastSet.find((each) => each.startsWith('lingxi_session='))
    expect(set).toMatch(/HttpOnly/i)
    expect(set).toMatch(/SameSite=Lax/i)
    expect(set).not.toMatch(/Secure/i)
    const me = await one.json<{
      user: { email: string; operator: boolean }
      accounts: { slug: string; role: string }[]
    }>('GET', '/api/v1/me')
    expect(me.body.user).toMatchObject({ email: ada.email, operator: true, hasPassword: true, verified: false })
    expect(me.body.accounts).toMatchObject([{ slug: ada.slug, role: 'owner' }])
    const other = browser()
    expect(await other.signIn('password', { email: ada.email, password: 'not the password' })).toBe('sign_in_failed')
    expect(other.session).toBeUndefined()
  })

  test('is Secure and has the __Secure- prefix behind https', async () => {
    const env = { ...kit.services.env, LINGXI_PUBLIC_URL: 'https://desk.example.com' }
    const secure = await listen({ ...kit, services: { ...kit.services, env } })
    const one = new Browser(secure.origin)
    // A browser would send Secure cookies over https only; this one keeps them all.
    expect(await one.signIn('password', { email: ada.email, password: goodPassword })).toBeNull()
    expect(one.lastSet.find((each) => each.startsWith('__Secure-lingxi_session='))).toMatch(/Secure/)
    // A proxy that asks by its upstream's name, as nginx does unless told: the browser names what people use.
    const behind = new Browser(secure.origin, 'https://desk.example.com')
    expect(await behind.signIn('password', { email: ada.email, password: goodPassword })).toBeNull()
    expect((await behind.fetch('PATCH', '/api/v1/me', { name: 'Ada' })).status).toBeLessThan(300)
    const foreign = new Browser(secure.origin, 'https://evil.example')
    await foreign.signIn('password', { email: ada.email, password: goodPassword })
    expect([...foreign.cookies.keys()].filter((name) => name.includes('session'))).toEqual([])
    await secure.close()
  })

  test('carries a session id and a user id, nothing else of ours', async () => {
    const one = await signedIn()
    const { decode } = await import('next-auth/jwt')
    const token = await decode({ token: one.session ?? '', secret: kit.services.env.LINGXI_AUTH_SECRET })
    expect(Object.keys(token ?? {}).sort()).toEqual(['exp', 'iat', 'jti', 'sid', 'uid'])
  })

  test('forged, tampered, expired and foreign ones open nothing', async () => {
    const one = await signedIn()
    const real = one.session ?? ''
    const secret = kit.services.env.LINGXI_AUTH_SECRET
    const { decode } = await import('next-auth/jwt')
    const claim = (await decode({ token: real, secret })) as { uid: string; sid: string }
    const flipped = `${real.slice(0, -3)}${real.at(-3) === 'A' ? 'B' : 'A'}${real.slice(-2)}`
    const values = [
      flipped,
      real.slice(0, 100),
      'x'.repeat(5_000),
      Buffer.from(JSON.stringify(claim)).toString('base64url'),
      await encode({ token: claim, secret: 'another installation' }),
      await encode({ token: claim, secret, maxAge: -60 }),
      await encode({ token: { uid: claim.uid, sid: newId() }, secret }),
      await encode({ token: { uid: newId(), sid: claim.sid }, secret }),
      await encode({ token: { sub: claim.uid, email: ada.email }, secret }),
    ]
    for (const value of values) {
      expect(
        await whoIs(kit.services, { headers: { cookie: `lingxi_session=${value}` } }),
        value.slice(0, 40),
      ).toBeNull()
    }
    expect(
      await whoIs(kit.services, { headers: new Headers({ cookie: `a=b; lingxi_session=${real}` }) }),
    ).toMatchObject({ userId: ada.userId })
  })

  test('an unset secret opens nothing', async () => {
    const one = await signedIn()
    expect(await openCookie(one.session ?? '', '')).toBeNull()
    expect(await openCookie(one.session ?? '', kit.services.env.LINGXI_AUTH_SECRET)).toMatchObject({
      userId: ada.userId,
    })
  })

  test('each sign-in gets a session id of its own; the browser’s earlier one ends', async () => {
    const one = await signedIn()
    const first = one.session ?? ''
    expect(await one.signIn('password', { email: ada.email, password: goodPassword })).toBeNull()
    expect(one.session).not.toBe(first)
    expect(await meStatus(one)).toBe(200)
    const old = browser()
    old.cookies.set('lingxi_session', first)
    await within(1_000, async () => (await meStatus(old)) === 401)
  })
})

describe('next-auth', () => {
  test('refuses a sign-in without its token, and one that another site sends', async () => {
    const one = browser()
    const fields = { email: ada.email, password: goodPassword, json: 'true' }
    await one.fetch('POST', '/api/auth/callback/password', { ...fields, csrfToken: 'made up' })
    expect(one.session).toBeUndefined()
    const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
    const given = { ...fields, csrfToken: body.csrfToken }
    expect(
      (await one.fetch('POST', '/api/auth/callback/password', given, { origin: 'https://evil.example' })).status,
    ).toBe(403)
    expect(
      (await one.fetch('POST', '/api/auth/callback/password', given, { 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(403)
    expect(one.session).toBeUndefined()
  })

  test('what a page sends with a session update changes nothing', async () => {
    const victim = await newPerson(kit)
    const one = await signedIn()
    const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
    const data = {
      uid: victim.userId,
      sub: victim.userId,
      user: { id: victim.userId, email: victim.email },
      sid: newId(),
      role: 'owner',
    }
    await one.fetch('POST', '/api/auth/session', { csrfToken: body.csrfToken, data })
    const me = await one.json<{ user: { email: string } }>('GET', '/api/v1/me')
    expect(me.body.user.email).toBe(ada.email)
  })

  test('reads no body that is large or has no length, and redirects only to itself', async () => {
    const one = browser()
    expect((await one.fetch('POST', '/api/auth/callback/password', { email: 'x'.repeat(20_000) })).status).toBe(413)
    const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
    const answer = await one.json<{ url: string }>('POST', '/api/auth/callback/password', {
      email: ada.email,
      password: goodPassword,
      csrfToken: body.csrfToken,
      json: 'true',
      callbackUrl: 'https://evil.example/x',
    })
    expect(answer.body.url).not.toContain('evil.example')
  })
})

describe('revocation holds within a second', () => {
  test('signing out ends this session only', async () => {
    const one = await signedIn()
    const two = await signedIn()
    const copy = browser()
    copy.cookies.set('lingxi_session', one.session ?? '')
    expect(await meStatus(copy)).toBe(200)
    expect((await one.fetch('POST', '/api/v1/sign-out')).status).toBe(204)
    expect(one.session).toBeUndefined()
    await within(1_000, async () => (await meStatus(copy)) === 401)
    expect(await meStatus(two)).toBe(200)
  })

  test('next-auth’s own way out ends the session too', async () => {
    const one = await signedIn()
    const copy = browser()
    copy.cookies.set('lingxi_session', one.session ?? '')
    const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
    await one.fetch('POST', '/api/auth/signout', { csrfToken: body.csrfToken, json: 'true' })
    await within(1_000, async () => (await meStatus(copy)) === 401)
  })

  test('signing out everywhere ends all, even when another process did it', async () => {
    const one = await signedIn()
    const two = await signedIn()
    expect([await meStatus(one), await meStatus(two)]).toEqual([200, 200])
    // Behind this process's back: its short memory must not outlive the second.
    await kit.services.database.system.user.update({
      where: { id: ada.userId },
      data: { sessionVersion: { increment: 1 } },
    })
    await within(1_000, async () => (await meStatus(one)) === 401 && (await meStatus(two)) === 401)
    const three = await signedIn()
    const four = await signedIn()
    expect((await three.fetch('DELETE', '/api/v1/me/sessions')).status).toBe(204)
    await within(1_000, async () => (await meStatus(three)) === 401 && (await meStatus(four)) === 401)
  })

  test('a new password ends all but the session that changed it', async () => {
    const bob = await newPerson(kit, 'Bob')
    const [one, two] = [await signedIn(bob), await signedIn(bob)]
    const change = { current: goodPassword, password: 'quiet copper lantern' }
    expect((await one.fetch('POST', '/api/v1/me/password', { ...change, current: 'wrong one here' })).status).toBe(403)
    expect((await one.fetch('POST', '/api/v1/me/password', change)).status).toBe(204)
    await within(1_000, async () => (await meStatus(two)) === 401)
    expect(await meStatus(one)).toBe(200)
    const three = browser()
    expect(await three.signIn('password', { email: bob.email, password: goodPassword })).toBe('sign_in_failed')
    expect(await three.signIn('password', { email: bob.email, password: change.password })).toBeNull()
  })

  test('a disabled person is out', async () => {
    const eve = await newPerson(kit, 'Eve')
    const one = await signedIn(eve)
    expect(await meStatus(one)).toBe(200)
    await kit.services.database.system.user.update({ where: { id: eve.userId }, data: { disabledAt: new Date() } })
    await within(1_000, async () => (await meStatus(one)) === 401)
    expect(await browser().signIn('password', { email: eve.email, password: goodPassword })).toBe('account_disabled')
  })

  test('one session is revoked by its id; another person’s is not', async () => {
    const cat = await newPerson(kit, 'Cat')
    const [one, two] = [await signedIn(cat), await signedIn(cat)]
    const list = await one.json<{ sessions: { id: string; current: boolean }[] }>('GET', '/api/v1/me/sessions')
    expect(list.body.sessions).toHaveLength(2)
    const other = list.body.sessions.find((each) => !each.current)
    const stranger = await signedIn()
    expect((await stranger.fetch('DELETE', `/api/v1/me/sessions/${other?.id}`)).status).toBe(404)
    expect((await one.fetch('DELETE', `/api/v1/me/sessions/${other?.id}`)).status).toBe(204)
    await within(1_000, async () => (await meStatus(two)) === 401)
    expect(await meStatus(one)).toBe(200)
  })
})

test('a person who asks often is asked of the database at most every half second, and cheaply', async () => {
  const one = await signedIn()
  const headers = { cookie: `lingxi_session=${one.session}` }
  await whoIs(kit.services, { headers })
  const before = process.cpuUsage()
  const rounds = 2_000
  for (let i = 0; i < rounds; i++) await whoIs(kit.services, { headers })
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / rounds / 1_000).toBeLessThan(0.2)
})

test('a first password is set without a current one only by people who have none', async () => {
  const dan = await newPerson(kit, 'Dan')
  const ctx = kit.ctx({ kind: 'user', userId: dan.userId })
  expect(await browser().signIn('password', { email: dan.email, password: goodPassword })).toBeNull()
  const { userSession } = kit.services.database.system
  const { id: sessionId } = await userSession.findFirstOrThrow({ where: { userId: dan.userId } })
  const input = { current: '', password: 'another good phrase', sessionId }
  await expect(changePassword(ctx, input)).rejects.toMatchObject({ code: 'password_wrong' })
  await kit.services.database.system.user.update({ where: { id: dan.userId }, data: { passwordHash: null } })
  await changePassword(ctx, input)
  expect(await browser().signIn('password', { email: dan.email, password: input.password })).toBeNull()
})
