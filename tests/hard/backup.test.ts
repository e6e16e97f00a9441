/** Backup and restore as the README tells: afterwards every table has the same hash, and what was written can be read. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Client, escapeIdentifier } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { readThread } from '@/lib/flows/read-thread'
import { startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser } from '@/lib/platform/postgres/external'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import type { RoleUrls } from '@/lib/platform/postgres/roles'
import { ensureSecrets, readSecrets } from '@/lib/platform/secrets'
import { ctxOf, type House, ingest, item, label, openHouse } from '../db/ingest/house'
import { amount, held, whole } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'
import { findPrograms, type OwnServer, startOwnServer } from '../kit/own-server'

const messages = amount(20_000, 256)
const migrations = resolve('prisma/migrations')

type Row = Record<string, string>
type Ask = (sql: string) => Promise<Row[]>

async function connected<T>(url: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return work(async (sql) => (await client.query<Row>(sql)).rows).finally(() => client.end())
}
const query = (url: string, sql: string): Promise<Row[]> => connected(url, (ask) => ask(sql))

const ours = `SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`

/** One hash per table, over all its rows; a superuser sees them past the policies. */
const hashes = (url: string, without: string[] = []): Promise<Record<string, string>> =>
  connected(url, async (ask) => {
    const found: Record<string, string> = {}
    for (const { schema = '', name = '' } of await ask(ours)) {
      if (without.includes(name)) continue
      const table = `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`
      const sum = `md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), ''))`
      const [row] = await ask(`SELECT count(*) || ' rows ' || ${sum} AS hash FROM ${table} t`)
      found[`${schema}.${name}`] = row?.hash as string
    }
    return found
  })

/** Opens what one visitor wrote, with the key and over the addresses that are given. */
type Read = (kek: string, urls: RoleUrls, ownerUrl: string) => Promise<string[]>

const houseOn = (kek: string, urls: RoleUrls, ownerUrl: string): Promise<House> =>
  openHouse({ LINGXI_KEK: kek }, { name: '', ownerUrl, appUrl: urls.app, systemUrl: urls.system, drop: async () => {} })

