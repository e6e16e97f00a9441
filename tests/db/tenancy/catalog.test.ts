/** The separation of tenants, read from the catalog of a migrated database; and proof that each hole would be seen. */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../kit/database'
import { held } from '../../kit/guarantee'
import { accountTables, tenancyFaults } from './catalog'

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

test('every account table is closed', async () => {
  const tables = await accountTables(owner)
  expect(tables.length).toBeGreaterThan(15)
  expect(await tenancyFaults(owner)).toEqual([])
  held(
    '3 tenants apart, by the catalogue',
    `${tables.length} tables of accounts, their keys, policies and grants: 0 faults`,
  )
})

describe('the fence bites', () => {
  const open = `CREATE TABLE planted (account_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (account_id, id));`
  const secure = `ALTER TABLE planted ENABLE ROW LEVEL SECURITY; ALTER TABLE planted FORCE ROW LEVEL SECURITY;`
  const policy = `CREATE POLICY "own_account" ON planted TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());`
  const closed = open + secure + policy

  test('a closed table is accepted', async () => {
    expect(await plant(closed)).toEqual([])
  })

  test.each([
    ['a table nobody decided about', `CREATE TABLE planted (id uuid PRIMARY KEY)`, /not on the list of global tables/],
    ['no row-level security', open + policy, /is off/],
    ['not forced', `${open}ALTER TABLE planted ENABLE ROW LEVEL SECURITY;${policy}`, /not forced/],
    ['no policy', open + secure, /exactly one policy/],
    [
      'no WITH CHECK',
      `${open}${secure}CREATE POLICY p ON planted TO lingxi_app USING (account_id = current_account_id())`,
      /exactly one policy/,
    ],
    [
      'a second, wider policy',
      `${closed}CREATE POLICY wide ON planted FOR SELECT TO lingxi_app USING (true)`,
      /exactly one policy/,
    ],
    ['a policy for everyone', `${closed}CREATE POLICY wide ON planted USING (true)`, /exactly one policy/],
    ['a policy taken off', `DROP POLICY own_account ON message`, /message: wants exactly one/],
    ['a unique key without the account', `${closed}ALTER TABLE planted ADD COLUMN code text UNIQUE`, /not account_id/],
    ['a unique expression', `${closed}CREATE UNIQUE INDEX planted_x ON planted (lower(id::text))`, /an expression/],
    [
      'a plain foreign key',
      `${closed}ALTER TABLE contact ADD CONSTRAINT c_id UNIQUE (id); ALTER TABLE planted ADD COLUMN c uuid REFERENCES contact (id)`,
      /without the account/,
    ],
    ['a view', `CREATE VIEW planted AS SELECT * FROM message`, /is a view/],
    ['a materialized view', `CREATE MATERIALIZED VIEW planted AS SELECT 1 AS one`, /materialized view/],
    [
      'a definer function',
      `CREATE FUNCTION planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
      /SECURITY DEFINER/,
    ],
    ['a rewrite rule', `CREATE RULE planted AS ON INSERT TO label DO ALSO NOTHING`, /rewrite rule/],
    ['one more right of the system role', `GRANT SELECT ON contact TO lingxi_system`, /not on the list/],
    ['one more column of the system role', `GRANT SELECT (body) ON message TO lingxi_system`, /lingxi_system/],
    ['rights for everyone', `GRANT SELECT ON label TO PUBLIC`, /PUBLIC has rights/],
    ['an audit log that can be changed', `GRANT UPDATE (facts) ON audit_entry TO lingxi_app`, /only added to/],
    ['an audit log that can be shortened', `GRANT DELETE ON audit_entry TO lingxi_app`, /only added to/],
    ['TRUNCATE', `GRANT TRUNCATE ON message TO lingxi_app`, /TRUNCATE on message/],
    ['a role that owns a table', `ALTER TABLE label OWNER TO lingxi_app`, /owns label/],
    ['a group that may log in', `ALTER ROLE lingxi_app LOGIN`, /more power/],
    ['a group that steps around policies', `ALTER ROLE lingxi_app BYPASSRLS`, /more power/],
  ])('%s', async (_name, sql, why) => {
    expect((await plant(sql)).join('\n')).toMatch(why)
  })

  /** Everything, roles included, is undone by the rollback. */
  async function plant(sql: string): Promise<string[]> {
    await owner.query('BEGIN')
    try {
      await owner.query(sql)
      return await tenancyFaults(owner)
    } finally {
      await owner.query('ROLLBACK')
    }
  }
})
