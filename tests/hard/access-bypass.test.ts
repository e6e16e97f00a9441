/** The matrix once more with headers and spellings that have opened other products: nobody gets further than without them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { held, whole } from '../kit/guarantee'
import { forms, headers } from './access/bypasses'
import { doorsOf, expected, outcome } from './access/cells'
import { type AccessHouse, type Caller, each, listen, openAccessHouse, type Port } from './access/house'
import { filled, table } from './access/table'

let house: AccessHouse
let port: Port
let callers: Caller[]
const doors = doorsOf(routes)
beforeAll(async () => {
  house = await openAccessHouse()
  port = await listen(house, doors.routes)
  callers = ['anonymous', 'visitor', 'viewer', "another account's owner", 'removed owner'].map(house.caller)
})
afterAll(async () => {
  await port.close()
  await house.close()
})

interface Try {
  method: string
  path: string
  caller: Caller
  /** What is done to it. */
  by: string
  headers?: Record<string, string>
}

const declaredRoutes = [...table.keys()].map((key) => key.split(' ') as [string, string])
const slugOf = (caller: Caller) => (caller.member?.shop ?? house.shop).slug

/** Whoever came through was let through: by the table, for the route that really answered, in an account of their own. */
function letIn(got: string, caller: Caller): boolean {
  const [method = '', path = ''] = got.split(' as ')[0]?.split(' ') ?? []
  return expected(method, filled(path, slugOf(caller)), caller) === got
}

/** One sentence for each try that got further than it may. */
async function further(at: Port, behind: ReturnType<typeof doorsOf>, tries: readonly Try[]): Promise<string[]> {
  const wrong: string[] = []
  await each(tries, async (one) => {
    const { got, answer } = await outcome(at, behind, one)
    const right = got.includes(' as ') ? letIn(got, one.caller) : answer.status >= 400
    if (!right) wrong.push(`${one.by} lets ${one.caller.name} into ${one.method} ${one.path}: ${got}`)
  })
  return wrong
}

/** Every route for everybody of the short list, changed in each of the ways. */
const triesWith = (
  ways: readonly { by: string; path?: (path: string) => string; headers?: Record<string, string> }[],
): Try[] =>
  declaredRoutes.flatMap(([method, path]) =>
    callers.flatMap((caller) =>
      ways.map(({ by, path: form = (given) => given, headers: more }) => ({
        method,
        path: form(filled(path, house.shop.slug)),
        caller,
        by,
        ...(more ? { headers: more } : {}),
      })),
    ),
  )
const some = <T>(tries: readonly T[], every: number): readonly T[] =>
  whole ? tries : tries.filter((_, at) => at % every === 0)

const byHeaders = headers.map((one) => ({ by: Object.entries(one).join(), headers: one }))
const byForms = Object.entries(forms).map(([by, path]) => ({ by, path }))

test('no header lets anybody further', async () => {
  // A visitor's token is in a header that some of these replace.
  const tries = some(
    triesWith(byHeaders).filter((one) => !(one.headers?.authorization && one.caller.visitor)),
    97,
  )
  const wrong: string[] = []
  await each(tries, async (one) => {
    const { got } = await outcome(port, doors, one)
    const want = expected(one.method, one.path, one.caller)
    if (got !== want) wrong.push(`${one.by}: ${one.caller.name}, ${one.method} ${one.path}: ${got}, not ${want}`)
  })
  expect(wrong).toEqual([])
  held(
    '3 bypass headers',
    `${headers.length} headers × ${table.size} routes × ${callers.length} callers: ${tries.length} requests, 0 answered otherwise than without`,
  )
})

test('no spelling of a path lets anybody further', async () => {
  const tries = some(triesWith(byForms), 97)
  expect(await further(port, doors, tries)).toEqual([])
  held(
    '3 path forms',
    `${byForms.length} forms × ${table.size} routes × ${callers.length} callers: ${tries.length} requests, 0 got further`,
  )
})

describe('it bites', () => {
  test('a server that believes a header about the path is seen', async () => {
    const trusting = await listen(house, doors.routes, (request) => {
      request.url = String(request.headers['x-original-url'] ?? request.url)
    })
    const tries = [
      {
        method: 'GET',
        path: '/api/health',
        caller: house.caller('anonymous'),
        by: 'x-original-url',
        headers: { 'x-original-url': '/api/ready' },
      },
    ]
    const { got } = await outcome(trusting, doors, tries[0] as Try)
    expect(got).not.toBe(expected('GET', '/api/health', house.caller('anonymous')))
    await trusting.close()
  })

  test('a border that asks about one path and answers another is seen', async () => {
    // As in front of a router that tidies paths up after the question was asked of the untidy one.
    const loose = doorsOf(
      routes.map((route): Route => (route.path.endsWith('/conversations') ? { ...route, who: 'public' } : route)),
    )
    const at = await listen(house, loose.routes, (request) => {
      request.url = String(request.url).replaceAll('//', '/')
    })
    const found = await further(
      at,
      loose,
      triesWith(byForms.filter(({ by }) => by === 'two slashes in front')).filter(({ path }) =>
        path.endsWith('/conversations'),
      ),
    )
    expect(found.join()).toContain('two slashes in front lets anonymous into')
    await at.close()
  })
})
