/** Wake-ups between processes: over LISTEN/NOTIFY, and over a real Redis where one is installed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventBus } from '@/lib/core/ports'
import { PostgresBus } from '@/lib/platform/events/bus.postgres'
import { RedisBus } from '@/lib/platform/events/bus.redis'
import { createLog } from '@/lib/platform/log'
import { createTestDatabase, type TestDatabase } from '../../kit/database'
import { type OwnRedis, startOwnRedis } from '../../kit/own-redis'

const log = createLog('test', 'silent')
let database: TestDatabase
let redis: OwnRedis | undefined

beforeAll(async () => {
  database = await createTestDatabase()
  redis = await startOwnRedis()
})
afterAll(async () => {
  await redis?.stop()
  await database?.drop()
})

async function until(done: () => boolean, withinMs = 5_000): Promise<void> {
  for (const end = Date.now() + withinMs; !done(); await sleep(5))
    if (Date.now() > end) throw new Error('it did not happen')
}

const account = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`

async function between(make: () => EventBus): Promise<void> {
  const [one, two] = [make(), make()]
  const heard: string[] = []
  const own: string[] = []
  two.onWake((id) => heard.push(id))
  const stop = one.onWake((id) => own.push(id))
  try {
    await until(() => one.state() === 'ready' && two.state() === 'ready')
    // Ready to hear; the subscription itself may take one more round trip.
    for (let i = 0; heard.length === 0 && i < 50; i++) {
      one.wake(account(1))
      await sleep(40)
    }
    expect(new Set(heard)).toEqual(new Set([account(1)]))
    await sleep(60)
    // The process itself hears at once and once per call, not again by its own notice.
    own.length = 0
    heard.length = 0
    one.wake(account(2))
    expect(own).toEqual([account(2)])
    await until(() => heard.length > 0)
    await sleep(60)
    expect(own).toEqual([account(2)])
    // Many at once are one notice; more than a notice can name wake everyone.
    heard.length = 0
    for (let i = 0; i < 50; i++) one.wake(account(i % 10))
    await until(() => new Set(heard).size === 10)
    expect(heard).toHaveLength(10)
    heard.length = 0
    for (let i = 0; i < 400; i++) one.wake(account(i))
    await until(() => heard.includes('*'))
    stop()
    own.length = 0
    one.wake(account(3))
    expect(own).toEqual([])
  } finally {
    await Promise.all([one.close(), two.close()])
  }
}

describe('PostgreSQL', () => {
  test('wakes other processes, coalesced', () => between(() => new PostgresBus(database.appUrl, log)))

  test('comes back after its connection was cut', { timeout: 20_000 }, async () => {
    const { Client } = await import('pg')
    const bus = new PostgresBus(database.appUrl, log)
    const other = new PostgresBus(database.appUrl, log)
    const heard: string[] = []
    bus.onWake((id) => heard.push(id))
    const owner = new Client({ connectionString: database.ownerUrl })
    await owner.connect()
    try {
      await until(() => bus.state() === 'ready')
      await owner.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
      await until(() => bus.state() === 'away')
      // Nothing throws meanwhile.
      bus.wake(account(1))
      await until(() => bus.state() === 'ready' && other.state() === 'ready')
      heard.length = 0
      other.wake(account(2))
      await until(() => heard.includes(account(2)))
    } finally {
      await owner.end()
      await Promise.all([bus.close(), other.close()])
    }
  })

  test('a wrong address is an absent bus, not a crash', async () => {
    const bus = new PostgresBus('postgresql://nobody@127.0.0.1:1/nothing', log)
    await sleep(100)
    expect(bus.state()).toBe('away')
    bus.wake(account(1))
    await sleep(50)
    await bus.close()
  })
})

describe('Redis', () => {
  test('wakes other processes, coalesced', async (context) => {
    if (!redis) return context.skip('skipped: no server')
    const { url } = redis
    await between(() => new RedisBus(url, log))
  })

  test('comes back after the server was away', { timeout: 30_000 }, async (context) => {
    const first = await startOwnRedis()
    if (!first) return context.skip('skipped: no server')
    const bus = new RedisBus(first.url, log)
    const other = new RedisBus(first.url, log)
    const heard: string[] = []
    bus.onWake((id) => heard.push(id))
    let second: OwnRedis | undefined
    try {
      await until(() => bus.state() === 'ready')
      await first.stop()
      await until(() => bus.state() === 'away')
      bus.wake(account(1))
      second = await startOwnRedis(Number(new URL(first.url).port))
      await until(() => bus.state() === 'ready', 10_000)
      for (let i = 0; !heard.includes(account(2)) && i < 100; i++) {
        other.wake(account(2))
        await sleep(50)
      }
      expect(heard).toContain(account(2))
    } finally {
      await Promise.all([bus.close(), other.close()])
      await second?.stop()
    }
  })
})