/** A shop with its messages, labels and events. */
async function fill(kek: string, urls: RoleUrls, ownerUrl: string): Promise<Read> {
  const house = await houseOn(kek, urls, ownerUrl)
  const shop = await house.shop()
  const visitors = [await house.visitor(shop), await house.visitor(shop), await house.visitor(shop)]
  for (let sent = 0; sent < messages; sent += 128) {
    const items = Array.from({ length: 128 }, (_, n) =>
      item(visitors[n % 3] as (typeof visitors)[0], `message ${sent + n} 你好`, { label: n % 2 ? label() : null }),
    )
    await ingest(house.services, await Promise.all(items))
  }
  await house.close()
  const { contactId } = visitors[0] as (typeof visitors)[0]
  return async (otherKek, otherUrls, otherOwner) => {
    const other = await houseOn(otherKek, otherUrls, otherOwner)
    const actor = { kind: 'visitor', contactId, sessionId: contactId, inboxId: shop.inboxId } as const
    const thread = readThread(ctxOf(other.services, shop.accountId, actor), 0, 3)
    return thread.then((found) => found.map(({ text }) => text)).finally(() => other.close())
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )

/** The embedded server of a data folder, as `npm start` runs it. */
async function startOn(dataDir: string) {
  const secrets = await ensureSecrets(dataDir)
  const server = await startEmbedded({
    folder: join(dataDir, 'pg'),
    logFile: join(dataDir, 'logs/postgres.log'),
    ownerPassword: secrets.database.owner,
    // Nothing is killed here; syncing is left to the full run.
    durable: whole,
  })
  await ensureDatabase(server.url('postgres'), 'lingxi')
  const ownerUrl = server.url('lingxi')
  const { applied, urls } = await prepareDatabase(ownerUrl, migrations, secrets.database)
  return { server, ownerUrl, urls, applied, kek: secrets.kek }
}

test('embedded: stopped, copied with cp -a, started on the copy', async () => {
  const home = temporaryFolder()
  onTestFinished(home.remove)
  const [data, backup] = [join(home.path, 'data'), join(home.path, 'backup')]
  mkdirSync(join(data, 'files'), { recursive: true })
  writeFileSync(join(data, 'files/sealed'), randomBytes(10_000))
  const first = await startOn(data)
  const read = await fill(first.kek, first.urls, first.ownerUrl)
  const before = await hashes(first.ownerUrl)
  await first.server.stop()

  const began = performance.now()
  execFileSync('cp', ['-a', data, backup])
  const second = await startOn(backup)
  const took = performance.now() - began
  onTestFinished(() => second.server.stop())
  expect(second.applied).toEqual([])
  expect(await hashes(second.ownerUrl)).toEqual(before)
  expect(filesIn(join(backup, 'files'))).toEqual(filesIn(join(data, 'files')))
  expect(await readSecrets(backup)).toEqual(await readSecrets(data))
  expect(await read(second.kek, second.urls, second.ownerUrl)).toEqual([
    'message 0 你好',
    'message 3 你好',
    'message 6 你好',
  ])
  // Controls: one changed row shows, and without the key in secrets.json the copy is of no use.
  await query(second.ownerUrl, `UPDATE inbox SET accent = '#000000'`)
  expect(await hashes(second.ownerUrl)).not.toEqual(before)
  await expect(read(randomBytes(32).toString('base64'), second.urls, second.ownerUrl)).rejects.toThrow()
  const figures = `${Object.keys(before).length} tables with ${messages} messages equal, restored in ${(took / 1_000).toFixed(1)} s`
  held('1 backup and restore, embedded', `stop, cp -a, start: ${figures}`)
})

/** A database as a provider hands it out: its owner may create roles and is no superuser. */
async function newDatabase(server: OwnServer): Promise<string> {
  await query(server.url('postgres'), `CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'word'`)
  await query(server.url('postgres'), 'CREATE DATABASE desk OWNER keeper')
  return asUser(server.url('desk'), 'keeper', 'word')
}

test.runIf(whole)('with DATABASE_URL: pg_dump, npm run migrate on a new server, pg_restore', async (context) => {
  const programs = findPrograms()
  if (programs === undefined) return context.skip('skipped: no server')
  const [one, other] = [(await startOwnServer()) as OwnServer, (await startOwnServer()) as OwnServer]
  onTestFinished(async () => void (await Promise.all([one.stop(), other.stop()])))
  const home = temporaryFolder()
  onTestFinished(home.remove)
  const run = (name: string, ...args: string[]) => spawnSync(join(programs, name), args, { encoding: 'utf8' })
  const passwords = { app: 'app', system: 'system' }
  const kek = randomBytes(32).toString('base64')
  const url = await newDatabase(one)
  const { urls } = await prepareDatabase(url, migrations, passwords)
  const read = await fill(kek, urls, one.url('desk'))
  const file = join(home.path, 'lingxi.dump')

  // The policies hold the owner, too: pg_dump in its name refuses rather than to leave rows out in silence.
  const refused = run('pg_dump', '-Fc', '-f', file, url)
  expect(refused.stderr).toContain('row-level security')
  expect(refused.status).not.toBe(0)

  const began = performance.now()
  expect(run('pg_dump', '-Fc', '--exclude-table-data=event', '-f', file, one.url('desk'))).toMatchObject({ status: 0 })
  const fresh = await prepareDatabase(await newDatabase(other), migrations, passwords)
  const restore = ['--clean', '--if-exists', '--no-owner', '--role=keeper', '--exit-on-error']
  const restored = run('pg_restore', ...restore, '-d', other.url('desk'), file)
  expect(restored.stderr).toBe('')
  expect(restored.status).toBe(0)
  const took = performance.now() - began
  // News are numbered by the transactions of their server; elsewhere they would be of the future.
  const without = ['event']
  const before = await hashes(one.url('desk'), without)
  expect(await hashes(other.url('desk'), without)).toEqual(before)
  expect((await prepareDatabase(asUser(other.url('desk'), 'keeper', 'word'), migrations, passwords)).applied).toEqual(
    [],
  )
  expect(await read(kek, fresh.urls, other.url('desk'))).toEqual(['message 0 你好', 'message 3 你好', 'message 6 你好'])
  const figures = `${Object.keys(before).length} tables with ${messages} messages equal, dumped and restored in ${(took / 1_000).toFixed(1)} s`
  held('1 backup and restore, DATABASE_URL', `pg_dump, npm run migrate, pg_restore: ${figures}`)
})
