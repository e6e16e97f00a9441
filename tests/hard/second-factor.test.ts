/** A second factor under attack: guesses, replays and uses at once, every way around it, and accounts that ask for one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '@/lib/border/routes'
import { forgetWho } from '@/lib/border/who'
import { askSecondFactor, passSecondFactor } from '@/lib/flows/pass-second-factor'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  newAddress,
  newPerson,
  type Person,
  type TestServer,
} from '../db/identity/kit'
import { type TwoStep, withSecondFactor, wrongCode } from '../db/identity/two-step'
import { amount, held, whole } from '../kit/guarantee'
import { doorsOf, expected, outcome } from './access/cells'
import { type AccessHouse, listen as listenHouse, openAccessHouse } from './access/house'
import { filled, table } from './access/table'

let kit: Kit
let server: TestServer
beforeAll(async () => {
  kit = await createKit({ LINGXI_TRUST_PROXY: '1' })
  server = await listen(kit)
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

/** Hashing a password for each takes its time. */
const long = whole ? 600_000 : 120_000

type Guarded = Person & { two: TwoStep }
async function guarded(): Promise<Guarded> {
  const person = await newPerson(kit)
  return { ...person, two: await withSecondFactor(kit, person.userId) }
}
const ticketFor = async ({ userId }: Person): Promise<string> => (await askSecondFactor(kit.ctx(), userId)) ?? ''
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'worked',
    (error: { code?: string }) => error.code ?? String(error),
  )
const pass = (ticket: string, code: string, address = newAddress()) =>
  codeOf(passSecondFactor(kit.ctx(), { ticket, code }, address))
const count = (seen: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(seen)].map((code) => [code, seen.filter((each) => each === code).length]))

describe('guesses', () => {
  test('a person’s codes have ten guesses in a quarter of an hour, from however many addresses and with however many tickets', {
    timeout: long,
  }, async () => {
    const people: Guarded[] = []
    for (let at = 0; at < amount(10, 2); at++) people.push(await guarded())
    const seen: string[] = []
    for (const one of people)
      for (let at = 0; at < 40; at++)
        // The right code, and recovery codes, come after ten wrong ones.
        seen.push(
          await pass(
            await ticketFor(one),
            at < 10 ? wrongCode(one.two) : at % 2 ? one.two.code() : (one.two.codes[0] ?? ''),
          ),
        )
    expect(count(seen)).toEqual({ code_wrong: people.length * 10, rate_limited: people.length * 30 })
    held(
      '7 guesses at codes',
      `${seen.length} guesses at ${people.length} people from ${seen.length} addresses with a ticket each: ${people.length * 10} looked at, 0 got in with the right code afterwards`,
    )
  })

  test('an address has its sixty guesses at codes and passwords together', async () => {
    const address = newAddress()
    const seen: string[] = []
    for (let at = 0; at < 80; at++) seen.push(await pass('a ticket that is none', '123456', address))
    expect(count(seen)).toEqual({ code_late: 60, rate_limited: 20 })
  })
})

describe('codes', () => {
  test('count once: of many uses at once, with a ticket each or the same, exactly one', { timeout: long }, async () => {
    const rounds = amount(20, 2)
    // More than ten tries of a person would not be looked at.
    const uses = 9
    let worked = 0
    for (let round = 0; round < rounds; round++) {
      const one = await guarded()
      const tickets = () => Promise.all(Array.from({ length: uses }, () => ticketFor(one)))
      // One code of the app, and one recovery code, with many tickets; many recovery codes with one ticket.
      const outcomes: string[][] = []
      const app = one.two.code()
      outcomes.push(await Promise.all((await tickets()).map((ticket) => pass(ticket, app))))
      const [first = '', ...others] = one.two.codes
      outcomes.push(await Promise.all((await tickets()).map((ticket) => pass(ticket, first))))
      const ticket = await ticketFor(one)
      outcomes.push(await Promise.all(others.slice(0, uses).map((code) => pass(ticket, code))))
      for (const outcome of outcomes)
        expect(
          outcome.filter((each) => each === 'worked'),
          `${outcome}`,
        ).toHaveLength(1)
      worked += outcomes.length
      // The control: it is the kept step that refuses; without it the same code counts again.
      await one.two.rewind()
      expect(await pass(await ticketFor(one), one.two.code())).toBe('worked')
    }
    held('7 codes once', `${rounds} people × 3 kinds of uses at once: ${worked} worked, one of each, 0 twice`)
  })

  test('wrong, used, old, somebody else’s: the same bytes for all of them', async () => {
    const [one, other] = [await guarded(), await guarded()]
    await pass(await ticketFor(one), one.two.code(1))
    await pass(await ticketFor(one), one.two.codes[0] ?? '')
    const answers = new Set<string>()
    const tried = [wrongCode(one.two), one.two.code(1), one.two.code(0), other.two.code(-1), '12345', 'nothing at all']
    for (const code of [...tried, one.two.codes[0] ?? '', other.two.codes[0] ?? ''])
      answers.add(await answerTo('code', { code }, await ticketFor(one)))
    expect([...answers]).toHaveLength(1)
    expect([...answers][0]).toContain('code_wrong')
    // It is no constant.
    expect(answers.has(await answerTo('code', { code: '123456' }, 'no ticket'))).toBe(false)
  })

  test('a wrong password gets the same bytes whether there is a second factor or not', async () => {
    const [one, plain] = [await guarded(), await newPerson(kit)]
    const answers = new Set<string>()
    for (const email of [one.email, plain.email, 'nobody@people.example'])
      answers.add(await answerTo('password', { email, password: 'not the password' }))
    expect([...answers]).toHaveLength(1)
  })
})

