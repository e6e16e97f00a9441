/** A stolen session of somebody without a password sets up nothing with which its thief could keep them out. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeAt } from '@/lib/features/identity/totp'
import { renewSession } from '@/lib/flows/renew-session'
import { requestLink } from '@/lib/flows/request-link'
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

/** Somebody who signed in by a mailed link some minutes ago. */
async function linked(minutes: number): Promise<{ one: Browser; userId: string }> {
  const { email, userId } = await newPerson(kit)
  const { user, userSession } = kit.services.database.system
  await user.update({ where: { id: userId }, data: { passwordHash: null } })
  await requestLink(kit.ctx(), { email, purpose: 'sign_in' }, newAddress())
  const one = new Browser(server.origin)
  expect(await one.signIn('link', { token: await mailedToken(kit, email, '/sign-in/link') })).toBeNull()
  const signedInAt = new Date(Date.now() - minutes * 60_000)
  await userSession.updateMany({ where: { userId }, data: { createdAt: signedInAt, signedInAt } })
  return { one, userId }
}
const offer = (one: Browser) => one.json<{ secret: string; code: string }>('POST', '/api/v1/me/second-factor/offer', {})
const password = (one: Browser) => one.json<{ code: string }>('POST', '/api/v1/me/password', { password: goodPassword })

test('an hour after the sign-in neither a second factor nor a first password is set up', async () => {
  const { one, userId } = await linked(60)
  for (const ask of [offer, password])
    expect(await ask(one)).toMatchObject({ status: 403, body: { code: 'sign_in_again' } })
  const person = await kit.services.database.system.user.findUniqueOrThrow({ where: { id: userId } })
  expect([person.passwordHash, person.secondFactorAt]).toEqual([null, null])
})

test('nor after the session went on under a new id, as a change of role makes it', async () => {
  const { one, userId } = await linked(60)
  const { id: sessionId } = await kit.services.database.system.userSession.findFirstOrThrow({
    where: { userId },
    orderBy: { id: 'desc' },
  })
  const cookie = await renewSession(kit.ctx({ kind: 'user', userId }), { userId, sessionId })
  one.cookies.set('lingxi_session', /^lingxi_session=([^;]+)/.exec(cookie ?? '')?.[1] ?? '')
  expect(await offer(one)).toMatchObject({ status: 403, body: { code: 'sign_in_again' } })
})

test('just after a sign-in both are', async () => {
  const { one } = await linked(1)
  const { body } = await offer(one)
  const confirm = { code: codeAt(body.secret, new Date()) }
  expect((await one.json('POST', '/api/v1/me/second-factor/confirm', confirm)).status).toBe(200)
  expect((await password((await linked(1)).one)).status).toBeLessThan(300)
})
