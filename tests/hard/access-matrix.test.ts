/** Every route × every method × everybody: exactly those get in who are declared, seen from a table that was written by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { isSlug } from '@/lib/features/accounts/slug'
import { forgetStanding } from '@/lib/flows/standing'
import { held, whole } from '../kit/guarantee'
import { doorsOf, expected, outcome, suspects } from './access/cells'
import { type AccessHouse, type Caller, each, listen, openAccessHouse, type Port } from './access/house'
import { declared, filled, paths, table, whileWaiting } from './access/table'

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

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
const name = ({ method, path }: Route) => `${method} ${path}`

interface Cell {
  method: string
  path: string
  caller: Caller
}

/** One sentence per cell that is not as the table says. */
async function differing(at: Port, behind: ReturnType<typeof doorsOf>, cells: readonly Cell[]): Promise<string[]> {
  const wrong: string[] = []
  await each(cells, async (cell) => {
    const { got } = await outcome(at, behind, cell)
    const want = expected(cell.method, cell.path, cell.caller)
    if (got !== want) wrong.push(`${cell.method} ${cell.path}, ${cell.caller.name}: ${got}, not ${want}`)
  })
  return wrong
}

test('the registry and the table name the same routes', () => {
  // A new route: say in tests/hard/access/table.ts who may call it, and show in samples.ts a request of it.
  expect(routes.map(name).sort()).toEqual([...table.keys()].sort())
})

test('no account can be called like a fixed part of an address', () => {
  const fixed = new Set(paths.filter((path) => path.startsWith('/api/v1/')).map((path) => path.split('/')[3] ?? ''))
  fixed.delete(':account')
  expect(fixed.size).toBeGreaterThan(5)
  expect([...fixed].filter(isSlug)).toEqual([])
})

test('everybody gets the answer that is declared', { timeout: whole ? 600_000 : 120_000 }, async () => {
  const all = paths.flatMap((path) =>
    methods.flatMap((method) =>
      house.callers.map((caller) => ({ method, path: filled(path, house.shop.slug), caller })),
    ),
  )
  // The smoke part: of the declared cells every fifth, of the others fewer; neither number divides that of the callers.
  const every = ({ method, path }: Cell): number => (typeof declared(method, path) === 'object' ? 5 : 101)
  const cells = whole ? all : all.filter((cell, at) => at % every(cell) === 0)
  expect(await differing(port, doors, cells)).toEqual([])
  const inside = cells.filter(({ method, path, caller }) => expected(method, path, caller).includes(' as ')).length
  held(
    '3 access matrix',
    `${paths.length} paths (${table.size} routes) × ${methods.length} methods × ${house.callers.length} callers: ${cells.length} requests, ${inside} let in, ${cells.length - inside} refused, 0 other than declared`,
  )
})

test('what nobody declared is not there, whoever asks', async () => {
  const made = [
    '/api/v1/shop',
    '/api/v1/shop/secrets',
    '/api/v1/operator',
    '/api/v1/operator/accounts',
    '/api/v1/admin/users',
    '/api/v1/shop/conversations/x/y/z',
    '/api/widget/conversations',
    '/api/internal',
    '/api/v1/shop/learning/versions',
  ]
  const cells = made.flatMap((path) =>
    ['GET', 'POST', 'DELETE'].flatMap((method) => suspects(house).map((caller) => ({ method, path, caller }))),
  )
  expect(await differing(port, doors, cells)).toEqual([])
})

