/** PostgreSQL is killed under writing visitors and comes back: nothing acknowledged is lost, nothing is doubled, streams go on. */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { widgetRoutes } from '@/lib/border/routes/widget'
import { serveRoutes } from '@/lib/border/serve'
import { closeStreams } from '@/lib/border/sse'
import { makeVisitorToken } from '@/lib/border/visitor'
import { newId } from '@/lib/core/ids'
import { type EmbeddedServer, startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser } from '@/lib/platform/postgres/external'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import { loginRole } from '@/lib/platform/postgres/roles'
import { type House, openHouse } from '../db/ingest/house'
import { temporaryFolder } from '../kit/installation'

const writers = 8
const secret = randomBytes(16).toString('hex')
const wanted = 300
/** A visitor may send 30 in 30 s; with so many visitors each, writers do not meet that limit. */
const visitorsEach = 8
const name = 'away'
const home = temporaryFolder()
const owner = randomBytes(12).toString('hex')
const cluster = { folder: join(home.path, 'pg'), ownerPassword: owner, logFile: join(home.path, 'pg.log') }
let postgres: EmbeddedServer
let house: House
let server: http.Server
let base: string

beforeAll(async () => {
  postgres = await startEmbedded(cluster)
  await ensureDatabase(postgres.url('postgres'), name)
  const ownerUrl = postgres.url(name)
  const passwords = { app: randomBytes(12).toString('hex'), system: randomBytes(12).toString('hex') }
  await prepareDatabase(ownerUrl, resolve('prisma/migrations'), passwords)
  house = await openHouse(
    { LINGXI_TOKEN_SECRET: secret },
    {
      name,
      ownerUrl,
      appUrl: asUser(ownerUrl, loginRole(name, 'app'), passwords.app),
      systemUrl: asUser(ownerUrl, loginRole(name, 'system'), passwords.system),
      drop: async () => {},
    },
  )
  house.owner.on('error', () => {})
  ;(globalThis as { lingxi?: unknown }).lingxi = house.services
  const answer = serveRoutes(house.services, widgetRoutes)
  server = http.createServer((request, response) => {
    const url = new URL(request.url as string, 'http://here')
    void answer(request, response, url.pathname, url.searchParams)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  closeStreams()
  server?.closeAllConnections()
  server?.close()
  await house?.services.close()
  await house?.owner.end().catch(() => {})
  await postgres?.stop()
  home.remove()
})

interface Tally {
  acknowledged: Map<string, { id: string; sequence: number }>
  refused: number
  wrong: string[]
}

/** Sends until the shared count is reached, again with the same client id whenever the answer is 503. */
async function write(tokens: string[], tally: Tally): Promise<void> {
  let sent = 0
  while (tally.acknowledged.size < wanted) {
    const clientId = crypto.randomUUID()
    const token = tokens[sent++ % tokens.length]
    for (;;) {
      const answer = await fetch(`${base}/api/widget/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ clientId, text: `message ${clientId}` }),
        signal: AbortSignal.timeout(20_000),
      })
      if (answer.status === 201 || answer.status === 200) {
        tally.acknowledged.set(clientId, await answer.json())
        break
      }
      if (answer.status === 503 && Number(answer.headers.get('retry-after')) >= 1) tally.refused++
      else if (answer.status !== 429) tally.wrong.push(`${answer.status} ${await answer.text()}`)
      await sleep(150)
    }
  }
}

test('kill -9 of PostgreSQL under writers', { timeout: 90_000 }, async () => {
  const shop = await house.shop()
  const tokens: string[] = []
  for (let n = 0; n < writers * visitorsEach; n++) {
    const { contactId } = await house.visitor(shop)
    const who = { accountId: shop.accountId, inboxId: shop.inboxId, contactId, sessionId: newId() }
    tokens.push(makeVisitorToken(secret, who, new Date()))
  }
  const tally: Tally = { acknowledged: new Map(), refused: 0, wrong: [] }
  const writing = Promise.all(
    Array.from({ length: writers }, (_, n) => write(tokens.slice(n * visitorsEach, (n + 1) * visitorsEach), tally)),
  )
  let back = 0
  for (const share of [0.25, 0.6]) {
    while (tally.acknowledged.size < wanted * share) await sleep(5)
    process.kill(postgres.pid, 'SIGKILL')
    await postgres.exited
    // Away for a while: what visitors send now is refused, never half accepted.
    const before = tally.acknowledged.size
    await sleep(700)
    expect(tally.acknowledged.size - before).toBeLessThanOrEqual(writers)
    const began = performance.now()
    postgres = await startEmbedded({ ...cluster, port: postgres.port })
    const known = tally.acknowledged.size
    while (tally.acknowledged.size === known) await sleep(5)
    back = Math.max(back, performance.now() - began)
  }
  await writing
  expect(tally.wrong).toEqual([])
  expect(tally.refused).toBeGreaterThan(0)

  const { rows } = await house.services.database.statements.query<{
    client_id: string
    id: string
    sequence: string
    conversation_id: string
  }>(
    `WITH account AS MATERIALIZED (SELECT set_config('app.account_id', $1, true) AS id)
     SELECT m.client_id, m.id, m.sequence, m.conversation_id FROM account, LATERAL (SELECT * FROM message WHERE account_id = account.id::uuid) m`,
    [shop.accountId],
  )
  const stored = new Map(rows.map((row) => [row.client_id, row]))
  expect(stored.size).toBe(rows.length)
  const lost = [...tally.acknowledged].filter(([clientId, { id }]) => stored.get(clientId)?.id !== id)
  expect(lost).toEqual([])
  // Sequences of a thread have neither gap nor repeat.
  const threads = new Map<string, number[]>()
  for (const row of rows)
    threads.set(row.conversation_id, [...(threads.get(row.conversation_id) ?? []), Number(row.sequence)])
  for (const sequences of threads.values()) {
    expect(sequences.sort((a, b) => a - b)).toEqual(sequences.map((_, i) => i + 1))
  }
  expect(back).toBeLessThan(10_000)
})
