/** No request leaves for an address that a visitor or an account wrote: each of many spellings in every text of every route. */
import { createServer, type Server } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '@/lib/border/routes'
import { serveRoutes } from '@/lib/border/serve'
import { newId } from '@/lib/core/ids'
import { readNetworks } from '@/lib/core/networks'
import { sendDueMails } from '@/lib/features/mail/deliver'
import { queueTest } from '@/lib/features/webhooks/outbox'
import { newSecret } from '@/lib/features/webhooks/sign'
import { about, keepCursor } from '@/lib/features/webhooks/write'
import { type WebhookSender, webhookSender } from '@/lib/flows/send-webhooks'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { amount, held } from '../kit/guarantee'
import { addressesAt, hosts } from '../kit/hostile/addresses'
import { Bodies } from '../kit/hostile/bodies'
import { type Furnished, furnish } from '../kit/hostile/furnished'
import { inject } from '../kit/hostile/inject'

let house: Furnished
let canary: Server
let port = 0
let heard = 0
/** Where anything in this process connects to. */
const reached = new Set<string>()
const connect = Socket.prototype.connect

beforeAll(async () => {
  house = await furnish()
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

/** Places of texts in a value, as ways to put another one there. */
function places(value: unknown, put: (text: string) => unknown = (text) => text): ((text: string) => unknown)[] {
  if (typeof value === 'string') return [put]
  if (Array.isArray(value))
    return value.flatMap((one, at) =>
      places(one, (text) => put(value.map((old, n) => (n === at ? text : old)) as never)),
    )
  if (!value || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, one]) =>
    places(one, (text) => put({ ...value, [name]: text } as never)).map((deeper) => deeper),
  )
}

test('addresses that others wrote are asked by nobody', { timeout: 600_000 }, async () => {
  const session = await house.signIn()
  const bodies = new Bodies(5)
  bodies.ids = house.ids
  const addresses = addressesAt(port)
  const open = routes
    .filter(({ stream }) => !stream)
    .map((route) => ({ ...route, limits: { ...route.limits, rate: [1e9, 60] as const } }))
  const handler = serveRoutes(house.services, open)
  reached.clear()
  let asked = 0
  for (const route of open) {
    if (/sign-out|sessions$|password|\/join|sign-up/.test(route.path)) continue
    const reads = route.method === 'GET'
    const path = route.path.replace(/:\w+/g, (name) => (name === ':account' ? house.slug : (house.ids[0] as string)))
    const headers = {
      host: 'desk.test',
      origin: 'http://desk.test',
      ...(route.who === 'visitor' ? { authorization: `Bearer ${house.token}` } : { cookie: session }),
    }
    const texts = Array.from({ length: 3 }, () => bodies.fitting(bodies.schemaOf(route.input))).flatMap((one) =>
      places(one),
    )
    for (const [at, address] of addresses.entries()) {
      if (at % amount(reads ? 3 : 1, 30)) continue
      const put = texts[at % texts.length]
      if (!put) break
      const value = put(address) as Record<string, string>
      const url = reads ? `${path}?${new URLSearchParams(value)}` : path
      const body = reads ? undefined : Buffer.from(JSON.stringify(value))
      await inject(handler, { method: route.method, url, headers, body })
      asked++
    }
  }
  await sendDueMails(house.services)
  const listed = await endpointsAt(addresses)
  // Names are known here, and each means this machine.
  await work(webhookSender(house.services, () => house.owner, { opened: [], resolve: here }))
  expect(await errors()).toEqual([{ error: 'refused', n: listed }])
  const others = [...reached].filter((to) => !to.endsWith(`:${house.databasePort}`))
  expect(others).toEqual([])
  expect(heard).toBe(0)
  // Control: the same endpoints where the operator has opened this machine; and who asks these addresses without a look at them.
  await inAccount(house.owner, (tx) =>
    tx.webhookDelivery.updateMany({ where: { attempts: { gt: 0 } }, data: { dueAt: new Date(0) } }),
  )
  await inAccount(house.owner, (tx) => tx.webhookEndpoint.updateMany({ data: { restUntil: null } }))
  await work(
    webhookSender(house.services, () => house.owner, { opened: readNetworks('127.0.0.0/8 ::1'), resolve: here }),
  )
  const opened = heard
  expect(opened).toBeGreaterThan(20)
  const careless = (host: string) =>
    fetch(`http://${host}:${port}/canary`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
  await Promise.all(hosts.slice(0, 24).map(careless))
  expect(heard - opened).toBeGreaterThan(10)
  expect([...reached].filter((to) => to.endsWith(`:${port}`)).length).toBeGreaterThan(0)
  held(
    '5 addresses that others wrote',
    `${addresses.length} spellings, ${asked} requests, ${listed} webhooks: 0 connections but the database's; control ${heard} heard`,
  )
})

const here = async () => ['127.0.0.1', '::1']

/** An endpoint at each address, put in behind the form that would refuse most of them, and a delivery for each. */
async function endpointsAt(addresses: readonly string[]): Promise<number> {
  const { owner } = house
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
    house.owner,
    (tx) =>
      tx.$queryRaw`SELECT error, count(*)::int AS n FROM webhook_delivery WHERE attempts > 0 OR error IS NOT NULL GROUP BY 1`,
  )
