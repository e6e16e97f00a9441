/** No network call inside a transaction, nor two statements of it at once: every test with a database is watched, and here the watch is seen to see. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { callsInside } from '../../kit/no-calls-inside'
import { createKit, type Kit } from '../settings/kit'

const server = createServer((_request, response) => response.end('yes'))
let kit: Kit
let ask: () => Promise<string>
beforeAll(async () => {
  kit = await createKit()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  ask = async () => (await fetch(url, { headers: { connection: 'close' } })).text()
})
afterAll(async () => {
  server.close()
  await kit.close()
})

test('a call inside is seen, in an account and across accounts; one before or after is none', async () => {
  const { owner } = kit.shop.as
  expect(await ask()).toBe('yes')
  await inAccount(owner, (tx) => tx.contact.count())
  expect(await ask()).toBe('yes')
  expect(callsInside()).toEqual([])

  expect(await inAccount(owner, ask)).toBe('yes')
  expect(callsInside()).toMatchObject([expect.stringContaining('called inside a transaction')])
  expect(await asSystem(kit.services, 'a call by a test', ask)).toBe('yes')
  expect(callsInside()).toHaveLength(1)
})

test('two statements at once are seen; the many of one operation go one after another', async () => {
  const { owner } = kit.shop.as
  const contact = () => ({ accountId: owner.accountId, id: newId(), key: new Uint8Array(60) })
  await inAccount(owner, async (tx) => {
    await Promise.all([tx.contact.count(), tx.label.count()])
    // More values than one statement takes, and a row with two relations.
    await tx.contact.createMany({ data: Array.from({ length: 6_000 }, contact) })
    await tx.membership.findMany({ include: { user: { select: { name: true } }, account: { select: { name: true } } } })
  })
  expect(callsInside()).toEqual([])

  const client = new Client({ connectionString: kit.database.appUrl })
  await client.connect()
  await inAccount(owner, () => Promise.all([client.query('SELECT 1'), client.query('SELECT 2')]))
  await client.end()
  expect(callsInside()).toMatchObject([expect.stringContaining('two statements of a transaction at once')])
})
