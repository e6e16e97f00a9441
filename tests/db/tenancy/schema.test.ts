/** The schema Prisma's client is made from and the database the migrations make are one. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../kit/database'
import { compare, readDatamodel, type Table } from './datamodel'

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

/** Written by the migration runner, not by a migration. */
const ownTable = '_prisma_migrations'

async function readDatabase(): Promise<Map<string, Table>> {
  const tables = new Map<string, Table>()
  const columns = await owner.query<{ t: string; c: string; type: string; nullable: boolean; preset: string | null }>(
    `SELECT table_name AS t, column_name AS c, udt_name AS type, is_nullable = 'YES' AS nullable, column_default AS preset
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> $1
       AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')`,
    [ownTable],
  )
  for (const { t, c, type, nullable, preset } of columns.rows) {
    const table = tables.get(t) ?? { columns: new Map(), unique: [], indexes: [] }
    table.columns.set(c, { type, nullable, hasDefault: preset !== null, computed: preset ?? undefined })
    tables.set(t, table)
  }
  const indexes = await owner.query<{ t: string; unique: boolean; kind: string; columns: string[] }>(
    `SELECT t.relname AS t, x.indisunique AS unique, CASE a.amname WHEN 'btree' THEN '' ELSE a.amname || ' ' END AS kind,
       ARRAY(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY u(n, o) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = u.n ORDER BY o) AS columns
     FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
       JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am a ON a.oid = i.relam WHERE t.relnamespace = 'public'::regnamespace AND x.indpred IS NULL`,
  )
  for (const { t, unique, kind, columns: list } of indexes.rows)
    tables.get(t)?.[unique ? 'unique' : 'indexes'].push(kind + list.join())
  return tables
}

const schema = readFileSync('prisma/schema.prisma', 'utf8')

describe('schema.prisma and the migrations', () => {
  test('agree on every table, column, type, null and key', async () => {
    const wanted = readDatamodel(schema)
    expect(wanted.size).toBeGreaterThan(20)
    expect(compare(wanted, await readDatabase())).toEqual([])
  })

  test.each([
    [
      'a column more in the schema',
      schema.replace('  slug          String', '  extra String\n  slug          String'),
      /account.extra is in the schema only/,
    ],
    ['a column less', schema.replace(/^ {2}locale +String +@default\("en"\)\n/m, ''), /is in the database only/],
    [
      'another type',
      schema.replace('@map("last_display_id")', '@map("last_display_id") @db.Uuid'),
      /last_display_id is int4/,
    ],
    ['another null', schema.replace(/passwordHash +String\?/, 'passwordHash String'), /password_hash is nullable/],
    [
      'a key too many',
      schema.replace('@@map("label")', '@@unique([accountId, colour])\n  @@map("label")'),
      /no unique key/,
    ],
    [
      'an index less',
      schema.replace('  @@index([tokens], type: Gin, map: "message_tokens")\n', ''),
      /message has an index \(gin tokens\) in the database only/,
    ],
    [
      'an index of another kind',
      schema.replace('type: Gin, map: "message_tokens"', 'map: "message_tokens"'),
      /message has no index \(tokens\)/,
    ],
    [
      'another computed default',
      schema.replace('pg_current_xact_id()', 'txid_current()'),
      /event.xid is by default .*pg_current_xact_id/,
    ],
    ['a table too many', `${schema}\nmodel Planted {\n  id String @id\n}\n`, /Planted is in the schema only/],
  ])('%s is seen', async (_name, text, why) => {
    expect(text).not.toBe(schema)
    expect(compare(readDatamodel(text), await readDatabase()).join('\n')).toMatch(why)
  })

  test('the record of applied migrations is what Prisma would have written', async () => {
    const { rows } = await owner.query(`SELECT * FROM ${ownTable} ORDER BY started_at, migration_name`)
    const folders = readdirSync('prisma/migrations', { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map((each) => each.name)
      .sort()
    expect(rows.map((row) => row.migration_name).sort()).toEqual(folders)
    for (const row of rows) {
      const file = readFileSync(`prisma/migrations/${row.migration_name}/migration.sql`)
      expect(row.checksum).toBe(createHash('sha256').update(file).digest('hex'))
      expect(row).toMatchObject({ applied_steps_count: 1, rolled_back_at: null })
      expect(row.finished_at).toBeInstanceOf(Date)
    }
    expect(folders.every((name) => /^\d{14}_[a-z_]+$/.test(name))).toBe(true)
    expect(readFileSync('prisma/migrations/migration_lock.toml', 'utf8')).toContain('provider = "postgresql"')
  })

  test('conditions of the policies and the search may use indexes', async () => {
    const { rows } = await owner.query(
      `SELECT proname FROM pg_proc WHERE proname IN ('arraycontains', 'uuid_eq', 'texteq', 'timestamptz_lt') AND NOT proleakproof`,
    )
    expect(rows).toEqual([])
    const enums = await owner.query(
      `SELECT typname FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace`,
    )
    expect(enums.rows, 'enum equality is not leakproof: use text with a CHECK').toEqual([])
  })
})
