/** A person's own choices in an account: kept part by part, seen in every browser, nobody else's business. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, createKit, goodPassword, type Kit, listen, newPerson, type Person, type TestServer } from './kit'
import { Team } from './team'

let kit: Kit
let server: TestServer
beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit)
})
afterAll(async () => {
  await server?.close()
  await kit?.close()
})

async function desk(person: Pick<Person, 'email'>): Promise<Browser> {
  const browser = new Browser(server.origin)
  expect(await browser.signIn('password', { email: person.email, password: goodPassword })).toBeNull()
  return browser
}

type Me = { accounts: { slug: string; preferences: Record<string, unknown> }[] }
const kept = async (browser: Browser, slug: string) =>
  (await browser.json<Me>('GET', '/api/v1/me')).body.accounts.find((one) => one.slug === slug)?.preferences

test('two desks of one person change different parts and both stay; null goes back to the usual', async () => {
  const person = await newPerson(kit)
  const path = `/api/v1/${person.slug}/me/preferences`
  const [office, home] = [await desk(person), await desk(person)]
  expect(await kept(office, person.slug)).toEqual({})
  await office.json('PATCH', path, { theme: 'dark', columns: ['status', 'owner'] })
  const answer = await home.json('PATCH', path, { density: 'compact', keys: false })
  const all = { theme: 'dark', columns: ['status', 'owner'], density: 'compact', keys: false }
  expect(answer).toEqual({ status: 200, body: { preferences: all } })
  expect(await kept(office, person.slug)).toEqual(all)
  await office.json('PATCH', path, { columns: null })
  expect(await kept(home, person.slug)).toEqual({ ...all, columns: null })
})

test('they are the person’s alone: not the colleagues’, not those of another account', async () => {
  const team = await Team.make(kit)
  const viewer = await team.join('viewer')
  const [owner, other] = [await desk(team.owner), await desk(viewer)]
  const path = `/api/v1/${team.owner.slug}/me/preferences`
  expect((await other.json('PATCH', path, { theme: 'light' })).status).toBe(200)
  expect(await kept(owner, team.owner.slug)).toEqual({})
  expect((await (await desk(await newPerson(kit))).json('PATCH', path, { theme: 'dark' })).status).toBe(404)
  expect(await kept(other, team.owner.slug)).toEqual({ theme: 'light' })
})

test.each([
  ['a word of their own', { theme: 'pink' }],
  ['an unknown part', { theme: 'dark', operator: true }],
  ['a column that is no name', { columns: ['status; drop'] }],
  ['more columns than there can be', { columns: Array.from({ length: 31 }, () => 'status') }],
])('%s is refused', async (_what, change) => {
  const person = await newPerson(kit)
  const browser = await desk(person)
  expect((await browser.json('PATCH', `/api/v1/${person.slug}/me/preferences`, change)).status).toBe(422)
  expect(await kept(browser, person.slug)).toEqual({})
})
