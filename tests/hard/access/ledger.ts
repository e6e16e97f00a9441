/** What an account's rows are, as one figure per table: whatever anybody changed shows. */
import type { Client } from 'pg'
import { accountTables } from '../../db/tenancy/catalog'

export type Ledger = Record<string, string>

/** Tables that change by themselves while a test looks on. */
const restless = new Set<string>()

export async function ledgerOf(owner: Client, accountId: string): Promise<Ledger> {
  const ledger: Ledger = {}
  for (const table of await accountTables(owner)) {
    if (restless.has(table)) continue
    const column = table === 'account' ? 'id' : 'account_id'
    const { rows } = await owner.query(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS mark FROM "${table}" t WHERE ${column} = $1`,
      [accountId],
    )
    ledger[table] = rows[0].mark
  }
  return ledger
}

/** Tables whose rows hold one of the texts, whoever they belong to. */
export async function holding(owner: Client, texts: readonly string[], accountId?: string): Promise<string[]> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const own = new Set(await accountTables(owner))
  const found: string[] = []
  for (const { name } of tables) {
    if (accountId && !own.has(name)) continue
    const within = accountId ? `${name === 'account' ? 'id' : 'account_id'} = $2 AND` : ''
    const values = accountId ? [texts, accountId] : [texts]
    const { rows } = await owner.query(
      `SELECT probe FROM unnest($1::text[]) AS probe WHERE EXISTS (SELECT 1 FROM "${name}" t WHERE ${within} strpos(t::text, probe) > 0)`,
      values,
    )
    found.push(...rows.map((row) => `${name} holds ${row.probe}`))
  }
  return found
}
