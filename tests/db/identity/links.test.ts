/** Mailed links: single use, short life, equal answers for unknown people, and limits on trying. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { confirmAddress } from '@/lib/flows/confirm-address'
import { requestLink } from '@/lib/flows/request-link'
import { resetPassword } from '@/lib/flows/reset-password'
import { signIn } from '@/lib/flows/sign-in'
import { signInByLink } from '@/lib/flows/sign-in-by-link'
import { signInByProvider } from '@/lib/flows/sign-in-by-provider'
import { signUp } from '@/lib/flows/sign-up'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  mailedToken,
  newAddress,
  newPerson,
  type TestServer,
  within,
} from './kit'

let kit: Kit
let server: TestServer

beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit)
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

const ask = (email: string, purpose: 'sign_in' | 'reset') => requestLink(kit.ctx(), { email, purpose }, newAddress())
const linkOf = async (email: string): Promise<string> => {
  await ask(email, 'sign_in')
  return mailedToken(kit, email, '/sign-in/link')
}
const tokens = () => kit.services.database.system.signInToken

describe('a sign-in link', () => {
  test('signs its person in through next-auth, once', async () => {
    const ada = await newPerson(kit)
    const token = await linkOf(ada.email)
    const one = new Browser(server.origin)
    expect(await one.signIn('link', { token })).toBeNull()
    expect((await one.fetch('GET', '/api/v1/me')).status).toBe(200)
    expect(await new Browser(server.origin).signIn('link', { token })).toBe('link_invalid')
  })

  test('of 20 uses at once exactly one wins', async () => {
    const ada = await newPerson(kit)
    const token = await linkOf(ada.email)
    const tries = Array.from({ length: 20 }, () => signInByLink(kit.ctx(), { token }, newAddress()))
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  })

  test('ends after 15 minutes; made-up ones and those of another purpose never work', async () => {
    const ada = await newPerson(kit)
    const token = await linkOf(ada.email)
    const late = kit.ctx(undefined, '', 15 * 60_000 + 1_000)
    await expect(signInByLink(late, { token }, newAddress())).rejects.toMatchObject({ code: 'link_invalid' })
    await ask(ada.email, 'reset')
    const reset = await mailedToken(kit, ada.email, '/reset')
    for (const bad of ['', 'x'.repeat(32), reset, `${token}x`]) {
      await expect(signInByLink(kit.ctx(), { token: bad }, newAddress())).rejects.toMatchObject({
        code: 'link_invalid',
      })
    }
    expect(await signInByLink(kit.ctx(), { token }, newAddress())).toBe(ada.userId)
  })

  test('is kept only as a hash, and using one ends the others', async () => {
    const ada = await newPerson(kit)
    const first = await linkOf(ada.email)
    const second = await linkOf(ada.email)
    const stored = JSON.stringify(await tokens().findMany({ where: { email: ada.email } }))
    expect(stored).not.toContain(first)
    await signInByLink(kit.ctx(), { token: second }, newAddress())
    await expect(signInByLink(kit.ctx(), { token: first }, newAddress())).rejects.toMatchObject({
      code: 'link_invalid',
    })
  })
})

describe('whoever typed an address first without owning it', () => {
  test('loses password and sessions when its owner comes through the mail', async () => {
    const squatted = await newPerson(kit, 'Squatter')
    const squatter = new Browser(server.origin)
    expect(await squatter.signIn('password', { email: squatted.email, password: goodPassword })).toBeNull()
    await signInByLink(kit.ctx(), { token: await linkOf(squatted.email) }, newAddress())
    await within(1_000, async () => (await squatter.fetch('GET', '/api/v1/me')).status === 401)
    expect(await squatter.signIn('password', { email: squatted.email, password: goodPassword })).toBe('sign_in_failed')
  })

  test('loses them to a provider that vouches for the address, too', async () => {
    const squatted = await newPerson(kit, 'Squatter')
    expect(await signInByProvider(kit.ctx(), { email: squatted.email.toUpperCase(), name: 'Owner' })).toBe(
      squatted.userId,
    )
    await expect(
      signIn(kit.ctx(), { email: squatted.email, password: goodPassword }, newAddress()),
    ).rejects.toMatchObject({
      code: 'sign_in_failed',
    })
  })

  test('keeps them when the address was confirmed before', async () => {
    const ada = await newPerson(kit)
    const token = await mailedToken(kit, ada.email, '/sign-in/confirm')
    const stranger = await newPerson(kit, 'Stranger')
    const asStranger = kit.ctx({ kind: 'user', userId: stranger.userId })
    await expect(confirmAddress(asStranger, { token })).rejects.toMatchObject({ code: 'link_invalid' })
    await confirmAddress(kit.ctx({ kind: 'user', userId: ada.userId }), { token })
    await signInByLink(kit.ctx(), { token: await linkOf(ada.email) }, newAddress())
    expect(await signIn(kit.ctx(), { email: ada.email, password: goodPassword }, newAddress())).toBe(ada.userId)
  })
})

describe('a reset', () => {
  test('sets the password once and ends every session', async () => {
    const ada = await newPerson(kit)
    const one = new Browser(server.origin)
    await one.signIn('password', { email: ada.email, password: goodPassword })
    await ask(ada.email, 'reset')
    const token = await mailedToken(kit, ada.email, '/reset')
    const weak = resetPassword(kit.ctx(), { token, password: 'password123' }, newAddress())
    await expect(weak).rejects.toMatchObject({ code: 'password_weak' })
    const input = { token, password: 'seven green bridges' }
    expect(await resetPassword(kit.ctx(), input, newAddress())).toEqual({ email: ada.email })
    await expect(resetPassword(kit.ctx(), input, newAddress())).rejects.toMatchObject({ code: 'link_invalid' })
    await within(1_000, async () => (await one.fetch('GET', '/api/v1/me')).status === 401)
    expect(await one.signIn('password', { email: ada.email, password: goodPassword })).toBe('sign_in_failed')
    expect(await one.signIn('password', { email: ada.email, password: input.password })).toBeNull()
  })
})

describe('unknown people', () => {
  test('get the same answer to a link request, and no row and no mail', async () => {
    const ada = await newPerson(kit)
    const one = new Browser(server.origin)
    const known = await one.json('POST', '/api/v1/links', { email: ada.email, purpose: 'sign_in' })
    const unknown = await one.json('POST', '/api/v1/links', { email: 'nobody@example.com', purpose: 'sign_in' })
    expect(unknown).toEqual(known)
    expect(await tokens().count({ where: { email: 'nobody@example.com' } })).toBe(0)
    expect(await kit.services.database.system.mail.count({ where: { to: 'nobody@example.com' } })).toBe(0)
  })

  test('take as long as known ones', async () => {
    const ada = await newPerson(kit)
    const took = async (email: string): Promise<number> => {
      const begun = performance.now()
      await signIn(kit.ctx(), { email, password: 'some wrong password' }, newAddress()).catch(() => {})
      return performance.now() - begun
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? 0
    await took('warm@example.com')
    // In turn, so that a machine that is busy for a while is so for both.
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let i = 0; i < 9; i++) {
      known.push(await took(ada.email))
      unknown.push(await took('nobody2@example.com'))
    }
    // Without the decoy hash an unknown person would be answered in a twentieth of the time.
    expect(Math.min(median(known), median(unknown)) / Math.max(median(known), median(unknown))).toBeGreaterThan(0.25)
    const begun = performance.now()
    await ask('nobody3@example.com', 'sign_in')
    expect(performance.now() - begun).toBeGreaterThan(290)
  })
})

describe('limits', () => {
  test('ten tries on one person in a quarter of an hour, from however many addresses', async () => {
    const ada = await newPerson(kit)
    const attempt = (password: string) => signIn(kit.ctx(), { email: ada.email, password }, newAddress())
    for (let i = 0; i < 10; i++)
      await expect(attempt('a wrong password')).rejects.toMatchObject({ code: 'sign_in_failed' })
    await expect(attempt(goodPassword)).rejects.toMatchObject({
      code: 'rate_limited',
      facts: { retryAfter: expect.any(Number) },
    })
  })

  test('other spellings of the address count together', async () => {
    const ada = await newPerson(kit)
    const spellings = [ada.email.toUpperCase(), ada.email.replace('@', '＠'), ` ${ada.email}`]
    const attempt = (email: string) => signIn(kit.ctx(), { email, password: 'a wrong password' }, newAddress())
    for (let i = 0; i < 10; i++) await attempt(spellings[i % 3] ?? '').catch(() => {})
    await expect(attempt(ada.email)).rejects.toMatchObject({ code: 'rate_limited' })
  })

  test('sixty tries from one address, whoever they aim at', async () => {
    const address = newAddress()
    const attempt = (i: number) => signInByLink(kit.ctx(), { token: `guess${i}` }, address)
    for (let i = 0; i < 60; i++) await expect(attempt(i)).rejects.toMatchObject({ code: 'link_invalid' })
    await expect(attempt(61)).rejects.toMatchObject({ code: 'rate_limited' })
  })

  test('new accounts from one address: as many in an hour as the installation says', async () => {
    const env = { ...kit.services.env, LINGXI_SIGN_UPS_PER_HOUR: 3 }
    const ctx = { ...kit.ctx(), services: { ...kit.services, env } }
    const address = newAddress()
    const join = (name: string) =>
      signUp(ctx, { name, email: `${name}@new.example`, password: goodPassword, accountName: name }, address)
    for (const name of ['first', 'second', 'third']) await join(name)
    await expect(join('fourth')).rejects.toMatchObject({ code: 'rate_limited' })
  })

  test('tries from one address: as many in a quarter of an hour as the installation says', async () => {
    const env = { ...kit.services.env, LINGXI_TRIES_PER_QUARTER: 2 }
    const ctx = { ...kit.ctx(), services: { ...kit.services, env } }
    const address = newAddress()
    const attempt = () => signInByLink(ctx, { token: 'guess' }, address)
    for (let i = 0; i < 2; i++) await expect(attempt()).rejects.toMatchObject({ code: 'link_invalid' })
    await expect(attempt()).rejects.toMatchObject({ code: 'rate_limited' })
  })

  test('five mails to one person', async () => {
    const ada = await newPerson(kit)
    await Promise.all(Array.from({ length: 5 }, () => ask(ada.email, 'sign_in')))
    await expect(ask(ada.email, 'sign_in')).rejects.toMatchObject({ code: 'rate_limited' })
  })
})
