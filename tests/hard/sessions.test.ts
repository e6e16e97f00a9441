/** Whose session goes on: a new id at each sign-in, change of role and change of password, and nothing for whoever copied the old one. */
import { decode } from 'next-auth/jwt'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forgetWho } from '@/lib/border/who'
import { changeRole } from '@/lib/flows/change-role'
import { Browser, createKit, goodPassword, type Kit, listen, newPerson, type TestServer } from '../db/identity/kit'
import { Team } from '../db/identity/team'
import { held } from '../kit/guarantee'

let kit: Kit
let server: TestServer
let owner: pg.Client
beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit)
  owner = new pg.Client({ connectionString: kit.database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await server.close()
  await kit.close()
})

describe('sessions', () => {
  test('a sign-in begins a session that nobody could know before, whatever cookie the browser brought', async () => {
    const [first, second] = [await newPerson(kit), await newPerson(kit)]
    const one = new Browser(server.origin)
    const idOf = async () =>
      (await decode({ token: one.session ?? '', secret: kit.services.env.LINGXI_AUTH_SECRET }))?.sid
    const ids = new Set<unknown>()
    one.cookies.set('lingxi_session', 'planted')
    for (const person of [first, first, second, first]) {
      const planted = one.session
      expect(await one.signIn('password', { email: person.email, password: goodPassword })).toBeNull()
      expect(one.session).not.toBe(planted)
      ids.add(await idOf())
    }
    expect(ids.size).toBe(4)
  })

  test('a change of role or password gives it a new id, to one of many requests at once; a copy of the old one ends', async () => {
    const team = await Team.make(kit)
    const agent = await team.join('agent')
    const one = new Browser(server.origin)
    expect(await one.signIn('password', { email: agent.email, password: goodPassword })).toBeNull()
    const copied = new Browser(server.origin)
    copied.cookies.set('lingxi_session', one.session ?? '')
    const members = `/api/v1/${team.owner.slug}/members`
    // Control: until something changes nobody gets a new id, and the copy is as good as the other.
    for (const each of [one, copied]) {
      const answer = await each.fetch('GET', members)
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []])
    }

    await changeRole(team.account, { id: agent.id, role: 'admin' })
    forgetWho()
    const answers = await Promise.all(Array.from({ length: 8 }, () => one.fetch('GET', members)))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect(answers.filter((answer) => answer.headers.getSetCookie().length)).toHaveLength(1)
    expect(one.session).not.toBe(copied.session)
    // The old one counts for requests on their way, and then no more; it gets no successor of its own.
    expect((await copied.fetch('GET', members)).headers.getSetCookie()).toEqual([])
    await owner.query(
      `UPDATE user_session SET revoked_at = now() WHERE revoked_at > now() AND revoked_at < now() + interval '31 seconds'`,
    )
    forgetWho()
    expect([(await copied.fetch('GET', members)).status, (await one.fetch('GET', members)).status]).toEqual([401, 200])

    copied.cookies.set('lingxi_session', one.session ?? '')
    const change = { current: goodPassword, password: 'quiet copper lantern' }
    expect((await one.fetch('POST', '/api/v1/me/password', change)).status).toBe(204)
    expect([(await copied.fetch('GET', members)).status, (await one.fetch('GET', members)).status]).toEqual([401, 200])
    held(
      '7 sessions',
      'a new id at each sign-in, at a change of role and of password; 8 requests at once get 1 successor, the other of two ends, whichever asks first',
    )
  })

  test('one that asks only for changes is renewed, too; signing out, or ending itself, leaves no successor', async () => {
    const team = await Team.make(kit)
    const agent = await team.join('agent')
    const aged = async () => {
      const one = new Browser(server.origin)
      expect(await one.signIn('password', { email: agent.email, password: goodPassword })).toBeNull()
      await owner.query('UPDATE membership SET role_changed_at = clock_timestamp() WHERE id = $1', [agent.id])
      forgetWho()
      return one
    }
    const live = async () => {
      const { rows } = await owner.query(
        `SELECT s.id FROM user_session s JOIN "user" u ON u.id = s.user_id WHERE u.email = $1 AND revoked_at IS NULL`,
        [agent.email],
      )
      return rows.map(({ id }) => id as string)
    }
    const one = await aged()
    const [first] = await live()
    expect((await one.fetch('PATCH', '/api/v1/me', { name: 'Grace' })).headers.getSetCookie()).toHaveLength(1)
    expect(await live()).not.toContain(first)
    forgetWho()
    expect((await one.fetch('GET', '/api/v1/me')).status).toBe(200)
    // A refusal is an answer, too.
    const refused = await (await aged()).fetch('POST', '/api/v1/me/account', { slug: 'nobody-has-this' })
    expect([refused.status, refused.headers.getSetCookie().length]).toEqual([404, 1])
    await owner.query('UPDATE user_session SET revoked_at = now() WHERE revoked_at IS NULL')
    expect((await (await aged()).fetch('POST', '/api/v1/sign-out', {})).status).toBe(204)
    expect(await live()).toEqual([])
    const last = await aged()
    const [id] = await live()
    expect((await last.fetch('DELETE', `/api/v1/me/sessions/${id}`, {})).headers.getSetCookie()).toEqual([])
    expect(await live()).toEqual([])
  })

  test('the list of sessions marks this browser, also in the request that renews and in one with the old cookie', async () => {
    const team = await Team.make(kit)
    const agent = await team.join('agent')
    const one = new Browser(server.origin)
    for (const browser of [new Browser(server.origin), one])
      expect(await browser.signIn('password', { email: agent.email, password: goodPassword })).toBeNull()
    await changeRole(team.account, { id: agent.id, role: 'admin' })
    forgetWho()
    const old = new Browser(server.origin)
    old.cookies.set('lingxi_session', one.session ?? '')
    for (const each of [one, old, one]) {
      const { body } = await each.json<{ sessions: { current: boolean }[] }>('GET', '/api/v1/me/sessions')
      expect(body.sessions.map(({ current }) => current).sort()).toEqual([false, true])
    }
    expect(one.session).not.toBe(old.session)
  })

  test.each(['me', 'members'])(
    'whichever of two asks first, here for %s, gets the successor, and the other ends',
    async (asked) => {
      const team = await Team.make(kit)
      const agent = await team.join('agent')
      const members = `/api/v1/${team.owner.slug}/members`
      const path = asked === 'me' ? '/api/v1/me' : members
      const one = new Browser(server.origin)
      expect(await one.signIn('password', { email: agent.email, password: goodPassword })).toBeNull()
      const copied = new Browser(server.origin)
      copied.cookies.set('lingxi_session', one.session ?? '')
      await changeRole(team.account, { id: agent.id, role: 'admin' })
      forgetWho()
      expect((await copied.fetch('GET', path)).headers.getSetCookie()).toHaveLength(1)
      forgetWho()
      expect((await one.fetch('GET', path)).headers.getSetCookie()).toEqual([])
      const { rows } = await owner.query(
        `SELECT count(*) FILTER (WHERE revoked_at IS NULL)::int AS live,
         count(*) FILTER (WHERE revoked_at BETWEEN now() AND now() + interval '31 seconds')::int AS ending
       FROM user_session s JOIN "user" u ON u.id = s.user_id WHERE u.email = $1`,
        [agent.email],
      )
      expect(rows[0]).toEqual({ live: 1, ending: 1 })
      await owner.query('UPDATE user_session SET revoked_at = now() WHERE revoked_at > now()')
      forgetWho()
      expect([(await one.fetch('GET', path)).status, (await copied.fetch('GET', path)).status]).toEqual([401, 200])
      // The person signs in again and ends the other by a new password.
      expect(await one.signIn('password', { email: agent.email, password: goodPassword })).toBeNull()
      const change = { current: goodPassword, password: 'quiet copper lantern' }
      expect((await one.fetch('POST', '/api/v1/me/password', change)).status).toBe(204)
      forgetWho()
      expect([(await one.fetch('GET', path)).status, (await copied.fetch('GET', path)).status]).toEqual([200, 401])
    },
  )
})
