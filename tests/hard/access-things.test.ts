/** Things of another account are to everybody as if they did not exist, and flows refuse what the border let through. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { readConversation } from '@/lib/flows/read-conversation'
import { held, whole } from '../kit/guarantee'
import { fromOurPage } from './access/cells'
import { type Answer, type Caller, listen, type Port, unlimited } from './access/house'
import { holding, ledgerOf } from './access/ledger'
import { allSamples, namedIn, requestOf, type Sample, samples } from './access/samples'
import { refusedRoles, table } from './access/table'
import { canary, type FullHouse, nothings, openFullHouse, type Things } from './access/things'

let house: FullHouse
let port: Port
let stranger: Caller
beforeAll(async () => {
  house = await openFullHouse(whole)
  port = await listen(house, unlimited(routes))
  stranger = house.caller("another account's owner")
})
afterAll(async () => {
  await port.close()
  await house.close()
})

/** Bodies that are right, so that nobody is refused for the form: what is asked there is no thing of an account. */
const personal: Record<string, object> = {
  'POST /api/v1/me/password': { password: 'a long new password' },
  'POST /api/v1/me/account': { slug: 'any' },
  'POST /api/v1/me/confirm': { token: 'any' },
  'POST /api/v1/me/second-factor/confirm': { code: '123456' },
  'POST /api/v1/accounts': { name: 'Any', timeZone: 'UTC' },
  'POST /api/v1/invitations/accept': { token: 'any' },
}

const named = samples.filter((sample) => sample.names || sample.body)

async function ask(at: Port, caller: Caller, sample: Sample, slug: string, things: Things): Promise<Answer> {
  const { method, path, body } = requestOf(sample, slug, things)
  return at.send(method, path, { ...fromOurPage(at, method), ...caller.headers }, body)
}

/** Without what differs from answer to answer anyway. */
const bare = ({ status, body }: Answer): string =>
  `${status} ${body.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')}`

/** A stranger asks about each thing, once as if it were nobody's and once as it is: one sentence per difference. */
async function told(at: Port, of: readonly Sample[]): Promise<{ faults: string[]; asked: number }> {
  const faults: string[] = []
  let asked = 0
  for (const sample of of) {
    for (const thing of namedIn(sample, house.theirs)) {
      const with_ = (id: string): Things => ({ ...house.theirs, [thing]: id })
      const [slug, none] = [house.rival.slug, nothings()]
      const nobodys = await ask(at, stranger, sample, slug, with_(none[thing]))
      const others = await ask(at, stranger, sample, slug, with_(house.mine[thing]))
      asked++
      if (bare(nobodys) !== bare(others))
        faults.push(`${sample.route} tells of a ${thing}: ${bare(nobodys)} but ${bare(others)}`)
      if (others.body.includes(canary(house.shop))) faults.push(`${sample.route} shows a ${thing}`)
    }
  }
  return { faults, asked }
}

test('every route that names something or takes a body has a sample', () => {
  const takes = routes.filter(
    ({ method, path, who }) => typeof who === 'object' && (method !== 'GET' || /:id|:key/.test(path)),
  )
  const known = new Set(allSamples.map(({ route }) => route))
  expect(takes.map(({ method, path }) => `${method} ${path}`).filter((route) => !known.has(route))).toEqual([])
})

test("another account's things are answered like things that do not exist, and stay as they are", async () => {
  const before = await ledgerOf(house.owner, house.shop.accountId)
  const { faults, asked } = await told(port, named)
  expect(faults).toEqual([])
  expect(await ledgerOf(house.owner, house.shop.accountId)).toEqual(before)
  const foreign = Object.values(house.mine).filter((id) => id.includes('-'))
  expect(await holding(house.owner, foreign, house.rival.accountId)).toEqual([])
  held(
    '3 ids of another account',
    `${asked} ids in paths and bodies of ${named.length} routes: 0 answered unlike unknown ones, 0 rows changed or referred to`,
  )
})

describe('without the border', () => {
  const at = async (change: (route: Route) => Route) => listen(house, unlimited(routes.map(change)))

  test('flows refuse the roles that the border would have refused', async () => {
    const loose = await at((route) =>
      typeof route.who === 'object' ? { ...route, who: { member: () => true } } : route,
    )
    const before = await ledgerOf(house.owner, house.shop.accountId)
    const wrong: string[] = []
    let asked = 0
    const reads = [...table.keys()]
      .filter((key) => key.startsWith('GET') && !/:id|:key/.test(key))
      .map((route) => ({ route }))
    for (const sample of [...samples, ...reads]) {
      for (const role of refusedRoles(table.get(sample.route) ?? 'anyone')) {
        const answer = await ask(loose, house.caller(role), sample, house.shop.slug, house.mine)
        asked++
        if (answer.status !== 403) wrong.push(`${sample.route} lets a ${role} in: ${answer.status}`)
      }
    }
    await loose.close()
    expect(wrong).toEqual([])
    expect(await ledgerOf(house.owner, house.shop.accountId)).toEqual(before)
    held(
      '3 flows without the border',
      `${asked} requests of roles below those declared: ${asked} refused by the flows themselves, 0 rows changed`,
    )
  })

  test('flows refuse whoever is no member, no operator, nobody', async () => {
    const open = await at((route) => ({
      ...route,
      who: typeof route.who === 'object' || route.who === 'user' || route.who === 'operator' ? 'public' : route.who,
    }))
    const anonymous = house.caller('anonymous')
    const wrong: string[] = []
    let asked = 0
    for (const [route, allowed] of table) {
      if (allowed === 'anyone' || allowed === 'visitor') continue
      const own = personal[route]
      const sample = allSamples.find((each) => each.route === route) ?? { route, ...(own && { body: () => own }) }
      if (route.endsWith('/live')) continue
      const { status, body } = await ask(open, anonymous, sample, house.shop.slug, house.mine)
      asked++
      if (![401, 403, 404].includes(status)) wrong.push(`${route}: ${status} ${body.slice(0, 120)}`)
    }
    await open.close()
    expect(wrong).toEqual([])
    held('3 flows asked by nobody', `${asked} routes opened to everybody: ${asked} answered 401, 403 or 404`)
  })

  test('what only the operator may is asked of the row', async () => {
    const open = await at((route) => (route.who === 'operator' ? { ...route, who: 'user' } : route))
    const owner = house.caller('owner')
    for (const [route, allowed] of table)
      if (allowed === 'operator')
        expect((await ask(open, owner, { route, names: 'mail' }, '', house.mine)).status, route).toBe(403)
    await open.close()
  })
})

test('the same requests about things of one’s own work: it was not for their form that they were refused', async () => {
  const failed: string[] = []
  for (const sample of samples) {
    const { status, body } = await ask(port, stranger, sample, house.rival.slug, house.theirs)
    const wanted = sample.answer ? status === sample.answer : status >= 200 && status < 300
    if (!wanted) failed.push(`${sample.route}: ${status} ${body}`)
  }
  expect(failed).toEqual([])
})

test('the comparison bites: a door that opens the wrong account is seen', async () => {
  const route = 'GET /api/v1/:account/conversations/:id'
  const broken = routes.map(
    (each): Route =>
      `${each.method} ${each.path}` === route
        ? {
            ...each,
            handle: (ctx, _input, call) =>
              readConversation({ ...ctx, accountId: house.shop.accountId }, { id: call.params.id as string }),
          }
        : each,
  )
  const at = await listen(house, unlimited(broken))
  const { faults } = await told(
    at,
    samples.filter((sample) => sample.route === route),
  )
  await at.close()
  expect(faults.join()).toContain('tells of a conversation')
})
