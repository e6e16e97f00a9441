/** Several processes store at once into the same threads: nothing is lost, doubled or out of order, and kept counts stay right. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { type House, ingest, item, openHouse, type Visitor } from './house'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

test('two processes, the same contacts, batches in clashing orders', { timeout: 60_000 }, async () => {
  const shops = [await house.shop(), await house.shop()]
  const visitors: Visitor[] = []
  for (const shop of shops) for (let i = 0; i < 8; i++) visitors.push(await house.visitor(shop))
  const processes = [house.services, house.another()]
  const rounds = 12
  const sent = new Map<string, string[]>()
  const work = processes.flatMap((services, p) =>
    Array.from({ length: rounds }, async (_, round) => {
      const order = p ? [...visitors].reverse() : visitors
      const items = await Promise.all(
        order.map(async (visitor) => {
          const clientId = newId()
          sent.set(visitor.contactId, [...(sent.get(visitor.contactId) ?? []), clientId])
          return item(visitor, `process ${p} round ${round}`, { clientId })
        }),
      )
      const rows = await ingest(services, items)
      expect(rows.every((row) => row.outcome === 'stored')).toBe(true)
      // People resolve meanwhile, so threads reopen under both processes.
      if (round % 3 === 0)
        await house.owner.query(
          `UPDATE conversation SET status = 'resolved', resolved_at = now() WHERE id = ANY (ARRAY(
             SELECT id FROM conversation WHERE account_id = $1 AND display_id % 2 = $2 ORDER BY id FOR UPDATE))`,
          [shops[p]?.accountId, p],
        )
    }),
  )
  await Promise.all(work)
  for (const visitor of visitors) {
    const { rows } = await house.owner.query(
      'SELECT client_id, sequence::int, conversation_id FROM message WHERE contact_id = $1 ORDER BY sequence',
      [visitor.contactId],
    )
    expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: rounds * 2 }, (_, i) => i + 1))
    expect(new Set(rows.map((row) => row.client_id))).toEqual(new Set(sent.get(visitor.contactId)))
    expect(new Set(rows.map((row) => row.conversation_id)).size).toBe(1)
  }
  for (const { accountId } of shops) {
    const kept = await house.owner.query(
      'SELECT key, n FROM conversation_count WHERE account_id = $1 AND n <> 0 ORDER BY key',
      [accountId],
    )
    const counted = await house.owner.query(
      `SELECT k AS key, count(*)::int AS n FROM conversation, unnest(conversation_keys(status, assignee_id)) k WHERE account_id = $1 GROUP BY 1 ORDER BY 1`,
      [accountId],
    )
    expect(kept.rows).toEqual(counted.rows)
    const events = await house.owner.query(
      `SELECT count(*)::int AS n FROM event WHERE account_id = $1 AND type = 'message.created'`,
      [accountId],
    )
    expect(events.rows[0].n).toBe(8 * rounds * 2)
  }
})

test('the first message of a thread from two processes at once makes one thread', async () => {
  const shop = await house.shop()
  const processes = [house.services, house.another()]
  for (let i = 0; i < 15; i++) {
    const visitor = await house.visitor(shop)
    const others = await Promise.all([house.visitor(shop), house.visitor(shop)])
    const batches = await Promise.all(
      processes.map(async (_, p) => [await item(others[p] as Visitor, 'x'), await item(visitor, `from ${p}`)]),
    )
    const rows = await Promise.all(processes.map((services, p) => ingest(services, batches[p] ?? [])))
    expect(rows.flat().map((row) => row.outcome)).toEqual(['stored', 'stored', 'stored', 'stored'])
    expect(rows[0]?.[1]?.conversation_id).toBe(rows[1]?.[1]?.conversation_id)
    expect(new Set(rows.map((each) => each[1]?.sequence))).toEqual(new Set(['1', '2']))
  }
  // Numbers people read: each once. A thread that lost the race may leave a gap, never a double.
  const { rows } = await house.owner.query(
    'SELECT count(*)::int AS n, count(DISTINCT display_id)::int AS d FROM conversation WHERE account_id = $1',
    [shop.accountId],
  )
  expect(rows[0].n).toBe(rows[0].d)
  expect(rows[0].n).toBe(45)
})
