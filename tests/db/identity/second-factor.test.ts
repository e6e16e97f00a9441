/** A second factor: set up, asked for at every way in, each code once, and changed by its person only. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { codeAt } from '@/lib/features/identity/totp'
import { openMail } from '@/lib/features/mail/sealed'
import { beginSession } from '@/lib/flows/begin-session'
import { renewRecoveryCodes, switchSecondFactorOff } from '@/lib/flows/change-second-factor'
import { askSecondFactor, passSecondFactor } from '@/lib/flows/pass-second-factor'
import { requestLink } from '@/lib/flows/request-link'
import { resetPassword } from '@/lib/flows/reset-password'
import { confirmSecondFactor, offerSecondFactor } from '@/lib/flows/set-up-second-factor'
import { signOutEverywhere } from '@/lib/flows/sign-out-everywhere'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  mailedToken,
  newAddress,
  newPerson,
  type Person,
  type TestServer,
} from './kit'
import { type TwoStep, withSecondFactor, wrongCode } from './two-step'

let kit: Kit
let server: TestServer
beforeAll(async () => {
  // Everybody here comes from one address.
  kit = await createKit({ LINGXI_TRIES_PER_QUARTER: '100000' })
  server = await listen(kit)
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

const browser = () => new Browser(server.origin)
const asPerson = ({ userId }: Person, ms = 0) => kit.ctx({ kind: 'user', userId }, '', ms)
const guarded = async (): Promise<Person & { two: TwoStep }> => {
  const person = await newPerson(kit)
  return { ...person, two: await withSecondFactor(kit, person.userId) }
}
const typed = { password: goodPassword, sessionId: newId() }
const meStatus = async (one: Browser): Promise<number> => (await one.fetch('GET', '/api/v1/me')).status
const passwordOf = ({ email }: Person) => ({ email, password: goodPassword })
const ticketFor = async ({ userId }: Person, ms = 0): Promise<string> =>
  (await askSecondFactor(kit.ctx(undefined, '', ms), userId)) ?? ''
const pass = (ticket: string, code: string, ms = 0) =>
  passSecondFactor(kit.ctx(undefined, '', ms), { ticket, code }, newAddress())
const mailsTo = async (email: string): Promise<string[]> =>
  (await kit.services.database.system.mail.findMany({ where: { to: email }, orderBy: { id: 'asc' } })).map(
    ({ subject }) => subject,
  )

describe('setting it up', () => {
  test('through the API: the password, the first code, recovery codes once; other sessions end, this one gets a new id', async () => {
    const ada = await newPerson(kit)
    await kit.services.database.system.user.update({ where: { id: ada.userId }, data: { emailVerifiedAt: new Date() } })
    const [one, two] = [browser(), browser()]
    for (const each of [one, two]) expect(await each.signIn('password', passwordOf(ada))).toBeNull()
    const copied = browser()
    copied.cookies.set('lingxi_session', one.session ?? '')
    const wrong = await one.json('POST', '/api/v1/me/second-factor/offer', { password: 'not the password' })
    expect([wrong.status, wrong.body.code]).toEqual([403, 'password_wrong'])
    const offer = await one.json<{ secret: string }>('POST', '/api/v1/me/second-factor/offer', passwordOf(ada))
    expect(offer.status).toBe(200)
    // Until the first code nothing is asked for.
    expect(await browser().signIn('password', passwordOf(ada))).toBeNull()
    const code = codeAt(offer.body.secret, new Date())
    const done = await one.json<{ codes: string[] }>('POST', '/api/v1/me/second-factor/confirm', { code })
    expect(done.status).toBe(200)
    expect(new Set(done.body.codes).size).toBe(10)
    expect([await meStatus(one), await meStatus(two), await meStatus(copied)]).toEqual([200, 401, 401])
    expect((await one.json('GET', '/api/v1/me/second-factor')).body).toMatchObject({ codesLeft: 10, hasPassword: true })
    // That code is used up: it does not sign in, too.
    const three = browser()
    expect(await three.signIn('password', passwordOf(ada))).toBe('second_factor_needed')
    expect(await three.signIn('code', { code })).toBe('code_wrong')
    expect(await mailsTo(ada.email)).toContain('Two-step sign-in is on')
  })

  test('not for an address that nobody proved, not twice, and not by a code of another secret', async () => {
    const eve = await newPerson(kit)
    const offer = offerSecondFactor(asPerson(eve), typed)
    await expect(offer).rejects.toMatchObject({ code: 'address_unconfirmed' })
    const ada = await guarded()
    const again = offerSecondFactor(asPerson(ada), typed)
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    const bob = await newPerson(kit)
    await kit.services.database.system.user.update({ where: { id: bob.userId }, data: { emailVerifiedAt: new Date() } })
    const confirm = (code: string) => confirmSecondFactor(asPerson(bob), { code, sessionId: bob.userId })
    // Before anything was offered, and then with somebody else's code.
    await expect(confirm(ada.two.code())).rejects.toMatchObject({ code: 'code_wrong' })
    await offerSecondFactor(asPerson(bob), typed)
    await expect(confirm(ada.two.code())).rejects.toMatchObject({ code: 'code_wrong' })
  })

  test('the secret is sealed and the codes are hashes', async () => {
    const ada = await guarded()
    const { secondFactor, recoveryCode } = kit.services.database.system
    const row = await secondFactor.findUniqueOrThrow({ where: { userId: ada.userId } })
    expect(Buffer.from(row.secret).toString('latin1')).not.toContain(ada.two.secret)
    const kept = await recoveryCode.findMany({ where: { userId: ada.userId } })
    const text = kept.map(({ hash }) => Buffer.from(hash).toString('latin1')).join()
    for (const code of ada.two.codes) expect(text).not.toContain(code.replaceAll('-', ''))
    expect(kept).toHaveLength(10)
  })
})

describe('signing in', () => {
  test('the right password gives a ticket and no session; a code gives the session', async () => {
    const ada = await guarded()
    const one = browser()
    expect(await one.signIn('password', passwordOf(ada))).toBe('second_factor_needed')
    expect(one.session).toBeUndefined()
    const set = one.lastSet.find((each) => each.startsWith('lingxi_ticket='))
    expect(set).toMatch(/HttpOnly/)
    expect(set).toMatch(/SameSite=Lax; Max-Age=600/)
    expect(await meStatus(one)).toBe(401)
    expect(await one.signIn('code', { code: wrongCode(ada.two) })).toBe('code_wrong')
    expect(one.session).toBeUndefined()
    // Spaces, as they are pasted.
    const code = ada.two.code()
    expect(await one.signIn('code', { code: ` ${code.slice(0, 3)} ${code.slice(3)}` })).toBeNull()
    expect(await meStatus(one)).toBe(200)
    expect(one.cookies.has('lingxi_ticket')).toBe(false)
  })

  test('a mailed link and a new password lead to the same question', async () => {
    const ada = await guarded()
    await requestLink(kit.ctx(), { email: ada.email, purpose: 'sign_in' }, newAddress())
    const one = browser()
    const token = await mailedToken(kit, ada.email, '/sign-in/link')
    expect(await one.signIn('link', { token })).toBe('second_factor_needed')
    expect(one.session).toBeUndefined()
    expect(await one.signIn('code', { code: ada.two.code() })).toBeNull()

    await requestLink(kit.ctx(), { email: ada.email, purpose: 'reset' }, newAddress())
    const held = await ticketFor(ada)
    const reset = { token: await mailedToken(kit, ada.email, '/reset'), password: 'quiet copper lantern' }
    const two = browser()
    expect((await two.fetch('POST', '/api/v1/passwords/reset', reset)).status).toBe(200)
    expect(two.session).toBeUndefined()
    expect(await two.signIn('password', { email: ada.email, password: reset.password })).toBe('second_factor_needed')
    expect(await meStatus(two)).toBe(401)
    await ada.two.rewind()
    // A ticket for the old password ended with it.
    await expect(pass(held, ada.two.code())).rejects.toMatchObject({ code: 'code_late' })
    expect(await two.signIn('code', { code: ada.two.code() })).toBeNull()
  })

  test('whoever was kept out by somebody who guessed gets in with a new password', async () => {
    const ada = await guarded()
    const wrong = wrongCode(ada.two)
    for (let at = 0; at < 11; at++) await pass(await ticketFor(ada), wrong).catch(() => {})
    const out = pass(await ticketFor(ada), ada.two.code())
    await expect(out).rejects.toMatchObject({ code: 'rate_limited' })
    await requestLink(kit.ctx(), { email: ada.email, purpose: 'reset' }, newAddress())
    const token = await mailedToken(kit, ada.email, '/reset')
    await resetPassword(kit.ctx(), { token, password: 'another good phrase' }, newAddress())
    expect(await pass(await ticketFor(ada), ada.two.code())).toBe(ada.userId)
  })

  test('a code counts once, also for another ticket; earlier steps never again', async () => {
    const ada = await guarded()
    expect(await pass(await ticketFor(ada), ada.two.code(1))).toBe(ada.userId)
    for (const code of [ada.two.code(1), ada.two.code(0), ada.two.code(-1)])
      await expect(pass(await ticketFor(ada), code)).rejects.toMatchObject({ code: 'code_wrong' })
  })

  test('a recovery code counts once, and its person is told how many are left', async () => {
    const ada = await guarded()
    const [code = ''] = ada.two.codes
    expect(await pass(await ticketFor(ada), code.toLowerCase().replaceAll('-', ' '))).toBe(ada.userId)
    await expect(pass(await ticketFor(ada), code)).rejects.toMatchObject({ code: 'code_wrong' })
    const mail = await kit.services.database.system.mail.findFirstOrThrow({
      where: { to: ada.email, subject: 'A recovery code has been used' },
    })
    expect(openMail(kit.services.vault, mail).text).toContain('9 are left')
    const other = await guarded()
    await expect(pass(await ticketFor(other), ada.two.codes[1] ?? '')).rejects.toMatchObject({ code: 'code_wrong' })
  })

  test('a ticket works once and for ten minutes, for its own person, and ends with signing out everywhere', async () => {
    const ada = await guarded()
    const ticket = await ticketFor(ada)
    expect(await pass(ticket, ada.two.codes[0] ?? '')).toBe(ada.userId)
    await expect(pass(ticket, ada.two.codes[1] ?? '')).rejects.toMatchObject({ code: 'code_late' })
    const old = await ticketFor(ada, -10 * 60_000 - 1)
    await expect(pass(old, ada.two.codes[1] ?? '')).rejects.toMatchObject({ code: 'code_late' })
    const eve = await guarded()
    await expect(pass(await ticketFor(eve), ada.two.codes[1] ?? '')).rejects.toMatchObject({ code: 'code_wrong' })
    const waiting = await ticketFor(ada)
    await signOutEverywhere(asPerson(ada))
    await expect(pass(waiting, ada.two.codes[1] ?? '')).rejects.toMatchObject({ code: 'code_late' })
    for (const made of ['', 'made up', 'x'.repeat(5_000)])
      await expect(pass(made, ada.two.codes[1] ?? '')).rejects.toMatchObject({ code: 'code_late' })
    // A mailed link's token is no ticket.
    await requestLink(kit.ctx(), { email: ada.email, purpose: 'sign_in' }, newAddress())
    const link = await mailedToken(kit, ada.email, '/sign-in/link')
    await expect(pass(link, ada.two.codes[1] ?? '')).rejects.toMatchObject({ code: 'code_late' })
    // None of those used the code up.
    expect(await pass(await ticketFor(ada), ada.two.codes[1] ?? '')).toBe(ada.userId)
  })

  test('somebody disabled meanwhile gets no session for a right code', async () => {
    const ada = await guarded()
    const one = browser()
    expect(await one.signIn('password', passwordOf(ada))).toBe('second_factor_needed')
    await kit.services.database.system.user.update({ where: { id: ada.userId }, data: { disabledAt: new Date() } })
    expect(await one.signIn('code', { code: ada.two.code() })).toBe('sign_in_failed')
    expect(one.session).toBeUndefined()
  })

  test('the last lock stands by itself: no session begins for somebody who gave no code', async () => {
    const ada = await guarded()
    const begin = (secondFactor: boolean) =>
      beginSession(kit.ctx(), ada.userId, { userAgent: 'test', replaces: null, secondFactor })
    await expect(begin(false)).rejects.toMatchObject({ code: 'second_factor_needed' })
    expect(await begin(true)).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('changing it', () => {
  test('new recovery codes and switching off want a code or the password', async () => {
    const ada = await guarded()
    const ctx = asPerson(ada)
    for (const change of [renewRecoveryCodes, switchSecondFactorOff]) {
      await expect(change(ctx, {})).rejects.toMatchObject({ code: 'password_wrong' })
      await expect(change(ctx, { password: 'not the password' })).rejects.toMatchObject({ code: 'password_wrong' })
      await expect(change(ctx, { code: wrongCode(ada.two) })).rejects.toMatchObject({ code: 'code_wrong' })
      // A wrong code is not made good by a right password.
      const both = { code: wrongCode(ada.two), password: goodPassword }
      await expect(change(ctx, both)).rejects.toMatchObject({ code: 'code_wrong' })
    }
    const { codes } = await renewRecoveryCodes(ctx, { code: ada.two.code() })
    await expect(pass(await ticketFor(ada), ada.two.codes[0] ?? '')).rejects.toMatchObject({ code: 'code_wrong' })
    expect(await pass(await ticketFor(ada), codes[0] ?? '')).toBe(ada.userId)
    await switchSecondFactorOff(ctx, { password: goodPassword })
    expect(await askSecondFactor(kit.ctx(), ada.userId)).toBeNull()
    const one = browser()
    expect(await one.signIn('password', passwordOf(ada))).toBeNull()
    await expect(switchSecondFactorOff(ctx, { password: goodPassword })).rejects.toMatchObject({ code: 'conflict' })
    const { secondFactor, recoveryCode } = kit.services.database.system
    const where = { userId: ada.userId }
    expect([await secondFactor.count({ where }), await recoveryCode.count({ where })]).toEqual([0, 0])
    expect(await mailsTo(ada.email)).toEqual(
      expect.arrayContaining(['You have new recovery codes', 'Two-step sign-in is off']),
    )
  })

  test('people without a password show a code', async () => {
    const ada = await guarded()
    await kit.services.database.system.user.update({ where: { id: ada.userId }, data: { passwordHash: null } })
    for (const password of ['', goodPassword])
      await expect(switchSecondFactorOff(asPerson(ada), { password })).rejects.toMatchObject({ code: 'password_wrong' })
    await switchSecondFactorOff(asPerson(ada), { code: ada.two.code() })
  })
})
