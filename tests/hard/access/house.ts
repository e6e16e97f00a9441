/** Two accounts with people of every role, callers with and without rights, and a real port in front of the declared routes. */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { encode } from 'next-auth/jwt'
import type { Route } from '@/lib/border/route'
import { serveRoutes } from '@/lib/border/serve'
import { makeVisitorToken } from '@/lib/border/visitor'
import { newId } from '@/lib/core/ids'
import type { Role } from '@/lib/platform/context'
import { Follower } from '@/lib/platform/events/follower'
import { createKit, type Kit, type Shop } from '../../db/settings/kit'
import { temporaryFolder } from '../../kit/installation'

export interface Caller {
  name: string
  headers: Record<string, string>
  /** Whose token is good. */
  visitor?: Shop
  /** A living session of somebody. */
  person?: { userId: string; operator?: boolean }
  /** A living membership. */
  member?: { shop: Shop; role: Role }
}

export interface AccessHouse extends Kit {
  callers: Caller[]
  caller(name: string): Caller
  /** A cookie of a person's new session. */
  signIn(userId: string, change?: { days?: number; revoked?: boolean; secret?: string }): Promise<string>
  visitorOf(shop: Shop, made?: Date): Promise<{ contactId: string; token: string; conversationId: string }>
}

const week = 7 * 86_400_000
export const roleNames = ['viewer', 'agent', 'admin', 'owner'] as const

/** @param extend changes the kit before anybody uses it */
export async function openAccessHouse(make: () => Promise<Kit> = createKit): Promise<AccessHouse> {
  const kit = await make()
  // A plan with a place for everybody: what is asked here is who they are.
  for (const { accountId } of [kit.shop, kit.rival])
    await kit.owner.query(
      `INSERT INTO subscription (account_id, provider, plan, interval, currency, state, seats, period_start, period_end, created_at, updated_at)
       VALUES ($1, 'demo', 'pro', 'month', 'usd', 'active', 9, now(), now() + interval '20 days', now(), now()) ON CONFLICT DO NOTHING`,
      [accountId],
    )
  // What is erased is noted in a file.
  const folder = temporaryFolder()
  const secret = () => randomBytes(32).toString('base64')
  Object.assign(kit.services.env, {
    LINGXI_AUTH_SECRET: secret(),
    LINGXI_TOKEN_SECRET: secret(),
    LINGXI_TRUST_PROXY: true,
    LINGXI_DATA_DIR: folder.path,
  })
  const listeners = new Set<(accountId: string) => void>()
  kit.services.bus = {
    wake: (accountId) => {
      for (const listener of listeners) listener(accountId)
    },
    onWake: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    state: () => 'ready',
    close: async () => {},
  }
  // Streams and labels find their services where the process keeps them.
  const follower = new Follower(kit.services)
  const place = globalThis as { lingxi?: unknown }
  place.lingxi = { ...kit.services, follower }

  const signIn: AccessHouse['signIn'] = async (userId, { days = 7, revoked = false, secret: other } = {}) => {
    const id = newId()
    await kit.owner.query(
      'INSERT INTO user_session (id, user_id, version, expires_at, revoked_at) VALUES ($1, $2, 1, $3, $4)',
      [id, userId, new Date(Date.now() + days * 86_400_000), revoked ? new Date() : null],
    )
    const token = await encode({
      token: { uid: userId, sid: id },
      secret: other ?? kit.services.env.LINGXI_AUTH_SECRET,
    })
    return `lingxi_session=${token}`
  }
  const visitorOf: AccessHouse['visitorOf'] = async (shop, made = new Date()) => {
    const { from, conversationId } = await shop.write('refund normal: where is my parcel?')
    const who = { accountId: shop.accountId, ...from }
    return {
      contactId: from.contactId,
      conversationId,
      token: makeVisitorToken(kit.services.env.LINGXI_TOKEN_SECRET, who, made),
    }
  }
  const callers = await makeCallers(kit, signIn, visitorOf)
  return {
    ...kit,
    callers,
    caller: (name) => {
      const found = callers.find((each) => each.name === name)
      if (!found) throw new Error(`nobody is called ${name}`)
      return found
    },
    signIn,
    visitorOf,
    close: async () => {
      follower.close()
      place.lingxi = undefined
      await kit.close()
      folder.remove()
    },
  }
}

