/** Installs graphile-worker's own tables as the owner and lets the app's group add and work jobs there. */
import { Logger, runMigrations } from 'graphile-worker'
import { Client, escapeIdentifier } from 'pg'
import { groups } from './roles'

const schema = 'graphile_worker'

export async function installJobQueue(url: string): Promise<void> {
  await runMigrations({ connectionString: url, schema, logger: quiet() })
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query("SET LOCAL client_min_messages = 'warning'")
    await client.query(rights)
    for (const table of await tablesWithoutPolicy(client)) await client.query(policyFor(table))
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

const both = `${groups.app}, ${groups.system}`
const rights = `
  GRANT USAGE ON SCHEMA ${schema} TO ${both};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${both};
  GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${both};
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${both};
  REVOKE INSERT, UPDATE, DELETE ON ${schema}.migrations FROM ${both};
`

async function tablesWithoutPolicy(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relrowsecurity
       AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'lingxi_jobs')`,
    [schema],
  )
  return rows.map((row) => row.name)
}

/**
 * graphile-worker switches row-level security on for its tables and leaves the policies to us. Jobs belong to no
 * account (their payload is an id, never content), so the members of the groups see them all.
 */
function policyFor(table: string): string {
  const target = `${schema}.${escapeIdentifier(table)}`
  return `CREATE POLICY lingxi_jobs ON ${target} TO ${both} USING (true) WITH CHECK (true)`
}

function quiet() {
  return new Logger(() => () => undefined)
}
