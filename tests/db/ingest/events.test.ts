/** News travels with the transaction, the wake-up does not: rollbacks, late commits, lost wake-ups. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inAccount } from '@/lib/platform/db/in-account'
import { type EventRow, Follower } from '@/lib/platform/events/follower'
import { tell } from '@/lib/platform/events/tell'
import { createTestDatabase } from '../../kit/database'
import { type House, openHouse, type Shop, write } from './house'

let house: House
let shop: Shop

beforeAll(async () => {
  house = await openHouse()
  shop = await house.shop()
})
afterAll(() => house.close())

const eventsOf = async (accountId: string): Promise<number> =>
  (await house.owner.query('SELECT count(*)::int AS n FROM event WHERE account_id = $1', [accountId])).rows[0].n
const jobs = async (): Promise<number> =>
  (await house.owner.query('SELECT count(*)::int AS n FROM graphile_worker._private_jobs')).rows[0].n

/** A bus nobody can hear on: every wake-up is lost. */
const deaf = { wake: () => {}, onWake: () => () => {}, state: () => 'away' as const, close: async () => {} }

async function until(done: () => boolean, withinMs: number): Promise<number> {
  const began = performance.now()
  while (!done()) {
    if (performance.now() - began > withinMs) throw new Error(`not within ${withinMs} ms`)
    await sleep(5)
  }
  return performance.now() - began
}

async function insertEvent(client: pg.Client, accountId: string, n: number): Promise<void> {
  await client.query(`SELECT set_config('app.account_id', $1, true)`, [accountId])
  await client.query(
    `INSERT INTO event (account_id, type, data) VALUES ($1, 'account.updated', jsonb_build_object('n', $2::int))`,
    [accountId, n],
  )
}

describe('a rollback', () => {
  test('leaves neither event nor job nor wake-up', async () => {
    const own = await house.shop()
    const woken: string[] = []
    const stop = house.services.bus.onWake((account) => woken.push(account))
    const before = await jobs()
    const work = inAccount(own.ctx, async (tx) => {
      await tell(tx, own.ctx, { type: 'account.updated' })
      await tx.$queryRaw`SELECT 1 AS one FROM graphile_worker.add_job('prune-events', '{}'::json)`
      throw new Error('and then it failed')
    })
    await expect(work).rejects.toThrow('and then it failed')
    await sleep(50)
    stop()
    expect([await eventsOf(own.accountId), await jobs(), woken]).toEqual([0, before, []])
  })

  test('and a commit leaves all three', async () => {
    const own = await house.shop()
    const woken: string[] = []
    const stop = house.services.bus.onWake((account) => woken.push(account))
    const before = await jobs()
    await inAccount(own.ctx, async (tx) => {
      await tell(tx, own.ctx, { type: 'account.updated' })
      await tx.$queryRaw`SELECT 1 AS one FROM graphile_worker.add_job('prune-events', '{}'::json)`
    })
    stop()
    expect([await eventsOf(own.accountId), await jobs(), woken]).toEqual([1, before + 1, [own.accountId]])
  })

  test('a visitor message that is refused tells nothing', async () => {
    const visitor = await house.visitor(shop)
    await write(visitor, 'hello', { clientId: '018f0000-0000-7000-8000-000000000001' })
    const before = await eventsOf(shop.accountId)
    expect((await write(visitor, 'other', { clientId: '018f0000-0000-7000-8000-000000000001' })).outcome).toBe(
      'conflict',
    )
    expect(await eventsOf(shop.accountId)).toBe(before)
  })
})

