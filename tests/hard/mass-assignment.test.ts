/** No body changes who or whose something is: added keys are refused or change nothing, in the schema and in the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { newId } from '@/lib/core/ids'
import { inAccount } from '@/lib/platform/db/in-account'
import { held, whole } from '../kit/guarantee'
import { fromOurPage } from './access/cells'
import { type Caller, listen, type Port, unlimited } from './access/house'
import { holding, ledgerOf } from './access/ledger'
import { outsideOf, secretly } from './access/outside'
import { allSamples, requestOf, type Sample, samples } from './access/samples'
import { table } from './access/table'
import { type FullHouse, openFullHouse, type Things } from './access/things'

let house: FullHouse
let port: Port
let outside: readonly Sample[]
beforeAll(async () => {
  house = await openFullHouse(whole)
  outside = outsideOf(house.shop)
  port = await listen(house, unlimited(routes))
})
afterAll(async () => {
  await port.close()
  await house.close()
})

const planted = 'planted-by-a-body'
/** Everything that a body could try to say about who and whose. */
function claims(id: string): Record<string, unknown> {
  const { rival } = house
  const them = (rival.as.owner.actor as { userId: string }).userId
  return {
    accountId: rival.accountId,
    account_id: rival.accountId,
    account: { id: rival.accountId, slug: rival.slug },
    tenantId: rival.accountId,
    userId: them,
    user_id: them,
    user: { id: them, operator: true },
    membershipId: rival.members.owner,
    memberId: rival.members.owner,
    authorId: rival.members.owner,
    contactId: id,
    contact_id: id,
    sessionId: id,
    lastSequence: 99_999,
    actor: { kind: 'system', reason: planted },
    operator: true,
    isAdmin: true,
    admin: true,
    permissions: ['canDeleteAccount'],
    passwordHash: planted,
    password_hash: planted,
    sessionVersion: 9_999,
    emailVerifiedAt: '2020-01-01T00:00:00.000Z',
    disabledAt: null,
    createdAt: '2020-01-01T00:00:00.000Z',
    created_at: '2020-01-01T00:00:00.000Z',
    externalHash: planted,
    externalId: planted,
    identitySecret: planted,
    key: planted,
    stripeId: planted,
    ['__proto__']: { operator: true },
    constructor: { prototype: { operator: true } },
  }
}

/** Keys that some route takes for a reason of its own: they are added wherever they are none of the body. */
const sometimes = (id: string): Record<string, unknown> => ({
  id,
  role: 'owner',
  email: `${planted}@evil.example`,
  identity: { userId: planted, email: `${planted}@evil.example` },
  siteKey: planted,
  slug: planted,
})

/** The body, and each object inside it, with everything added that it does not have. */
function laden(body: unknown, id: string): unknown {
  if (Array.isArray(body)) return body.map((each) => laden(each, id))
  if (body === null || typeof body !== 'object') return body
  const own = Object.fromEntries(Object.entries(body).map(([key, value]) => [key, laden(value, id)]))
  return { ...claims(id), ...sometimes(id), ...own }
}

const bodied = () => [...samples, ...outside].filter((sample) => sample.body)

/** Nothing can be said in it. What may be left out can still be said. */
const isEmpty = (input: Route['input']): boolean =>
  input instanceof z.ZodObject && !Object.keys(input.shape).length && !(input.def.catchall instanceof z.ZodUnknown)

test('every route with a body has a sample', () => {
  const without = new Set(
    routes
      .filter(({ method, file, input }) => method !== 'GET' && !file && isEmpty(input))
      .map(({ method, path }) => `${method} ${path}`),
  )
  expect([z.object({}), z.object({ password: z.string().default('') }), z.looseObject({})].map(isEmpty)).toEqual([
    true,
    false,
    false,
  ])
  const known = new Set([...allSamples, ...outside, ...secretly].filter(({ body }) => body).map(({ route }) => route))
  const missing = routes
    .filter(({ method, file }) => method !== 'GET' && !file)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !known.has(route) && !without.has(route))
  expect(missing).toEqual([])
})

/** What a schema lets through of what it was not asked for. */
function leaks(route: Pick<Route, 'input'>, body: object, id: string): string[] {
  const plain = route.input.safeParse(body)
  const more = route.input.safeParse(laden(body, id))
  if (!plain.success) return ['refuses its own sample']
  if (!more.success) return []
  const [as, with_] = [JSON.stringify(plain.data), JSON.stringify(more.data)]
  return as === with_ ? [] : [`${as} becomes ${with_}`]
}

test('schemas refuse or drop what they did not ask for, at every depth', () => {
  const id = newId()
  const given = [...bodied(), ...secretly].map(({ route, body }): [string, object] => [route, body?.(house.mine) ?? {}])
  const wrong = given.flatMap(([name, body]) => {
    const route = routes.find(({ method, path }) => `${method} ${path}` === name)
    return leaks(route as Route, body, id).map((leak) => `${name}: ${leak}`)
  })
  // Three keys are somebody's own choice: a line of the routing table keeps its id, a person says who they are (and signs it).
  const meant =
    /^(PUT \/api\/v1\/:account\/routing|POST \/api\/v1\/:account\/routing\/try|POST \/api\/widget\/sessions): /
  expect(wrong.filter((each) => !meant.test(each))).toEqual([])
  expect(leaks({ input: z.looseObject({ name: z.string() }) }, { name: 'x' }, id).join()).toContain('accountId')
})

