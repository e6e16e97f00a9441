/** An account that ends leaves no row of its own behind. */
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { createTestDatabase, type TestDatabase } from '../../kit/database'

let database: TestDatabase
let owner: Client
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner?.end()
  await database?.drop()
})

const names = async (sql: string) => (await owner.query<{ name: string }>(sql)).rows.map(({ name }) => name)

test('every table of accounts is tied to its account, or says why not', async () => {
  const tables =
    await names(`SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1`)
  expect(tables.length).toBeGreaterThan(15)
  // By however many steps: conversation → contact → account.
  const tied = new Set(
    await names(`WITH RECURSIVE tie AS (SELECT 'account'::regclass::oid AS oid
      UNION SELECT k.conrelid FROM pg_constraint k JOIN tie ON k.confrelid = tie.oid WHERE k.contype = 'f' AND k.confdeltype = 'c')
      SELECT c.relname AS name FROM tie JOIN pg_class c ON c.oid = tie.oid`),
  )
  expect(tables.filter((name) => !tied.has(name))).toEqual(['event'])
})

test('rows without a parent of their own go with the account', async () => {
  const id = newId()
  await owner.query(`INSERT INTO account (id, slug, name, key) VALUES ($1, 'ends', 'Ends', '')`, [id])
  const rows = {
    event: `(account_id, type) VALUES ($1, 'account.updated')`,
    conversation_count: `(account_id, key, n) VALUES ($1, 'status:open', 3)`,
    routing_rule: `(account_id, id, position, name, "when") VALUES ($1, gen_random_uuid(), 1, 'all', '{}')`,
    label: `(account_id, id, name) VALUES ($1, gen_random_uuid(), 'vip')`,
  }
  for (const [table, row] of Object.entries(rows)) await owner.query(`INSERT INTO ${table} ${row}`, [id])
  await owner.query('DELETE FROM account WHERE id = $1', [id])
  for (const table of Object.keys(rows))
    expect([table, (await owner.query(`SELECT 1 FROM ${table} WHERE account_id = $1`, [id])).rowCount]).toEqual([
      table,
      0,
    ])
})
