/** No request leaves for an address that a visitor or an account wrote: each of many spellings in every text of every route. */
import { createServer, type Server } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { serveRoutes } from '@/lib/border/serve'
import { newId } from '@/lib/core/ids'
import { readNetworks } from '@/lib/core/networks'
import { sendDueMails } from '@/lib/features/mail/deliver'
import { queueTest } from '@/lib/features/webhooks/outbox'
import { newSecret } from '@/lib/features/webhooks/sign'
import { about, keepCursor } from '@/lib/features/webhooks/write'
import { type WebhookSender, webhookSender } from '@/lib/flows/send-webhooks'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { amount, held, whole } from '../kit/guarantee'
import { addressesAt, hosts } from '../kit/hostile/addresses'
import { inject } from '../kit/hostile/inject'
import { asItIs, type Field, fieldsOf, type Said } from './access/fields'
import { anotherAddress, unlimited } from './access/house'
import { outsideOf, secretly } from './access/outside'
import { type Sample, samples } from './access/samples'
import { table } from './access/table'
import { type FullHouse, openFullHouse } from './access/things'

let house: FullHouse
/** Whose words they are. */
let owner: Ctx
let canary: Server
let port = 0
let heard = 0
/** Where anything in this process connects to. */
const reached = new Set<string>()
const connect = Socket.prototype.connect

beforeAll(async () => {
  house = await openFullHouse(whole)
  owner = house.shop.as.owner
  canary = createServer((_request, response) => {
    heard++
    response.end()
  })
  canary.on('connection', () => heard++)
  // On every address of this machine, so that spellings of the others reach it, too.
  await new Promise<void>((listening) => canary.listen(0, '::', listening))
  port = (canary.address() as AddressInfo).port
  Socket.prototype.connect = function (this: Socket, ...words: unknown[]) {
    // Each address that the system is really told to connect to, after names were looked up.
    this.on('connectionAttempt', (address, to) => reached.add(`${address}:${to}`))
    return connect.apply(this, words as never)
  } as typeof connect
})
afterAll(async () => {
  Socket.prototype.connect = connect
  await new Promise((closed) => canary.close(closed))
  await house.close()
})

/** What ends sessions comes last, after what else destroys. */
const ends = /\/sign-out$|\/me\/(sessions|password)$/

/** Requests of every route with the addresses in each of its texts, as those who are let in would send them. */
async function askAll(addresses: readonly string[]) {
  const open = unlimited(routes).filter(({ stream }) => !stream)
  const handler = serveRoutes(house.services, open)
  // The file of an answer can be sent once.
  const reply = samples.find(({ route }) => route.endsWith('/reply')) as Sample
  const again = { ...reply, body: () => ({ clientId: newId(), text: 'hello' }) }
  const known = [...outsideOf(house.shop), ...secretly, again, ...samples]
  const nameOf = ({ method, path }: Route) => `${method} ${path}`
  const rank = (route: Route) =>
    ends.test(route.path) ? known.length : known.findIndex((sample) => sample.route === nameOf(route))
  const seen = { reached: new Set<string>(), taken: new Set<string>(), fields: 0, bare: 0, asked: 0, took: 0 }

  async function ask(route: Route, { path, headers, body }: Said): Promise<boolean> {
    const allowed = table.get(nameOf(route))
    const who = allowed === 'visitor' ? 'visitor' : allowed === 'operator' ? 'operator' : 'owner'
    const { person, headers: own } = house.caller(who)
    // Some end the session they come with.
    const credentials = person ? { cookie: await house.signIn(person.userId) } : own
    const reads = route.method === 'GET'
    const query = reads ? new URLSearchParams(body as Record<string, string>).toString() : ''
    const { status } = await inject(handler, {
      method: route.method,
      url: query ? `${path}?${query}` : path,
      // Tries are counted by address.
      headers: {
        host: 'desk.test',
        origin: 'http://desk.test',
        'x-forwarded-for': anotherAddress(),
        ...credentials,
        ...headers,
      },
      body: reads ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    })
    expect(status, nameOf(route)).not.toBe(500)
    seen.asked++
    return status < 300
  }

  for (const route of [...open].sort((one, other) => rank(one) - rank(other))) {
    const name = nameOf(route)
    const sample = known.find((one) => one.route === name) ?? { route: name }
    const fields = fieldsOf(route, sample, house.shop.slug, house.mine)
    seen.fields += fields.length
    if (!fields.length) seen.bare++
    const free = fields.filter((field) => field.free)
    // All spellings, shared out among the texts; each gets three at least, and so does what only an id or a time may be.
    const turns =
      free.length &&
      Math.max(amount(addresses.length / (route.method === 'GET' ? 3 : 1), 1), free.length * amount(3, 1))
    const said = [
      ...Array.from({ length: turns }, (_, turn) => [free[turn % free.length], turn] as const),
      ...fields
        .filter((field) => !field.free)
        .flatMap((field) => Array.from({ length: amount(3, 1) }, (_, n) => [field, n * 7] as const)),
    ]
    for (const [field, turn] of said) {
      if (!(await ask(route, (field as Field).with(`${addresses[turn % addresses.length]}?${seen.asked}`)))) continue
      seen.took++
      seen.taken.add(name)
    }
    if (await ask(route, asItIs(route, sample, house.shop.slug, house.mine))) seen.reached.add(name)
  }
  return { ...seen, routes: open.length }
}

