/** A wake-up in one process reaches the others: over the database, and over Redis where REDIS_URL names one. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { EventBus } from '@/lib/core/ports'
import { PostgresBus } from '@/lib/platform/events/bus.postgres'
import { RedisBus } from '@/lib/platform/events/bus.redis'
import { createLog } from '@/lib/platform/log'
import { createTestDatabase, type TestDatabase } from '../kit/database'
import { until } from '../kit/installation'
import { type OwnRedis, startOwnRedis } from '../kit/own-redis'

const log = createLog('test', 'silent')
const account = '0193f0a0-0000-7000-8000-000000000001'
let database: TestDatabase
let redis: OwnRedis | undefined
const open: EventBus[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  redis = await startOwnRedis()
})
afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close()
})
afterAll(async () => {
  await redis?.stop()
  await database.drop()
})

async function pair(make: () => EventBus): Promise<{ speaker: EventBus; heard: string[] }> {
  const [speaker, hearer] = [make(), make()]
  open.push(speaker, hearer)
  const heard: string[] = []
  hearer.onWake((id) => heard.push(id))
  expect(await until(() => speaker.state() === 'ready' && hearer.state() === 'ready', 5_000)).toBe(true)
  return { speaker, heard }
}

async function reaches({ speaker, heard }: { speaker: EventBus; heard: string[] }): Promise<boolean> {
  heard.length = 0
  speaker.wake(account)
  return until(() => heard.includes(account), 1_000)
}

test('over the database', async () => {
  expect(await reaches(await pair(() => new PostgresBus(database.appUrl, log)))).toBe(true)
})

test('over Redis, and again after Redis was away', async (context) => {
  if (redis === undefined) return context.skip('skipped: no server')
  const { url } = redis
  const both = await pair(() => new RedisBus(url, log))
  expect(await reaches(both)).toBe(true)
  await redis.stop()
  expect(await until(() => both.speaker.state() === 'away', 3_000)).toBe(true)
  // Nobody waits for a bus that is away: a listener looks by itself within a second.
  both.speaker.wake(account)
  redis = await startOwnRedis(Number(new URL(url).port))
  expect(await until(() => reaches(both), 8_000)).toBe(true)
})
