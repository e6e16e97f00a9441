/** The worker is killed with webhooks in hand, at each point of the outbox: all that happened arrives at least once, always under one id. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readNetworks } from '@/lib/core/networks'
import { addEndpoint } from '@/lib/features/webhooks/write'
import { deriveWebhooks } from '@/lib/flows/derive-webhooks'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { type Shop, type Visitor, write } from '../db/ingest/house'
import { amount, held, whole } from '../kit/guarantee'
import { until } from '../kit/installation'
import { OwnReceiver, type ReceiverPoint } from '../kit/own-receiver'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'

/** Where the worker stands: making deliveries from news, claiming them, at four points of a request, and marking what was answered. */
type Point = 'deriving' | 'claiming' | ReceiverPoint | 'marking'
const points: Point[] = whole
  ? ['deriving', 'claiming', 'connected', 'head', 'received', 'answered', 'marking']
  : ['deriving', 'received', 'marking']
const rounds = amount(3, 1)
const each = 4
const opened = '127.0.0.0/8'

let real: RealHouse
let receiver: OwnReceiver
let worker: Program
let shop: Shop
let visitor: Visitor
beforeAll(async () => {
  receiver = await new OwnReceiver().start()
  real = await openRealHouse({ durable: false })
  shop = await real.house.shop()
  visitor = await real.house.visitor(shop)
  const vault = await accountVault(shop.ctx)
  const draft = { url: receiver.url, description: '', events: ['message.created' as const] }
  await inAccount(shop.ctx, (tx) => addEndpoint(tx, shop.ctx, vault, readNetworks(opened), draft))
})
afterAll(async () => {
  await real?.close()
  await receiver?.stop()
})

/** Messages through the visitor's path: ids of what has to be told. */
async function say(): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < each; n++) ids.push((await write(visitor, `message ${n}`)).message_id as string)
  return ids
}

/** As if the time for which a worker claims a delivery had passed. */
const letLeasesEnd = () => real.server.ask(`UPDATE webhook_delivery SET due_at = now() WHERE state = 'queued'`)
const startWorker = async () => {
  if (worker) worker.start()
  else worker = await real.worker({ LINGXI_WEBHOOK_PRIVATE: opened })
}

/** Whoever wants to write deliveries waits from now on. */
async function lock(): Promise<void> {
  await real.house.owner.query('BEGIN')
  await real.house.owner.query('LOCK TABLE webhook_delivery IN EXCLUSIVE MODE')
}
const unlock = () => real.house.owner.query('ROLLBACK')
const somebodyWaits = (statement: string) =>
  until(async () => {
    const waiting = await real.server.ask(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE $1`,
      [`%${statement}%`],
    )
    return waiting.length > 0
  }, 40_000)

/** A worker that is killed when it gets to that point. */
async function dieAt(point: Point): Promise<void> {
  await letLeasesEnd()
  if (point === 'claiming') await deriveWebhooks(shop.ctx)
  if (point === 'deriving' || point === 'claiming') {
    await lock()
    await startWorker()
    expect(await somebodyWaits(point === 'deriving' ? 'insert into "public"."webhook_delivery"' : 'WITH due AS')).toBe(
      true,
    )
    await worker.kill()
    await unlock()
    return
  }
  if (point === 'marking') {
    const locked = new Promise<void>((done) => receiver.when('received', () => lock().then(done)))
    await startWorker()
    await locked
    expect(await somebodyWaits('update "public"."webhook_delivery"')).toBe(true)
    await worker.kill()
    await unlock()
    return
  }
  const died = new Promise<void>((done, fail) => {
    receiver.when(point, () => void worker.kill().then(done, fail))
  })
  await startWorker()
  await died
}

const toldOf = (id: string) => receiver.hooks.filter(({ json }) => json.data?.message?.id === id)

/** A worker that nobody kills, until there is nothing more to send. */
async function deliverRest(): Promise<void> {
  await letLeasesEnd()
  await startWorker()
  const done = async () => {
    const [row] = await real.server.ask<{ news: boolean; queued: string }>(
      `SELECT (SELECT count(*) FROM webhook_delivery WHERE state = 'queued') AS queued,
        EXISTS (SELECT 1 FROM event e, webhook_cursor c WHERE e.account_id = c.account_id AND (e.xid, e.id) > (c.xid, c.id)) AS news`,
    )
    return row?.queued === '0' && !row.news
  }
  expect(await until(done, 40_000)).toBe(true)
  await worker.stop()
}

test('killed at each point of the outbox, the worker loses nothing; what is sent twice has one id', async () => {
  const ids: string[] = []
  let kills = 0
  for (let round = 0; round < rounds; round++) {
    for (const point of points) {
      ids.push(...(await say()))
      await dieAt(point)
      kills++
    }
  }
  await deliverRest()
  expect(ids.filter((id) => !toldOf(id).length)).toEqual([])
  for (const id of ids) expect(new Set(toldOf(id).map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(new Set(receiver.hooks.map(({ json }) => json.id)).size).toBe(ids.length)
  const states = await real.server.ask<{ state: string }>('SELECT DISTINCT state FROM webhook_delivery')
  expect(states).toEqual([{ state: 'sent' }])
  const twice = ids.filter((id) => toldOf(id).length > 1).length
  // Killed between the answer and its mark: nobody can know that it arrived, so it goes again.
  expect(twice).toBeGreaterThan(0)
  held(
    '1 worker killed with webhooks in hand',
    `${kills} kills at ${points.length} points, ${ids.length} webhooks, 0 lost, ${twice} delivered again under the same id`,
  )
})

test('control: deliveries that are told "sent" before they are sent are lost', async () => {
  const ids = await say()
  await dieAt('head')
  await real.server.ask(`UPDATE webhook_delivery SET state = 'sent' WHERE attempts > 0`)
  await deliverRest()
  await sleep(100)
  expect(ids.filter((id) => !toldOf(id).length).length).toBeGreaterThan(0)
})