test('addresses that others wrote are asked by nobody', { timeout: 600_000 }, async () => {
  const addresses = addressesAt(port)
  reached.clear()
  const seen = await askAll(addresses)
  // The rest asks for a secret, or for something that is not there twice.
  expect(seen.reached.size).toBeGreaterThanOrEqual(amount(135, 115))
  expect(seen.taken.size).toBeGreaterThanOrEqual(30)
  expect(seen.took).toBeGreaterThanOrEqual(amount(1_200, 35))
  while (await sendDueMails(house.services));
  const listed = await endpointsAt(addresses)
  // Names are known here, and each means this machine.
  await work(webhookSender(house.services, () => owner, { opened: [], resolve: here }))
  const outcomes = await errors()
  expect(outcomes).toEqual([{ error: 'refused', n: expect.any(Number) }])
  expect(outcomes[0]?.n).toBeGreaterThanOrEqual(listed)
  const databasePort = new URL(house.database.appUrl).port
  const others = [...reached].filter((to) => !to.endsWith(`:${databasePort}`))
  expect(others).toEqual([])
  expect(heard).toBe(0)
  // Control: the same endpoints where the operator has opened this machine; and who asks these addresses without a look at them.
  await inAccount(owner, (tx) =>
    tx.webhookDelivery.updateMany({ where: { attempts: { gt: 0 } }, data: { dueAt: new Date(0) } }),
  )
  await inAccount(owner, (tx) => tx.webhookEndpoint.updateMany({ data: { restUntil: null } }))
  await work(webhookSender(house.services, () => owner, { opened: readNetworks('127.0.0.0/8 ::1'), resolve: here }))
  const opened = heard
  expect(opened).toBeGreaterThan(20)
  const careless = (host: string) =>
    fetch(`http://${host}:${port}/canary`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
  await Promise.all(hosts.slice(0, 24).map(careless))
  expect(heard - opened).toBeGreaterThan(10)
  expect([...reached].filter((to) => to.endsWith(`:${port}`)).length).toBeGreaterThan(0)
  held(
    '5 addresses that others wrote',
    `${addresses.length} spellings in ${seen.fields} texts and names of ${seen.routes} routes (${seen.bare} have none): ${seen.asked} requests, ${seen.took} with an address in them taken, by ${seen.taken.size} routes, ${seen.reached.size} reached as they should be; ${listed} webhooks: 0 connections but the database's; control ${heard} heard`,
  )
})

const here = async () => ['127.0.0.1', '::1']

/** An endpoint at each address, put in behind the form that would refuse most of them, and a delivery for each. */
async function endpointsAt(addresses: readonly string[]): Promise<number> {
  const { accountId } = owner
  const vault = await accountVault(owner)
  const seal = (plain: string, to: string) => Uint8Array.from(vault.seal(plain, to))
  await inAccount(owner, async (tx) => {
    for (const url of addresses) {
      const id = newId()
      const sealed = { url: seal(url, about.url(id)), secret: seal(newSecret(), about.secret(id)) }
      const rest = { description: '', events: ['message.created'], enabled: true, createdAt: new Date() }
      await tx.webhookEndpoint.create({ data: { accountId, id, ...sealed, ...rest }, select: { id: true } })
    }
    await keepCursor(tx, owner)
    // Those that the form took are among them.
    const all = await tx.webhookEndpoint.findMany({ select: { id: true } })
    for (const { id } of all) await queueTest(tx, owner, id)
  })
  return inAccount(owner, (tx) => tx.webhookDelivery.count())
}

async function work(sender: WebhookSender): Promise<void> {
  while (await sender.round()) await sender.settled()
  await sender.stop()
}

const errors = () =>
  inAccount(
    owner,
    (tx) =>
      tx.$queryRaw<
        { error: string; n: number }[]
      >`SELECT error, count(*)::int AS n FROM webhook_delivery WHERE attempts > 0 OR error IS NOT NULL GROUP BY 1`,
  )
