/** In a database that nobody has analysed yet a message costs as few rows as later: no look-up walks all of its account's threads. */
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, item, openHouse, type Shop } from './house'

let house: House
beforeAll(async () => {
  house = await openHouse()
  // Whenever the server would look at the tables by itself, it does not within this test.
  for (const table of ['conversation', 'message'])
    await house.owner.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
})
afterAll(() => house.close())

const [batches, each] = [12, 25]

/** Rows that indexes of threads and messages gave for each message, while as many new visitors write to a young shop. */
async function readPerMessage(shop: Shop): Promise<number> {
  const count = async () => {
    const { rows } = await house.owner.query<{ read: number }>(
      `SELECT sum(idx_tup_read)::int AS read FROM pg_stat_user_indexes WHERE relname IN ('conversation', 'message')`,
    )
    return rows[0]?.read ?? 0
  }
  const before = await count()
  // One connection, as a flusher has it: its plans are made with the first messages.
  const flusher = new Client({ connectionString: house.database.appUrl })
  await flusher.connect()
  for (let batch = 0; batch < batches; batch++) {
    const visitors = await Promise.all(Array.from({ length: each }, () => house.visitor(shop)))
    const items = await Promise.all(visitors.map((visitor) => item(visitor, 'Where is my order?')))
    const json = JSON.stringify(items.map((one, ord) => ({ ord, ...one })))
    const { rowCount } = await flusher.query({ name: 'ingest', text: 'SELECT * FROM ingest_messages($1::jsonb)' }, [
      json,
    ])
    expect(rowCount).toBe(each)
  }
  // A session tells what it has read when it ends.
  await flusher.end()
  await expect.poll(count).toBeGreaterThan(before)
  return ((await count()) - before) / (batches * each)
}

test('a new message reads a handful of rows, however many threads its account has by then', async () => {
  expect(await readPerMessage(await house.shop())).toBeLessThan(20)
})

test('control: without a word about young tables each message walks the threads before it', async () => {
  await house.owner.query(
    `SELECT pg_clear_attribute_stats('public', t, 'account_id', false) FROM unnest(ARRAY['conversation', 'message']) t`,
  )
  expect(await readPerMessage(await house.shop())).toBeGreaterThan(50)
})
