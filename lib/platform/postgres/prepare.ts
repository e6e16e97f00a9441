/** Brings a database to the state this version needs: migrations, job queue, login roles — each step repeatable. */
import { Client } from 'pg'
import { installJobQueue } from './job-queue'
import { applyMigrations, readMigrations } from './migrations'
import { ensureLoginRoles, groups, type RolePasswords, type RoleUrls } from './roles'

export interface Prepared {
  readonly applied: readonly string[]
  readonly urls: RoleUrls
}

/** `ownerUrl` may create schemas and roles; nothing but this step uses it. */
export async function prepareDatabase(
  ownerUrl: string,
  migrationsFolder: string,
  passwords: RolePasswords,
): Promise<Prepared> {
  const applied = await applyMigrations(ownerUrl, await readMigrations(migrationsFolder))
  await installJobQueue(ownerUrl)
  // /api/ready compares what is applied with what this version knows.
  await execute(ownerUrl, `GRANT SELECT ON _prisma_migrations TO ${groups.app}, ${groups.system}`)
  return { applied, urls: await ensureLoginRoles(ownerUrl, passwords) }
}

export async function ensureDatabase(serverUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
