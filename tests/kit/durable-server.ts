/** A PostgreSQL of a test's own that syncs as an installation's does: one that may be killed, and comes back on its port. */
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import { type EmbeddedServer, startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser } from '@/lib/platform/postgres/external'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import { loginRole } from '@/lib/platform/postgres/roles'
import { createTestDatabase, type TestDatabase } from './database'
import { temporaryFolder } from './installation'

const name = 'durable'

export interface DurableServer {
  /** Stays the same over all its lives. */
  readonly database: TestDatabase
  /** Holds the cluster in `pg`; what else a test puts there goes with it. */
  readonly folder: string
  /** kill -9 of the server; resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on its port; resolves when it accepts connections. */
  start(): Promise<void>
  /** A superuser's statement over a connection of its own. */
  ask<R = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<R[]>
  stop(): Promise<void>
}

export async function startDurable(): Promise<DurableServer> {
  const home = temporaryFolder()
  const word = () => randomBytes(12).toString('hex')
  const cluster = { folder: join(home.path, 'pg'), ownerPassword: word(), logFile: join(home.path, 'pg.log') }
  let server: EmbeddedServer = await startEmbedded(cluster)
  await ensureDatabase(server.url('postgres'), name)
  const ownerUrl = server.url(name)
  const passwords = { app: word(), system: word() }
  await prepareDatabase(ownerUrl, resolve('prisma/migrations'), passwords)
  const { port } = server
  return {
    folder: home.path,
    database: {
      name,
      ownerUrl,
      appUrl: asUser(ownerUrl, loginRole(name, 'app'), passwords.app),
      systemUrl: asUser(ownerUrl, loginRole(name, 'system'), passwords.system),
      drop: async () => {},
    },
    kill: async () => {
      process.kill(server.pid, 'SIGKILL')
      await server.exited
    },
    start: async () => {
      server = await startEmbedded({ ...cluster, port })
    },
    ask: (sql, values) => ask(ownerUrl, sql, values),
    stop: async () => {
      await server.stop()
      home.remove()
    },
  }
}

/** A superuser's statement over a connection of its own. */
export async function ask<R>(url: string, sql: string, values?: unknown[]): Promise<R[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql, values)).rows as R[]
  } finally {
    await client.end()
  }
}

/** A database on the server that all tests share, for tests that leave it alone: there at once, and not to be killed. */
export async function borrowServer(): Promise<DurableServer> {
  const [database, home] = [await createTestDatabase(), temporaryFolder()]
  const refuse = () => Promise.reject(new Error('this server serves other tests, too'))
  return {
    database,
    folder: home.path,
    kill: refuse,
    start: refuse,
    ask: (sql, values) => ask(database.ownerUrl, sql, values),
    stop: async () => {
      await database.drop()
      home.remove()
    },
  }
}
