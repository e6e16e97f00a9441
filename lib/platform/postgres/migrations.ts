/** Applies `prisma/migrations/<name>/migration.sql` and records them in Prisma's own table, so that `prisma migrate deploy` agrees. */
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { StartupError } from './startup-error'

/** The advisory lock Prisma itself takes around migrations: two runners of either kind wait for each other. */
const prismaLock = 72_707_369

export interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

interface Applied {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

/** In the order they are applied in. */
export async function migrationNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return names.sort()
}

export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = await migrationNames(folder)
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name, 'migration.sql'))
      return {
        name,
        sql: bytes.toString('utf8'),
        checksum: createHash('sha256').update(bytes).digest('hex'),
      }
    }),
  )
}

/** Returns the names applied now; an empty list means the database was up to date. */
export async function applyMigrations(url: string, migrations: readonly Migration[]): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [prismaLock])
    await client.query("SET client_min_messages = 'warning'")
    await client.query(createTable)
    const pending = await compare(client, migrations)
    for (const migration of pending) await applyOne(client, migration)
    return pending.map((migration) => migration.name)
  } finally {
    // Ending the connection also gives the advisory lock back.
    await client.end()
  }
}

const createTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

async function compare(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
  )
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const row of rows) {
    const file = known.get(row.migration_name)
    if (row.finished_at === null) {
      throw new StartupError(
        `Migration ${row.migration_name} was begun by another tool and did not finish; resolve it with "prisma migrate resolve".`,
      )
    }
    if (file === undefined) {
      throw new StartupError(
        `The database has migration ${row.migration_name}, which this version of Lingxi does not know: it is older than the data.`,
      )
    }
    if (file.checksum !== row.checksum) {
      throw new StartupError(`Migration ${row.migration_name} was changed after it had been applied; restore the file.`)
    }
  }
  const done = new Set(rows.map((row) => row.migration_name))
  return migrations.filter((migration) => !done.has(migration.name))
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    // One query with the whole file: its statements may hold function bodies that must not be split.
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       VALUES ($1, $2, clock_timestamp(), $3, 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw new StartupError(`Migration ${migration.name} failed and was rolled back: ${describe(error, migration.sql)}`)
  }
}

function describe(error: unknown, sql: string): string {
  const { message, position, detail } = error as {
    message: string
    position?: string
    detail?: string
  }
  const line = position ? ` (line ${sql.slice(0, Number(position)).split('\n').length})` : ''
  return `${message}${line}${detail ? ` — ${detail}` : ''}`
}
