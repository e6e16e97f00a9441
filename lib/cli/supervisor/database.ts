/** Provides the database: the embedded server (kept running) or the operator's own, brought up to this version. */
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { refuseForeignKey } from '@/lib/platform/postgres/belonging'
import { type EmbeddedServer, startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser, checkExternal } from '@/lib/platform/postgres/external'
import { ensureDatabase, type Prepared, prepareDatabase } from '@/lib/platform/postgres/prepare'
import { loginRole, type RoleUrls } from '@/lib/platform/postgres/roles'
import { StartupError } from '@/lib/platform/postgres/startup-error'
import type { Secrets } from '@/lib/platform/secrets'
import type { Output } from './output'

const embeddedName = 'lingxi'

export interface Database {
  readonly about: string
  readonly applied: readonly string[]
  readonly urls: RoleUrls
  stop(graceMs: number): Promise<void>
}

export interface DatabaseWish {
  readonly root: string
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly secrets: Secrets
  /** The key in use, which the environment may give instead of the secrets. */
  readonly kek: string
  readonly output: Output
}

export async function provideDatabase(wish: DatabaseWish): Promise<Database> {
  const migrations = join(wish.root, 'prisma', 'migrations')
  if (wish.databaseUrl) {
    const { version, database } = await checkExternal(wish.databaseUrl)
    const prepared = await prepareDatabase(wish.databaseUrl, migrations, wish.secrets.database)
    await refuseForeignKey(wish.databaseUrl, wish.kek)
    return {
      about: `PostgreSQL ${version}, database ${database}`,
      ...prepared,
      stop: async () => undefined,
    }
  }
  const kept = await keepEmbedded(wish)
  try {
    await ensureDatabase(kept.server().url('postgres'), embeddedName)
    const prepared: Prepared = await prepareDatabase(kept.server().url(embeddedName), migrations, wish.secrets.database)
    await refuseForeignKey(kept.server().url(embeddedName), wish.kek)
    return {
      about: `embedded PostgreSQL on port ${kept.server().port}`,
      ...prepared,
      stop: kept.stop,
    }
  } catch (error) {
    await kept.stop(3_000)
    throw (error as { code?: string }).code === '28P01' ? new StartupError(foreignSecrets(wish.dataDir)) : error
  }
}

const foreignSecrets = (dataDir: string) =>
  `The secrets.json in ${dataDir} does not belong to the database beside it; put the right one back.`

/** Starts the embedded server and starts it again, on the same port, whenever it ends unasked. */
async function keepEmbedded({ dataDir, secrets, output }: DatabaseWish) {
  const options = {
    folder: join(dataDir, 'pg'),
    logFile: join(dataDir, 'logs', 'postgres.log'),
    ownerPassword: secrets.database.owner,
  }
  let stopping = false
  let server: EmbeddedServer = await startEmbedded(options)
  await chmod(options.folder, 0o700).catch(() => undefined)
  if (server.orphan === 'stopped') output.line('stopped the database server that an earlier run had left')
  const watch = async () => {
    for (let failures = 0; ; ) {
      const began = Date.now()
      await server.exited
      if (stopping) return
      failures = Date.now() - began > 60_000 ? 0 : failures + 1
      output.line('the database server ended unexpectedly; starting it again')
      while (!stopping) {
        await sleep(Math.min(200 * 2 ** failures, 5_000))
        try {
          server = await startEmbedded({ ...options, port: server.port })
          break
        } catch (error) {
          failures++
          output.line(`the database server does not come back: ${(error as Error).message}`)
        }
      }
      // A stop that came while it was starting finds the new server here.
      if (stopping) return void (await server.stop(2_000))
    }
  }
  const watching = watch()
  return {
    server: () => server,
    stop: async (graceMs: number) => {
      stopping = true
      await server.stop(graceMs)
      await watching
    },
  }
}

/** For machines that run only the web server or the worker: no owner's rights, nothing is changed. */
export function joinDatabase(environment: Record<string, string | undefined>, secrets: Secrets | undefined): RoleUrls {
  const { LINGXI_APP_URL: app, LINGXI_SYSTEM_URL: system, DATABASE_URL: url } = environment
  if (app && system) return { app, system }
  if (url && secrets) {
    const database = decodeURIComponent(new URL(url).pathname.slice(1))
    return {
      app: asUser(url, loginRole(database, 'app'), secrets.database.app),
      system: asUser(url, loginRole(database, 'system'), secrets.database.system),
    }
  }
  throw new StartupError(
    'A web server or worker on its own joins an installation: give it DATABASE_URL and a data folder with the secrets.json of the first machine, or LINGXI_APP_URL and LINGXI_SYSTEM_URL. To run everything on one machine, use "npm start".',
  )
}