describe('the matrix bites', () => {
  /** What of a copied registry with one route changed is seen by the same comparison. */
  async function caught(change: (route: Route) => Route | null, of: readonly Route[]): Promise<string[]> {
    const missed: string[] = []
    for (const route of of) {
      const changed = change(route)
      if (!changed) continue
      const loose = doorsOf([changed])
      const at = await listen(house, loose.routes)
      const cells = suspects(house).map((caller) => ({
        method: route.method,
        path: filled(route.path, house.shop.slug),
        caller,
      }))
      if ((await differing(at, loose, cells)).length === 0) missed.push(name(route))
      await at.close()
    }
    return missed
  }
  const some = whole ? routes : routes.filter((_, at) => at % 13 === 0)

  test('a route that was opened to anyone is seen', async () => {
    const open = (route: Route): Route | null => (route.who === 'public' ? null : { ...route, who: 'public' })
    expect(await caught(open, some)).toEqual([])
  })

  test('a route whose question every member answers with yes is seen', async () => {
    const member = (route: Route): Route | null =>
      typeof route.who === 'object' && table.get(name(route)) !== 'everyone'
        ? { ...route, who: { member: () => true } }
        : null
    expect(await caught(member, some)).toEqual([])
  })

  test('a route that asks one role too few is seen', async () => {
    const less: Record<string, (role: string) => boolean> = {
      owners: (role) => role !== 'viewer' && role !== 'agent',
      managers: (role) => role !== 'viewer',
    }
    const step = (route: Route): Route | null => {
      const ask = less[table.get(name(route)) ?? '']
      return ask ? { ...route, who: { member: ({ role }) => ask(role) } } : null
    }
    expect(await caught(step, some)).toEqual([])
  })

  test('a route of the operator that any signed-in person may call is seen', async () => {
    expect(await caught((route) => (route.who === 'operator' ? { ...route, who: 'user' } : null), routes)).toEqual([])
  })
})

describe('whoever is beyond the people that the plan includes', () => {
  beforeAll(async () => {
    const { owner, rival } = house
    // A plan that has ended, and owners who were there before have all of its places.
    await owner.query(`UPDATE subscription SET state = 'canceled' WHERE account_id = $1`, [rival.accountId])
    await owner.query(
      `WITH made AS (INSERT INTO "user" (id, email, name) SELECT gen_random_uuid(), n || '@earlier.example', 'Earlier' FROM generate_series(1, 3) n RETURNING id)
       INSERT INTO membership (account_id, id, user_id, role, created_at)
       SELECT $1, gen_random_uuid(), id, 'owner', now() - interval '9 days' FROM made`,
      [rival.accountId],
    )
    forgetStanding(rival.accountId)
  })
  const mutating = ['POST', 'PUT', 'PATCH', 'DELETE']
  /** Cells whose answer is another one than that of who waits. */
  async function differs(behind: ReturnType<typeof doorsOf>): Promise<string[]> {
    const at = await listen(house, behind.routes)
    const { slug } = house.rival
    const wrong: string[] = []
    const cells = behind.routes.flatMap(({ method, path }) =>
      house.callers
        .filter(({ member }) => member?.shop === house.rival)
        .map((caller) => ({ method, path: filled(path, slug), caller })),
    )
    await each(cells, async (cell) => {
      const found = declared(cell.method, cell.path)
      const entered = expected(cell.method, cell.path, cell.caller)
      const refused =
        typeof found === 'object' &&
        mutating.includes(cell.method) &&
        entered.endsWith(house.rival.accountId) &&
        !whileWaiting.has(found?.route ?? '')
      const want = refused ? '402' : entered
      const { got } = await outcome(at, behind, cell)
      if (got !== want) wrong.push(`${cell.method} ${cell.path}, ${cell.caller.name}: ${got}, not ${want}`)
    })
    await at.close()
    return wrong
  }

  test('reads, does what is their own, and pays; erases and changes nothing, whatever goes on while the account owes', async () => {
    const own = routes.filter(({ path, stream }) => path.startsWith('/api/v1/:account/') && !stream)
    expect(await differs(doorsOf(own))).toEqual([])
    // And it is seen where a route says it of itself that it does not wait.
    const loose = own.filter(({ method, path }) => method === 'DELETE' && path.endsWith('/contacts/:id'))
    expect(await differs(doorsOf(loose.map((route) => ({ ...route, whileWaiting: true }))))).toHaveLength(2)
  })
})