describe('a follower', () => {
  test('misses nothing when transactions commit in another order than they wrote', async () => {
    const own = await house.shop()
    const [slow, fast] = [new pg.Client(house.database.appUrl), new pg.Client(house.database.appUrl)]
    await Promise.all([slow.connect(), fast.connect()])
    const seen: EventRow[] = []
    const stop = await house.services.follower.follow(own.accountId, (rows) => seen.push(...rows))
    try {
      await slow.query('BEGIN')
      await insertEvent(slow, own.accountId, 1)
      for (const n of [2, 3]) {
        await fast.query('BEGIN')
        await insertEvent(fast, own.accountId, n)
        await fast.query('COMMIT')
        house.services.bus.wake(own.accountId)
      }
      await sleep(300)
      // What lies behind a running transaction waits: a reader of one global sequence would have passed row 1 for good.
      expect(seen).toEqual([])
      await slow.query('COMMIT')
      house.services.bus.wake(own.accountId)
      await until(() => seen.length === 3, 1_500)
      expect(seen.map((row) => row.data.n)).toEqual([1, 2, 3])
    } finally {
      stop()
      await Promise.all([slow.end(), fast.end()])
    }
  })

  test('sees every event once under many writers that commit late, early or not at all', {
    timeout: 40_000,
  }, async () => {
    const own = await house.shop()
    const seen: number[] = []
    const stop = await house.services.follower.follow(own.accountId, (rows) => {
      for (const row of rows) seen.push(Number(row.data.n))
    })
    const expected: number[] = []
    const writers = Array.from({ length: 6 }, async (_, w) => {
      const client = new pg.Client(house.database.appUrl)
      await client.connect()
      for (let i = 0; i < 25; i++) {
        const n = w * 1_000 + i
        await client.query('BEGIN')
        await insertEvent(client, own.accountId, n)
        if ((n * 7) % 4 === 0) await sleep((n * 13) % 23)
        const keep = (n * 31) % 5 !== 0
        await client.query(keep ? 'COMMIT' : 'ROLLBACK')
        if (keep) expected.push(n)
        if (n % 3 === 0) house.services.bus.wake(own.accountId)
      }
      await client.end()
    })
    await Promise.all(writers)
    await until(() => seen.length >= expected.length, 3_000)
    await sleep(100)
    stop()
    expect(seen.length).toBe(expected.length)
    expect(new Set(seen)).toEqual(new Set(expected))
  })

  test('is not held back by a transaction of another database on the same server', async () => {
    const own = await house.shop()
    const neighbour = await createTestDatabase()
    const other = new pg.Client(neighbour.appUrl)
    await other.connect()
    try {
      await other.query('BEGIN')
      await insertEvent(other, own.accountId, 1)
      await write(await house.visitor(own), 'hello')
      const seen = await house.services.follower.since(own.accountId, { xid: 0n, id: 0n })
      expect(seen).toHaveLength(1)
    } finally {
      await other.end()
      await neighbour.drop()
    }
  })

  test('is held back by a transaction of this one, whichever way it ends', async () => {
    const own = await house.shop()
    const slow = new pg.Client(house.database.appUrl)
    await slow.connect()
    const seen = () => house.services.follower.since(own.accountId, { xid: 0n, id: 0n })
    for (const [i, end] of ['COMMIT', 'ROLLBACK'].entries()) {
      await slow.query('BEGIN')
      await insertEvent(slow, own.accountId, 1)
      await write(await house.visitor(own), 'hello')
      expect(await seen()).toHaveLength(i * 2)
      await slow.query(end)
      expect(await seen()).toHaveLength(i * 2 + (end === 'COMMIT' ? 2 : 1))
    }
    await slow.end()
  })

  test('resumes after a cursor without a gap', async () => {
    const own = await house.shop()
    const visitor = await house.visitor(own)
    for (let i = 0; i < 5; i++) await write(visitor, `message ${i}`)
    const { follower } = house.services
    const all = await follower.since(own.accountId, { xid: 0n, id: 0n })
    expect(all).toHaveLength(5)
    const third = all[2] as EventRow
    const rest = await follower.since(own.accountId, { xid: BigInt(third.xid), id: BigInt(third.id) })
    expect(rest.map((row) => row.id)).toEqual(all.slice(3).map((row) => row.id))
    expect(await follower.since((await house.shop()).accountId, { xid: 0n, id: 0n })).toEqual([])
  })

  test('a lost wake-up costs a second at most', async () => {
    const own = await house.shop()
    const follower = new Follower({ ...house.services, bus: deaf })
    const seen: EventRow[] = []
    const stop = await follower.follow(own.accountId, (rows) => seen.push(...rows))
    await write(await house.visitor(own), 'does anybody hear me?')
    const took = await until(() => seen.length > 0, 2_500)
    stop()
    follower.close()
    // A second, and what a loaded machine adds.
    expect(took).toBeLessThan(1_600)
  })

  test('that stops gets nothing more', async () => {
    const own = await house.shop()
    const seen: EventRow[] = []
    const stop = await house.services.follower.follow(own.accountId, (rows) => seen.push(...rows))
    stop()
    await write(await house.visitor(own), 'hello')
    house.services.bus.wake(own.accountId)
    await sleep(1_200)
    expect(seen).toEqual([])
  })
})
