/** No network call inside a transaction: every test with a database is watched, and here the watch is seen to see. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
