/** A small installation for identity tests: services on a fresh database, the declared routes and next-auth on a real port. */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { authenticate } from '@/lib/border/auth'
import { addressHeader, addressOf, makeCtx } from '@/lib/border/caller'
import type { Route } from '@/lib/border/route'
import { identityRoutes } from '@/lib/border/routes/identity'
import { memberRoutes } from '@/lib/border/routes/members'
import { secondFactorRoutes } from '@/lib/border/routes/second-factor'
import { serveRoutes } from '@/lib/border/serve'
import { readEnv } from '@/lib/core/env'
import type { Mailer, OutgoingMail } from '@/lib/core/ports'
import { openMail } from '@/lib/features/mail/sealed'
import { signUp } from '@/lib/flows/sign-up'
import type { Actor, Ctx, Role, Services } from '@/lib/platform/context'
import { Vault } from '@/lib/platform/crypto/vault'
import { openDatabase } from '@/lib/platform/db/database'
import { createLog } from '@/lib/platform/log'
import { createTestDatabase, type TestDatabase } from '../../kit/database'
import { inTime } from '../../kit/guarantee'
import { MemoryStorage } from '../../kit/memory-storage'
import { noTrainer } from '../../kit/no-trainer'

export const goodPassword = 'violet harbour kettle'

export interface Kit {
  services: Services
  database: TestDatabase
  mails: OutgoingMail[]
  /** A context outside any account, with the clock moved by `ms`. */
  ctx(actor?: Actor, accountId?: string, ms?: number): Ctx
  close(): Promise<void>
}

/** Mails are caught instead of sent. */
class CatchingMailer implements Mailer {
  readonly mails: OutgoingMail[] = []
  async send(mail: OutgoingMail): Promise<'sent'> {
    this.mails.push(mail)
    return 'sent'
  }
}

export async function createKit(env: Record<string, string> = {}): Promise<Kit> {
  const database = await createTestDatabase()
  const mailer = new CatchingMailer()
  const settings = readEnv({
    LINGXI_APP_URL: database.appUrl,
    LINGXI_SYSTEM_URL: database.systemUrl,
    LINGXI_AUTH_SECRET: randomBytes(32).toString('base64'),
    LINGXI_TOKEN_SECRET: randomBytes(32).toString('base64'),
    LINGXI_LOG_LEVEL: 'silent',
    ...env,
  })
  const services: Services = {
    env: settings,
    log: createLog('test', 'silent'),
    database: openDatabase({ appUrl: database.appUrl, systemUrl: database.systemUrl, connections: 6 }),
    vault: new Vault(randomBytes(32).toString('base64')),
    classifier: { classify: async () => null, explain: async () => null, state: () => 'away', close: async () => {} },
    bus: { wake: () => {}, onWake: () => () => {}, state: () => 'ready', close: async () => {} },
    mailer,
    storage: new MemoryStorage(),
    trainer: noTrainer,
    pages: { ready: true },
  }
  return {
    services,
    database,
    mails: mailer.mails,
    ctx: (actor = { kind: 'system', reason: 'test' }, accountId = '', ms = 0) => ({
      ...makeCtx(services, actor, accountId, 'en'),
      now: () => new Date(Date.now() + ms),
    }),
    close: async () => {
      await services.database.close()
      await database.drop()
    },
  }
}

let serial = 0
/** An address of its own for each test person, so that limits never meet. */
export const newAddress = (): string => `10.0.${(++serial >> 8) & 255}.${serial & 255}`

export interface Person {
  userId: string
  email: string
  slug: string
}

export async function newPerson(kit: Kit, name = 'Ada Byron', accountName = 'Analytical Engines'): Promise<Person> {
  const email = `person${++serial}@example.com`
  const input = { name, email, password: goodPassword, accountName }
  return { email, ...(await signUp(kit.ctx(), input, newAddress())) }
}

/** The secret part of the newest mail to someone whose text has such a link. */
export async function mailedToken(kit: Kit, to: string, path: string): Promise<string> {
  const rows = await kit.services.database.system.mail.findMany({ where: { to }, orderBy: { id: 'desc' } })
  for (const row of rows) {
    const found = new RegExp(`${path}/([\\w-]+)`).exec(openMail(kit.services.vault, row).text)
    if (found?.[1]) return found[1]
  }
  throw new Error(`no mail to ${to} with ${path}`)
}

export const memberActor = (userId: string, membershipId: string, role: Role): Actor => ({
  kind: 'member',
  userId,
  membershipId,
  role,
})

export interface TestServer {
  origin: string
  close(): Promise<void>
}

/** @param more routes of the test's own */
export async function listen(kit: Kit, more: Route[] = [], port = 0): Promise<TestServer> {
  const { services } = kit
  const api = serveRoutes(services, [...identityRoutes, ...memberRoutes, ...secondFactorRoutes, ...more])
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://test')
    if (!url.pathname.startsWith('/api/auth/')) return api(request, response, url.pathname, url.searchParams)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
    headers.set(addressHeader, addressOf(request, services))
    const body = parts.length ? Buffer.concat(parts).toString() : null
    const answer = await authenticate(services, new Request(url, { method: request.method ?? 'GET', headers, body }))
    response.statusCode = answer.status
    for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value)
    response.setHeader('set-cookie', answer.headers.getSetCookie())
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A browser: keeps cookies, says where its requests come from. */
export class Browser {
  readonly cookies = new Map<string, string>()
  /** The last Set-Cookie headers, whole. */
  lastSet: string[] = []
  /** @param named what the address bar says, where a proxy asks the server by a name of its own */
  constructor(
    readonly origin: string,
    readonly named = origin,
  ) {}

  fetch(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    if (body === undefined) return this.send(method, path, undefined, headers)
    return this.send(method, path, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
  }

  /** The body as it is. */
  async send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Response> {
    const answer = await fetch(this.origin + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        origin: this.named,
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    this.lastSet = answer.headers.getSetCookie()
    for (const set of this.lastSet) {
      const [pair = '', ...rules] = set.split(';')
      const cut = pair.indexOf('=')
      if (rules.some((rule) => /max-age=0/i.test(rule)) || cut === pair.length - 1)
        this.cookies.delete(pair.slice(0, cut))
      else this.cookies.set(pair.slice(0, cut), pair.slice(cut + 1))
    }
    return answer
  }

  async json<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }> {
    const answer = await this.fetch(method, path, body)
    const text = await answer.text()
    return { status: answer.status, body: (text ? JSON.parse(text) : null) as T }
  }

  /** Signs in by a way (password, link); the answer is the failure's code or null. */
  async signIn(way: string, fields: Record<string, string>): Promise<string | null> {
    const { body } = await this.json<{ csrfToken: string }>('GET', '/api/auth/csrf')
    const answer = await this.json<{ url: string }>('POST', `/api/auth/callback/${way}`, {
      ...fields,
      csrfToken: body.csrfToken,
      json: 'true',
    })
    return new URL(answer.body.url, this.origin).searchParams.get('error')
  }

  get session(): string | undefined {
    return this.cookies.get('lingxi_session')
  }
}

/** Waits until `check` holds; answers after how many milliseconds. A crowded machine gets longer. */
export async function within(limit: number, check: () => Promise<boolean>): Promise<number> {
  const begun = performance.now()
  for (;;) {
    if (await check()) return performance.now() - begun
    if (!inTime(performance.now() - begun, limit)) throw new Error(`did not hold within ${limit} ms`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
