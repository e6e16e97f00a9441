/** A fresh, migrated database for each test file, cloned from one template on one throw-away PostgreSQL. */
import { Client, escapeIdentifier } from 'pg'
import { inject } from 'vitest'
import { asUser } from '@/lib/platform/postgres/external'
import { loginRole } from '@/lib/platform/postgres/roles'

export interface TestDatabase {
  readonly name: string
  /** Forced row-level security, as the running app sees it. */
  readonly appUrl: string
  /** The cross-account role. */
  readonly systemUrl: string
  /** A superuser: for arranging and for looking behind the policies. */
  readonly ownerUrl: string
  drop(): Promise<void>
}

export interface TestServer {
  /** Owner's address of the maintenance database. */
  readonly url: string
  readonly template: string
  readonly passwords: { readonly app: string; readonly system: string }
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer
  }
}

let serial = 0

/** Call once per file (`beforeAll`) and `drop()` in `afterAll`. Takes about 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres')
  const name = `test_${process.pid}_${Date.now().toString(36)}_${++serial}`
  await onServer(server.url, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(server.template)}`)
  const ownerUrl = onDatabase(server.url, name)
  // Roles belong to the whole server: the template's login roles serve every clone.
  const login = (group: 'app' | 'system') =>
    asUser(ownerUrl, loginRole(server.template, group), server.passwords[group])
  return {
    name,
    ownerUrl,
    appUrl: login('app'),
    systemUrl: login('system'),
    drop: () => onServer(server.url, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
  }
}

/** An empty database without any migration, for tests of the migration runner itself. */
export async function createEmptyDatabase(): Promise<Pick<TestDatabase, 'name' | 'ownerUrl' | 'drop'>> {
  const server = inject('postgres')
  const name = `empty_${process.pid}_${Date.now().toString(36)}_${++serial}`
  await onServer(server.url, `CREATE DATABASE ${escapeIdentifier(name)}`)
  return {
    name,
    ownerUrl: onDatabase(server.url, name),
    drop: () => onServer(server.url, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
  }
}

function onDatabase(url: string, database: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${database}`
  return parsed.toString()
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
