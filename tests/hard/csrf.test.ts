/** No mutation acts for another site's page: every mutating route of the registry, with everything a browser could say of a foreign page. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { held, whole } from '../kit/guarantee'
import { doorsOf, expected, outcome } from './access/cells'
import { type AccessHouse, type Caller, each, listen, openAccessHouse, type Port } from './access/house'
import { filled, table } from './access/table'

let house: AccessHouse
let port: Port
const doors = doorsOf(routes)
beforeAll(async () => {
  house = await openAccessHouse()
  port = await listen(house, doors.routes)
})
afterAll(async () => {
  await port.close()
  await house.close()
})

/** Sent by pages of others on purpose; what decides instead. */
const otherwise: Record<string, string> = {
  'POST /api/stripe': 'a signature over the bytes',
  'POST /api/widget/sessions': 'the list of pages of the inbox; no cookie, and an answer that no foreign page can read',
}
const all = [...table.keys()].filter((key) => !key.startsWith('GET ') && !otherwise[key])
const mutations = whole ? all : all.filter((_, at) => at % 3 === 0)

/** Everything that makes a request foreign; a header that is not named is not sent. */
const foreign = (): Record<string, string>[] => [
  { origin: 'https://evil.example' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  { origin: 'null' },
  { origin: 'null', 'sec-fetch-site': 'cross-site' },
  // Right host, foreign neighbour.
  { origin: `http://${port.host}.evil.example`, 'sec-fetch-site': 'cross-site' },
  { origin: `http://evil.example:${port.host.split(':')[1]}` },
  { origin: `http://evil.example#@${port.host}` },
  { origin: `http://${port.host}@evil.example` },
  { origin: 'no address at all' },
]

/** Whoever may call the route, so that nothing but the foreign page can be the reason. */
function callerFor(route: string): Caller {
  const allowed = table.get(route)
  if (allowed === 'anyone') return house.caller('anonymous')
  if (allowed === 'visitor') return house.caller('visitor')
  return house.caller(allowed === 'operator' ? 'operator' : 'owner')
}

const split = (route: string): { method: string; path: string } => {
  const [method = '', path = ''] = route.split(' ')
  return { method, path: filled(path, house.shop.slug) }
}

/** Sends without the headers of a page of ours. */
async function sentBy(at: Port, behind: ReturnType<typeof doorsOf>, route: string, headers: Record<string, string>) {
  const { method, path } = split(route)
  return outcome(at, behind, { method, path, caller: callerFor(route), headers, page: false })
}

async function accepted(at: Port, behind: ReturnType<typeof doorsOf>, of: readonly string[]): Promise<string[]> {
  const wrong: string[] = []
  const tries = of.flatMap((route) => foreign().map((headers) => ({ route, headers })))
  await each(tries, async ({ route, headers }) => {
    const { got, answer } = await sentBy(at, behind, route, headers)
    if (got !== '403' || !answer.body.includes('foreign_origin'))
      wrong.push(`${route} from ${JSON.stringify(headers)}: ${got}`)
  })
  return wrong
}

test('every mutation that a foreign page sends is refused', async () => {
  expect(await accepted(port, doors, mutations)).toEqual([])
  held(
    '7 mutations from foreign pages',
    `${mutations.length} routes × ${foreign().length} kinds of foreign page: all refused; ${Object.keys(otherwise).length} routes go by signature or list`,
  )
})

test('what carries a cookie is refused, too, when nothing says where it comes from', async () => {
  for (const route of mutations) {
    const { got } = await sentBy(port, doors, route, {})
    const { method, path } = split(route)
    const caller = callerFor(route)
    // Programs call what needs no cookie.
    expect(got, route).toBe(caller.person ? '403' : expected(method, path, caller))
  }
})

test('our own pages are let through', async () => {
  for (const route of mutations) {
    const { method, path } = split(route)
    const caller = callerFor(route)
    const { got } = await outcome(port, doors, { method, path, caller })
    expect(got, route).toBe(expected(method, path, caller))
  }
})

test('it bites: a mutation behind an address that reads is seen', async () => {
  const route = 'POST /api/v1/sign-out'
  const loose = doorsOf(
    routes.map(
      (each): Route => (`${each.method} ${each.path}` === route ? { ...each, who: 'public', anyOrigin: true } : each),
    ),
  )
  const at = await listen(house, loose.routes)
  expect((await accepted(at, loose, [route])).length).toBe(foreign().length)
  await at.close()
})
