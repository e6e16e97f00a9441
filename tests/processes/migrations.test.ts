/** The migration runner: in order, once, refusing changed history, in the table form Prisma itself uses. */
import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyMigrations, type Migration, readMigrations } from '@/lib/platform/postgres/migrations'
import { createEmptyDatabase } from '../kit/database'

let database: Awaited<ReturnType<typeof createEmptyDatabase>>
let client: Client

beforeEach(async () => {
  database = await createEmptyDatabase()
  client = new Client({ connectionString: database.ownerUrl })
  await client.connect()
})
afterEach(async () => {
  await client.end()
  await database.drop()
})

function migration(name: string, sql: string): Migration {
  return {
    name,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
  }
}
const first = migration('20260101000000_first', 'CREATE TABLE one (id int PRIMARY KEY); INSERT INTO one VALUES (1);')
const second = migration('20260102000000_second', 'CREATE FUNCTION two() RETURNS int LANGUAGE sql AS $$ SELECT 2; $$;')
const run = (...list: Migration[]) => applyMigrations(database.ownerUrl, list)
const one = async (sql: string) => Object.values((await client.query(sql)).rows[0] as object)[0] as unknown

test('applies what is new, in order, and nothing twice', async () => {
  expect(await run(first)).toEqual([first.name])
  expect(await run(first, second)).toEqual([second.name])
  expect(await run(first, second)).toEqual([])
  expect(await one('SELECT count(*)::int FROM one')).toBe(1)
  expect(await one('SELECT two()')).toBe(2)
})

test('two runners at once apply everything once', async () => {
  const results = await Promise.all([run(first, second), run(first, second), run(first, second)])
  expect(results.flat().sort()).toEqual([first.name, second.name])
})

test('a file that changed after it was applied is refused, with its name', async () => {
  await run(first)
  await expect(run(migration(first.name, `${first.sql} -- edited`))).rejects.toThrow(/20260101000000_first was changed/)
})

test('a database that is newer than the program is refused', async () => {
  await run(first, second)
  await expect(run(first)).rejects.toThrow(/20260102000000_second, which this version of Lingxi does not know/)
})

test('a failing migration leaves nothing behind and says where it failed', async () => {
  const broken = migration('20260103000000_broken', 'CREATE TABLE half (id int);\nSELECT nonsense();')
  await expect(run(first, broken)).rejects.toThrow(
    /20260103000000_broken failed and was rolled back: .*nonsense.*line 2/,
  )
  expect(await one("SELECT to_regclass('half')")).toBeNull()
  expect(await run(first, migration(broken.name, 'CREATE TABLE half (id int);'))).toEqual([broken.name])
})

test("a migration another tool began and did not finish stops the start, as Prisma's own would", async () => {
  await run(first)
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '20260102000000_second')`,
  )
  await expect(run(first, second)).rejects.toThrow(/did not finish/)
  await client.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = 'x'`)
  expect(await run(first, second)).toEqual([second.name])
})

test("the table and its rows have Prisma's form", async () => {
  await run(first)
  const columns = await client.query(
    `SELECT column_name, data_type, character_maximum_length AS size, is_nullable AS nullable FROM information_schema.columns
     WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
  )
  expect(columns.rows.map((row) => [row.column_name, row.data_type, row.size, row.nullable])).toEqual([
    ['id', 'character varying', 36, 'NO'],
    ['checksum', 'character varying', 64, 'NO'],
    ['finished_at', 'timestamp with time zone', null, 'YES'],
    ['migration_name', 'character varying', 255, 'NO'],
    ['logs', 'text', null, 'YES'],
    ['rolled_back_at', 'timestamp with time zone', null, 'YES'],
    ['started_at', 'timestamp with time zone', null, 'NO'],
    ['applied_steps_count', 'integer', null, 'NO'],
  ])
  const { rows } = await client.query('SELECT * FROM _prisma_migrations')
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    migration_name: first.name,
    checksum: first.checksum,
    logs: null,
    applied_steps_count: 1,
  })
  expect(rows[0].finished_at).toBeInstanceOf(Date)
})

test("the repository's own migrations apply to an empty database", async () => {
  const own = await readMigrations('prisma/migrations')
  expect(own.length).toBeGreaterThan(0)
  expect(await run(...own)).toEqual(own.map((item) => item.name))
})