/** Everything a browser gets, but for what differs by chance. */
async function answerTo(way: string, fields: Record<string, string>, ticket = ''): Promise<string> {
  const one = new Browser(server.origin)
  if (ticket) one.cookies.set('lingxi_ticket', ticket)
  const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
  const sent = { ...fields, csrfToken: body.csrfToken, json: 'true' }
  const answer = await one.fetch('POST', `/api/auth/callback/${way}`, sent, { 'x-forwarded-for': newAddress() })
  const kept = [...answer.headers].filter(([name]) => !['date', 'set-cookie'].includes(name))
  const set = answer.headers.getSetCookie().map((each) => each.split('=')[0])
  return JSON.stringify([answer.status, kept, set.sort(), await answer.text()]).replaceAll(server.origin, 'site')
}

/** As a page without scripts would send it. */
async function postForm(one: Browser, path: string, method: string, fields: Record<string, string>, headers: object) {
  const body = method === 'GET' ? undefined : new URLSearchParams(fields).toString()
  await one.send(method, `/api/auth/${path}`, body, {
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  })
}

describe('ways around it', () => {
  /** Everything that the sign-in library answers, with all that somebody with the password can send. */
  async function tryAll(person: Person): Promise<{ sessions: number; requests: number }> {
    const fields = { email: person.email, password: goodPassword }
    const claims = { uid: person.userId, sub: person.userId, id: person.userId, secondFactor: true, user: person }
    let [sessions, requests] = [0, 0]
    const paths = [
      ...['password', 'code', 'link', 'oidc', 'google', 'credentials', 'email'].flatMap((way) => [
        `callback/${way}`,
        `signin/${way}`,
      ]),
      ...['session', 'signin', 'providers', 'error', '_log', 'verify-request', 'callback', 'code', ''],
    ]
    const all = paths.flatMap((path) =>
      ['POST', 'GET', 'PUT'].flatMap((method) => [
        { path, method, form: false },
        { path, method, form: true },
      ]),
    )
    for (const { path, method, form } of whole ? all : all.filter((_, at) => at % 9 === 0)) {
      const one = new Browser(server.origin)
      const from = { 'x-forwarded-for': newAddress() }
      const { body } = await one.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
      const { csrfToken } = body
      // The password has been right: a ticket is in this browser.
      await one.fetch('POST', '/api/auth/callback/password', { ...fields, csrfToken, json: 'true' }, from)
      const ticket = one.cookies.get('lingxi_ticket') ?? ''
      const sent = {
        ...fields,
        ...claims,
        code: '000000',
        token: ticket,
        ticket,
        csrfToken,
        json: 'true',
        data: claims,
      }
      await (form
        ? postForm(one, path, method, { ...fields, csrfToken, code: '000000' }, from)
        : one.fetch(method, `/api/auth/${path}`, method === 'GET' ? undefined : sent, from))
      if (one.session) sessions++
      // And the ticket is no session, by whatever name it goes.
      if (ticket) one.cookies.set('lingxi_session', ticket)
      if (ticket && (await one.fetch('GET', '/api/v1/me')).status !== 401) sessions++
      requests++
    }
    return { sessions, requests }
  }

  test('none of the sign-in library’s own addresses gives a session to whoever has the password alone', {
    timeout: long,
  }, async () => {
    const { sessions, requests } = await tryAll(await guarded())
    expect(sessions).toBe(0)
    // The control: without a second factor the same requests do.
    const open = await tryAll(await newPerson(kit))
    expect(open.sessions).toBeGreaterThan(0)
    held(
      '7 ways around the second factor',
      `${requests} requests to every address of the sign-in library with the right password and a ticket: 0 sessions; ${open.sessions} for somebody without a second factor`,
    )
  })
})

describe('an account that asks for one', () => {
  let house: AccessHouse
  beforeAll(async () => {
    house = await openAccessHouse()
  })
  afterAll(async () => house.close())

  test('answers nothing to members without, on any of its routes; with one, what is declared', async () => {
    const doors = doorsOf(routes)
    const port = await listenHouse(house, doors.routes)
    const own = routes.filter(({ path }) => path.startsWith('/api/v1/:account/'))
    const callers = ['viewer', 'agent', 'admin', 'owner'].map(house.caller)
    const cells = own.flatMap((route) => callers.map((caller) => ({ route, caller })))
    const seen = async (): Promise<string[]> => {
      forgetWho()
      const got: string[] = []
      for (const { route, caller } of cells) {
        const path = filled(route.path, house.shop.slug)
        const { answer, got: came } = await outcome(port, doors, { method: route.method, path, caller })
        got.push(answer.status === 403 ? `${came} ${JSON.parse(answer.body).code}` : came)
      }
      return got
    }
    const set = (sql: string) => house.owner.query(sql, [house.shop.accountId])
    await set('UPDATE account SET second_factor_required = true WHERE id = $1')
    const closed = await seen()
    expect(new Set(closed)).toEqual(new Set(['403 second_factor_required']))
    await set(
      'UPDATE "user" SET second_factor_at = now() WHERE id IN (SELECT user_id FROM membership WHERE account_id = $1)',
    )
    const want = cells.map(({ route, caller }) => {
      const answer = expected(route.method, filled(route.path, house.shop.slug), caller)
      return answer === '403' ? '403 forbidden' : answer
    })
    expect(await seen()).toEqual(want)
    await port.close()
    expect(own.length).toBe([...table.keys()].filter((key) => key.includes(':account')).length)
    held(
      '7 asked of everybody',
      `${own.length} routes of an account × 4 roles without a second factor: ${closed.length} refused, 0 other; with one as declared`,
    )
  })
})