async function makeCallers(
  kit: Kit,
  signIn: AccessHouse['signIn'],
  visitorOf: AccessHouse['visitorOf'],
): Promise<Caller[]> {
  const { shop, rival, owner } = kit
  const person = async (name: string, change = ''): Promise<string> => {
    const id = newId()
    await owner.query('INSERT INTO "user" (id, email, name) VALUES ($1, $2, $3)', [id, `${id}@people.example`, name])
    if (change) await owner.query(`UPDATE "user" SET ${change} WHERE id = $1`, [id])
    return id
  }
  const join = (userId: string, role: Role, ended: Date | null) =>
    owner.query('INSERT INTO membership (account_id, id, user_id, role, disabled_at) VALUES ($1, $2, $3, $4, $5)', [
      shop.accountId,
      newId(),
      userId,
      role,
      ended,
    ])
  const userOf = (of: Shop, role: Role) => (of.as[role].actor as { userId: string }).userId
  const cookie = async (userId: string, change?: Parameters<typeof signIn>[1]) => ({
    cookie: await signIn(userId, change),
  })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const boss = userOf(shop, 'owner')
  const [mine, theirs] = [await visitorOf(shop), await visitorOf(rival)]
  const old = await visitorOf(shop, new Date(Date.now() - 53 * week))
  const [removed, disabled, nobody, operator] = [
    await person('Removed'),
    await person('Disabled', 'disabled_at = now()'),
    await person('Nobody'),
    await person('Operator', 'operator = true'),
  ]
  await join(removed, 'owner', new Date())
  await join(disabled, 'owner', null)
  const ofShop = async (of: Shop, prefix: string): Promise<Caller[]> => {
    const made: Caller[] = []
    for (const role of roleNames) {
      const userId = userOf(of, role)
      made.push({
        name: `${prefix}${role}`,
        headers: await cookie(userId),
        person: { userId },
        member: { shop: of, role },
      })
    }
    return made
  }
  return [
    { name: 'anonymous', headers: {} },
    { name: 'visitor', headers: bearer(mine.token), visitor: shop },
    { name: "another account's visitor", headers: bearer(theirs.token), visitor: rival },
    { name: 'visitor after a year', headers: bearer(old.token) },
    { name: 'visitor with a changed token', headers: bearer(`${mine.token.slice(0, -4)}AAAA`) },
    ...(await ofShop(shop, '')),
    ...(await ofShop(rival, "another account's ")),
    { name: 'operator', headers: await cookie(operator), person: { userId: operator, operator: true } },
    { name: 'person without an account', headers: await cookie(nobody), person: { userId: nobody } },
    { name: 'removed owner', headers: await cookie(removed), person: { userId: removed } },
    { name: 'disabled owner', headers: await cookie(disabled) },
    { name: 'revoked session', headers: await cookie(boss, { revoked: true }) },
    { name: 'expired session', headers: await cookie(boss, { days: -1 }) },
    { name: 'forged session', headers: await cookie(boss, { secret: 'another installation' }) },
    { name: 'token as a cookie', headers: { cookie: `lingxi_session=${mine.token}` } },
    { name: 'cookie as a token', headers: bearer((await signIn(boss)).split('=')[1] ?? '') },
  ]
}

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

export interface Port {
  origin: string
  host: string
  /** Sends the path as it is: nothing is made tidy on the way. */
  send(method: string, path: string, headers?: Record<string, string>, body?: string | Buffer): Promise<Answer>
  close(): Promise<void>
}

/** As many requests as anybody likes: what is counted here is who gets in, not how often. */
export const unlimited = (routes: readonly Route[]): Route[] =>
  routes.map((route) => ({ ...route, limits: { ...route.limits, rate: [1_000_000_000, 60] } }))

let addresses = 0
/** Tries are counted per address: each request comes from one of its own. */
export const anotherAddress = (): string => {
  addresses++
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}

/** @param before what a careless server in front would do to a request; for controls */
export async function listen(
  kit: Kit,
  routes: readonly Route[],
  before: (request: http.IncomingMessage) => void = () => {},
): Promise<Port> {
  const api = serveRoutes(kit.services, routes)
  const server = http.createServer((request, response) => {
    before(request)
    const target = request.url ?? '/'
    const mark = target.indexOf('?')
    const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
    void api(request, response, mark < 0 ? target : target.slice(0, mark), query)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const host = `127.0.0.1:${port}`
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
  return {
    host,
    origin: `http://${host}`,
    send: (method, path, headers = {}, body) =>
      new Promise((resolve, reject) => {
        const sent = {
          'x-forwarded-for': anotherAddress(),
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        }
        const request = http.request(
          { host: '127.0.0.1', port, agent, method, path, headers: { ...sent, ...headers } },
          (answer) => {
            const parts: Buffer[] = []
            answer.on('data', (part: Buffer) => parts.push(part))
            answer.on('end', () =>
              resolve({
                status: answer.statusCode ?? 0,
                headers: answer.headers,
                body: Buffer.concat(parts).toString(),
              }),
            )
            answer.on('error', reject)
          },
        )
        request.on('error', reject)
        // A request without an answer is a finding, and has a name.
        request.setTimeout(20_000, () => request.destroy(new Error(`no answer to ${method} ${path}`)))
        request.end(body)
      }),
    close: async () => {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Does all of them, a few at a time. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 8): Promise<void> {
  let next = 0
  const turn = async () => {
    while (next < items.length) await work(items[next++] as T)
  }
  await Promise.all(Array.from({ length: atOnce }, turn))
}
