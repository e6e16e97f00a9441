/** What the app's own role can try from inside, with two tenants in the database: nothing gets it across. */
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { inAccount } from '@/lib/platform/db/in-account'
import { held } from '../../kit/guarantee'
import { type House, openHouse, type Shop, write } from '../ingest/house'
import { accountTables } from './catalog'

let house: House
let mine: Shop
let theirs: Shop
let client: pg.Client

beforeAll(async () => {
  house = await openHouse()
  mine = await house.shop()
  theirs = await house.shop()
  for (const shop of [mine, theirs]) await write(await house.visitor(shop), 'secret of a shop')
})
afterAll(() => house.close())
beforeEach(async () => {
  client = new pg.Client({ connectionString: house.database.appUrl })
  await client.connect()
  return () => client.end()
})

const as = (accountId: string) => client.query(`SELECT set_config('app.account_id', $1, false)`, [accountId])
const refused = async (sql: string, values: unknown[] = []): Promise<string> =>
  client.query(sql, values).then(
    ({ rows }) => `accepted ${JSON.stringify(rows)}`,
    (error: { code: string }) => error.code,
  )

describe('a forgotten condition', () => {
  test('returns nothing without an account, in every table', async () => {
    for (const table of await accountTables(house.owner)) {
      const { rows } = await client.query(`SELECT count(*)::int AS n FROM ${client.escapeIdentifier(table)}`)
      expect(rows[0].n, table).toBe(0)
    }
  })

  test('returns one account only, in every table', async () => {
    await as(mine.accountId)
    for (const table of await accountTables(house.owner)) {
      const column = table === 'account' ? 'id' : 'account_id'
      const { rows } = await client.query(`SELECT DISTINCT ${column} AS id FROM ${client.escapeIdentifier(table)}`)
      expect(
        rows.filter((row) => row.id !== mine.accountId),
        table,
      ).toEqual([])
    }
    expect((await client.query('SELECT count(*)::int AS n FROM message')).rows[0].n).toBe(1)
  })

  test('changes and deletes nothing of others, even when it names them', async () => {
    await as(mine.accountId)
    const changed = await client.query(`UPDATE conversation SET status = 'resolved' WHERE account_id = $1`, [
      theirs.accountId,
    ])
    expect(changed.rowCount).toBe(0)
    expect((await client.query('DELETE FROM message WHERE account_id = $1', [theirs.accountId])).rowCount).toBe(0)
    await client.query('BEGIN')
    await client.query('DELETE FROM message')
    await client.query('ROLLBACK')
    const left = await house.owner.query('SELECT count(*)::int AS n FROM message WHERE account_id = $1', [
      theirs.accountId,
    ])
    expect(left.rows[0].n).toBe(1)
  })

  test('through Prisma too', async () => {
    const rows = await inAccount(mine.ctx, (tx) => tx.message.findMany({ select: { accountId: true } }))
    expect(rows.map((row) => row.accountId)).toEqual([mine.accountId])
    await expect(inAccount({ ...mine.ctx, accountId: '' }, async () => 1)).rejects.toMatchObject({ code: 'not_found' })
    await expect(inAccount({ ...mine.ctx, accountId: "x' OR true" }, async () => 1)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('escapes', () => {
  let tried = 0
  const ways: [string, () => string][] = [
    ['SET ROLE to the owner', () => `SET ROLE ${pg.escapeIdentifier(new URL(house.database.ownerUrl).username)}`],
    ['SET ROLE to the system group', () => 'SET ROLE lingxi_system'],
    [
      'SET SESSION AUTHORIZATION',
      () => `SET SESSION AUTHORIZATION ${pg.escapeIdentifier(new URL(house.database.ownerUrl).username)}`,
    ],
    ['switching policies off', () => 'ALTER TABLE message DISABLE ROW LEVEL SECURITY'],
    ['a policy of its own', () => 'CREATE POLICY mine ON message USING (true)'],
    ['a table of its own', () => 'CREATE TABLE copy (id int)'],
    [
      'a definer function of its own',
      () => `CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
    ],
    ['a new role', () => 'CREATE ROLE other LOGIN BYPASSRLS'],
    ['TRUNCATE', () => 'TRUNCATE message'],
    ['passwords of people', () => 'SELECT password_hash FROM "user"'],
    ['sessions of people', () => 'SELECT * FROM user_session'],
    ['mails of people', () => 'SELECT * FROM mail'],
    ['COPY to a program', () => `COPY (SELECT 1) TO PROGRAM 'true'`],
    ['reading files of the server', () => `SELECT pg_read_file('PG_VERSION')`],
  ]
  test.each(ways)('%s is refused', async (_name, sql) => {
    await as(mine.accountId)
    expect(await refused(sql())).toBe('42501')
    tried++
  })

  test('row_security off is an error, not a way', async () => {
    await as(mine.accountId)
    await client.query('SET row_security = off')
    expect(await refused('SELECT * FROM message')).toBe('42501')
  })

  test('RESET ROLE and DISCARD ALL lead back to nothing', async () => {
    await as(mine.accountId)
    await client.query('SET ROLE lingxi_app')
    await client.query('RESET ROLE')
    await client.query('DISCARD ALL')
    expect((await client.query('SELECT count(*)::int AS n FROM message')).rows[0].n).toBe(0)
  })

  test('a row under a forged account id is refused', async () => {
    await as(mine.accountId)
    const values = [theirs.accountId, newId()]
    expect(await refused(`INSERT INTO label (account_id, id, name) VALUES ($1, $2, 'x')`, values)).toBe('42501')
    expect(await refused('UPDATE label SET account_id = $1', [theirs.accountId])).toMatch(/42501|accepted/)
    await client.query(`INSERT INTO label (account_id, id, name) VALUES ($1, $2, 'moved')`, [mine.accountId, newId()])
    expect(await refused(`UPDATE label SET account_id = $1 WHERE name = 'moved'`, [theirs.accountId])).toBe('42501')
  })

  test("a parent of another account is no parent: the check's answer does not depend on its being there", async () => {
    const { rows } = await house.owner.query('SELECT id FROM conversation WHERE account_id = $1', [theirs.accountId])
    await as(mine.accountId)
    const sql = `INSERT INTO conversation_label (account_id, conversation_id, label_id) VALUES ($1, $2, $3)`
    expect(await refused(sql, [mine.accountId, rows[0].id, newId()])).toBe('23503')
    expect(await refused(sql, [mine.accountId, newId(), newId()])).toBe('23503')
  })

  test('unique keys tell nothing of others', async () => {
    const name = 'Refunds'
    const id = newId()
    await house.owner.query('INSERT INTO label (account_id, id, name) VALUES ($1, $2, $3)', [
      theirs.accountId,
      id,
      name,
    ])
    await as(mine.accountId)
    const sql = 'INSERT INTO label (account_id, id, name) VALUES ($1, $2, $3)'
    // The same name, the same id: both free here, as if nobody else had them.
    expect(await refused(sql, [mine.accountId, id, name])).toBe('accepted []')
    expect(await refused(`${sql} ON CONFLICT DO NOTHING`, [mine.accountId, newId(), name])).toBe('accepted []')
  })

  test('functions of the visitor path give another account nothing', async () => {
    const { rows } = await house.owner.query('SELECT contact_id, inbox_id FROM conversation WHERE account_id = $1', [
      theirs.accountId,
    ])
    const { contact_id, inbox_id } = rows[0]
    // They set the account themselves; a contact of one account under another's id is nobody.
    expect(
      (await client.query('SELECT contact_key($1, $2) AS key', [mine.accountId, contact_id])).rows[0].key,
    ).toBeNull()
    const messages = await client.query('SELECT * FROM visitor_messages($1, $2, $3, 0, 10)', [
      mine.accountId,
      contact_id,
      inbox_id,
    ])
    expect(messages.rowCount).toBe(0)
    // And what they set is gone with their transaction.
    expect((await client.query('SELECT count(*)::int AS n FROM message')).rows[0].n).toBe(0)
  })

  test('none of the ways was left out', () => {
    expect(tried).toBe(ways.length)
    held('3 tenants apart, from inside', `${tried} ways out tried with the app’s own login, all refused: 0 rows`)
  })
})

describe('the account does not leak over a connection', () => {
  test('set for a transaction it ends with it, rolled back or not', async () => {
    for (const end of ['COMMIT', 'ROLLBACK']) {
      await client.query('BEGIN')
      await client.query(`SELECT set_config('app.account_id', $1, true)`, [mine.accountId])
      expect((await client.query('SELECT count(*)::int AS n FROM message')).rows[0].n).toBe(1)
      await client.query(end)
      expect((await client.query('SELECT count(*)::int AS n FROM message')).rows[0].n).toBe(0)
    }
  })

  test('many transactions of two tenants on few connections never mix', async () => {
    const turns = Array.from({ length: 60 }, (_, i) => (i % 2 ? mine : theirs))
    const seen = await Promise.all(
      turns.map(async (shop, i) => {
        const work = inAccount(shop.ctx, async (tx) => {
          const rows = await tx.message.findMany({ select: { accountId: true } })
          if (i % 5 === 0) throw new Error('a flow that fails')
          return rows
        })
        return work.catch(() => [{ accountId: shop.accountId }])
      }),
    )
    for (const [i, rows] of seen.entries()) expect(rows.map((row) => row.accountId)).toEqual([turns[i]?.accountId])
  })

  test('a session-level setting by mistake changes nothing for inAccount, which sets its own', async () => {
    await house.services.database.app.$executeRaw`SELECT set_config('app.account_id', ${theirs.accountId}, false)`
    const rows = await inAccount(mine.ctx, (tx) => tx.message.findMany({ select: { accountId: true } }))
    expect(rows.map((row) => row.accountId)).toEqual([mine.accountId])
  })
})

describe('the system role', () => {
  test('reads no text, no keys of contacts, and cannot log in as more', async () => {
    const system = new pg.Client({ connectionString: house.database.systemUrl })
    await system.connect()
    try {
      for (const sql of [
        'SELECT body FROM message',
        'SELECT * FROM message',
        'SELECT * FROM contact',
        'SELECT key FROM account',
        'SELECT * FROM inbox',
        'SELECT * FROM invitation',
        `UPDATE membership SET role = 'owner'`,
        'SELECT preview FROM conversation',
        'SELECT * FROM prediction',
        'UPDATE message SET body = NULL',
        'SET ROLE lingxi_app',
      ])
        await expect(system.query(sql), sql).rejects.toMatchObject({ code: '42501' })
      const { rows } = await system.query('SELECT account_id, id FROM message')
      expect(new Set(rows.map((row) => row.account_id)).size).toBe(2)
    } finally {
      await system.end()
    }
  })
})
