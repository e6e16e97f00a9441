/** What is said of a database that lacks a migration this version knows, and of one that says nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { checkReadiness } from '@/lib/flows/check-readiness'
import { openDatabase } from '@/lib/platform/db/database'
import { callInAccount } from '@/lib/platform/db/in-account'
import { type House, openHouse } from '../ingest/house'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const ask = () => checkReadiness(makeCtx(house.services, { kind: 'system', reason: 'test' }, '', 'en'))

test('is not ready for work while a migration is missing', async () => {
  expect(await ask()).toMatchObject({ ready: true, parts: { database: 'ready', migrations: 'ready' } })
  await house.owner.query(
    'DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)',
  )
  expect(await ask()).toMatchObject({ ready: false, parts: { database: 'ready', migrations: 'starting' } })
})

test('is not ready for people while pages are not', async () => {
  house.services.pages.ready = false
  expect(await ask()).toMatchObject({ ready: false, parts: { pages: 'starting' } })
  house.services.pages.ready = true
  expect((await ask()).parts.pages).toBe('ready')
})

test('a server that says nothing counts as away, once', async () => {
  const { appUrl, systemUrl } = house.database
  const database = openDatabase({ appUrl, systemUrl, patience: 300 })
  const began = performance.now()
  const call = { name: 'silence', text: 'SELECT pg_sleep(4)' }
  await expect(callInAccount({ database }, call, [])).rejects.toMatchObject({ code: 'database_away' })
  expect(performance.now() - began).toBeLessThan(2_500)
  // The connection that waits is not used again.
  expect(await callInAccount({ database }, { name: 'one', text: 'SELECT 1 AS one' }, [])).toEqual([{ one: 1 }])
  await database.close()
})