/** Who everybody is and whose everything is, as one text. */
async function identities(): Promise<Record<string, string>> {
  const asked: Record<string, string> = {
    people: `SELECT id, email, operator, session_version, disabled_at, password_hash, email_verified_at FROM "user" WHERE email NOT LIKE '%@new.example' ORDER BY id`,
    members: `SELECT account_id, id, user_id, role, disabled_at FROM membership WHERE id = ANY($1) ORDER BY id`,
    accounts: `SELECT id, slug, created_at FROM account WHERE id = ANY($1) ORDER BY id`,
    conversations: `SELECT account_id, id, contact_id, inbox_id, display_id, created_at FROM conversation WHERE account_id = ANY($1) ORDER BY id`,
    inboxes: `SELECT account_id, id, site_key, created_at FROM inbox WHERE id = ANY($1) ORDER BY id`,
    contacts: `SELECT account_id, id, external_hash FROM contact WHERE account_id = ANY($1) ORDER BY id`,
  }
  const known = [house.shop, house.rival].flatMap((shop) => [
    shop.accountId,
    shop.inboxId,
    ...Object.values(shop.members),
  ])
  const answer: Record<string, string> = {}
  for (const [what, sql] of Object.entries(asked))
    answer[what] = JSON.stringify((await house.owner.query(sql, sql.includes('$1') ? [known] : [])).rows)
  return answer
}

async function send(at: Port, sample: Sample, things: Things, caller: Caller, id: string): Promise<number> {
  const { method, path } = requestOf(sample, house.shop.slug, things)
  const body = JSON.stringify(laden(sample.body?.(things), id))
  return (await at.send(method, path, { ...fromOurPage(at, method), ...caller.headers }, body)).status
}

const callerFor = ({ route }: Sample): Caller =>
  house.caller(table.get(route) === 'visitor' ? 'visitor' : table.get(route) === 'anyone' ? 'anonymous' : 'owner')

describe('in the database', () => {
  test('nobody becomes somebody else and nothing changes hands', async () => {
    const id = newId()
    const [before, theirs] = [await identities(), await ledgerOf(house.owner, house.rival.accountId)]
    const keys = Object.keys({ ...claims(id), ...sometimes(id) }).length
    let [taken, refused] = [0, 0]
    // A chat that claims to be somebody's is looked at by itself.
    const ordinary = bodied().filter(({ route }) => !route.includes('/api/widget/sessions'))
    for (const sample of ordinary) {
      const status = await send(port, sample, house.mine, callerFor(sample), id)
      if (status < 300) taken++
      else refused++
      expect(status, sample.route).not.toBe(500)
    }
    expect(await identities()).toEqual(before)
    expect(await ledgerOf(house.owner, house.rival.accountId)).toEqual(theirs)
    expect(await holding(house.owner, [id, planted])).toEqual([])
    expect(taken).toBeGreaterThan(20)
    expect(keys).toBeGreaterThan(35)
    expect(({} as { operator?: boolean }).operator).toBeUndefined()
    held(
      '3 mass assignment',
      `${ordinary.length} routes with ${keys} added keys at every depth: ${taken} took the body without them, ${refused} refused it, 0 changed an id, an account, a role or an identity`,
    )
  })

  test('a chat is nobody’s whose signature does not say so', async () => {
    const sample = outside.find(({ route }) => route.includes('/api/widget/sessions')) as Sample
    const known = async () =>
      (await house.owner.query('SELECT count(*)::int AS n FROM contact WHERE external_hash IS NOT NULL')).rows[0].n
    const before = await known()
    await send(port, sample, house.mine, house.caller('anonymous'), newId())
    expect(await known()).toBe(before)
    expect(await holding(house.owner, [planted])).toEqual([])
  })

  test('it bites: a handler that spreads its body is seen', async () => {
    const id = newId()
    const before = await identities()
    const name = 'PATCH /api/v1/:account/members/:id'
    const broken = routes.map(
      (route): Route =>
        `${route.method} ${route.path}` === name
          ? {
              ...route,
              input: z.looseObject({}),
              handle: (ctx, input) =>
                inAccount(ctx, async (tx) => {
                  await tx.membership.updateMany({
                    where: { id: house.shop.members.viewer },
                    data: { role: (input as { role: string }).role },
                  })
                }),
            }
          : route,
    )
    const at = await listen(house, unlimited(broken))
    await send(at, { route: name, names: 'member', body: () => ({}) }, house.mine, house.caller('admin'), id)
    await at.close()
    expect((await identities()).members).not.toBe(before.members)
  })
})
