/** Connections to PostgreSQL: Prisma for most work, a small pool for single-statement hot paths, one of each role. */
import pg from 'pg'
import { Postgres } from './adapter'
import { PrismaClient } from './generated/client'

export interface Database {
  /** Under row-level security; use through inAccount only. */
  readonly app: PrismaClient
  /** Cross-account role; use through asSystem only. */
  readonly system: PrismaClient
  /** App role, for SQL functions that set the account themselves. */
  readonly statements: pg.Pool
  readonly appUrl: string
  close(): Promise<void>
}

export interface DatabaseOptions {
  appUrl: string
  systemUrl: string
  /** Most connections of the app role for transactions; half as many serve statements. */
  connections?: number
  /** After this without a word from the server a single statement is given up, milliseconds. */
  patience?: number
}

/** A statement that takes longer than this is stopped by the server, milliseconds. */
const statementTimeout = 15_000
/** The same for a long transaction, and after how long without a statement the server ends one: whoever reads may be slow. */
const longStatement = 600_000
const longPause = 300_000

/**
 * With the time that Prisma's adapter writes and reads: it leaves the zone out of each, and a server of the operator's own may keep another.
 * It goes before what the role or the database says. Written behind the address, whose own options win over a client's:
 * by hand, since PostgreSQL's addresses are not all URLs (one by a socket has a user and no host), and the last options are the ones that hold.
 */
export function inUtc(url: string): string {
  const [, query] = url.split('?', 2)
  const own = new URLSearchParams(query).getAll('options').at(-1)
  const options = encodeURIComponent(`${own ? `${own} ` : ''}-c timezone=UTC`).replaceAll('%3D', '=')
  return `${url}${query === undefined ? '?' : '&'}options=${options}`
}

/**
 * One connection of the app role for a transaction that takes as long as an account is large.
 * @param name it calls itself; `lingxi load` writes no news (see news_horizon in the migrations)
 */
export const openLong = (appUrl: string, name: 'lingxi load' | 'lingxi read'): PrismaClient =>
  new PrismaClient({
    adapter: new Postgres(
      {
        connectionString: inUtc(appUrl),
        application_name: name,
        max: 1,
        connectionTimeoutMillis: 4_000,
        statement_timeout: longStatement,
        idle_in_transaction_session_timeout: longPause,
      },
      { onPoolError: () => {} },
    ),
  })

/** A session of the app role whose locks last until it ends. Its owner asks it whether it lives: an error alone ends nothing. */
export function openSession(appUrl: string): pg.Client {
  const about = { connectionString: inUtc(appUrl), application_name: 'lingxi alone', connectionTimeoutMillis: 4_000 }
  const client = new pg.Client(about)
  client.on('error', () => {})
  return client
}

export function openDatabase({ appUrl, systemUrl, connections = 8, patience = 10_000 }: DatabaseOptions): Database {
  const common = { connectionTimeoutMillis: 4_000, idleTimeoutMillis: 30_000, statement_timeout: statementTimeout }
  const statements = new pg.Pool({
    ...common,
    connectionString: inUtc(appUrl),
    max: Math.max(2, connections >> 1),
    // A server that is frozen or behind a cut network stops nothing by itself, and nobody should wait for it for ever.
    query_timeout: patience,
  })
  // A connection that dies while idle (server restart) is replaced on the next use; without a listener it would end the process.
  statements.on('error', () => {})
  const onPoolError = () => {}
  const app = new PrismaClient({
    adapter: new Postgres({ ...common, connectionString: inUtc(appUrl), max: connections }, { onPoolError }),
  })
  const system = new PrismaClient({
    adapter: new Postgres({ ...common, connectionString: inUtc(systemUrl), max: 3 }, { onPoolError }),
  })
  return {
    app,
    system,
    statements,
    appUrl,
    close: async () => {
      await Promise.allSettled([app.$disconnect(), system.$disconnect(), statements.end()])
    },
  }
}
