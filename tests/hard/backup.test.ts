/** Backup and restore as the README tells: afterwards every table has the same hash, and what was written can be read. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { Client, escapeIdentifier } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { attachAsVisitor } from '@/lib/flows/attach-file'
import { eraseAgain, eraseContact } from '@/lib/flows/erase-contact'
import { readAttachment } from '@/lib/flows/read-attachment'
import { readThread } from '@/lib/flows/read-thread'
import { startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser } from '@/lib/platform/postgres/external'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import type { RoleUrls } from '@/lib/platform/postgres/roles'
import { ensureSecrets, readSecrets } from '@/lib/platform/secrets'
import { DiskStorage } from '@/lib/platform/storage/storage.disk'
import { ctxOf, type House, ingest, item, label, openHouse } from '../db/ingest/house'
import { amount, held, whole } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'
import { findPrograms, type OwnServer, startOwnServer } from '../kit/own-server'
import { png } from '../kit/sample-files'

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

/** The key, the addresses and the data folder of an installation. */
type Place = [kek: string, urls: RoleUrls, ownerUrl: string, dataDir: string]

async function inHouse<T>([kek, urls, ownerUrl, dataDir]: Place, work: (house: House) => Promise<T>): Promise<T> {
  const database = { name: '', ownerUrl, appUrl: urls.app, systemUrl: urls.system, drop: async () => {} }
  const house = await openHouse({ LINGXI_KEK: kek, LINGXI_DATA_DIR: dataDir }, database)
  house.services.storage = new DiskStorage(join(dataDir, 'files'))
  return work(house).finally(house.close)
}

interface Filled {
  contactId: string
  /** Opens what one visitor wrote and sent as a file. */
  read(place: Place): Promise<string[]>
  /** Erases that visitor. */
  erase(place: Place): Promise<unknown>
}

/** A shop with its messages, labels, events and a file. */
const fill = async (house: House): Promise<Filled> => {
  const shop = await house.shop()
  const visitors = [await house.visitor(shop), await house.visitor(shop), await house.visitor(shop)]
  for (let sent = 0; sent < messages; sent += 128) {
    const items = Array.from({ length: 128 }, (_, n) =>
      item(visitors[n % 3] as (typeof visitors)[0], `message ${sent + n} 你好`, { label: n % 2 ? label() : null }),
    )
    await ingest(house.services, await Promise.all(items))
  }
  const { contactId } = visitors[0] as (typeof visitors)[0]
  const actor = { kind: 'visitor', contactId, sessionId: contactId, inboxId: shop.inboxId } as const
  const member = { kind: 'member', userId: contactId, membershipId: contactId, role: 'owner' } as const
  const { id } = await attachAsVisitor(ctxOf(house.services, shop.accountId, actor), { name: 'a.png', bytes: png() })
  const read = async ({ services }: House) => {
    const found = await readThread(ctxOf(services, shop.accountId, actor), 0, 3)
    const { bytes } = await readAttachment(ctxOf(services, shop.accountId, member), id)
    return [...found.map(({ text }) => text), bytes.equals(png()) ? 'the file' : 'another file']
  }
  const erase = ({ services }: House) => eraseContact(ctxOf(services, shop.accountId, member), { id: contactId })
  return { contactId, read: (place) => inHouse(place, read), erase: (place) => inHouse(place, erase) }
}
/** What it opens where all is back. */
const written = ['message 0 你好', 'message 3 你好', 'message 6 你好', 'the file']

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return `${relative(folder, path)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`
    })
    .sort()

/** What the worker does at its start. @returns how many were erased again */
const lookAgain = (place: Place): Promise<number> =>
  inHouse(place, ({ services }) => eraseAgain(services, (accountId) => ctxOf(services, accountId)))

/** The README's first line of a restore: whom the newest list names, the copy's names, too. */
const bringErased = (data: string, backup: string) =>
  execFileSync('sh', ['-c', `cat '${data}/erased.jsonl' >> '${backup}/erased.jsonl'`])

/** Whoever was erased after the backup comes back with it, and goes again where the newest list was brought. */
async function expectErasedAgain([kek, urls, ownerUrl, dataDir]: Place, { read, contactId }: Filled): Promise<void> {
  const place: Place = [kek, urls, ownerUrl, dataDir]
  const counts = () => query(ownerUrl, 'SELECT contact_id, count(*) FROM message GROUP BY 1 ORDER BY 1')
  const before = await counts()
  // Control: with a list as old as the backup they stay.
  expect(await lookAgain([kek, urls, ownerUrl, dirname(dataDir)])).toBe(0)
  expect(await read(place)).toEqual(written)
  expect(await lookAgain(place)).toBe(1)
  await expect(read(place)).rejects.toThrow()
  expect(filesIn(join(dataDir, 'files'))).toEqual([])
  expect(before).toHaveLength(3)
  expect(await counts()).toEqual(before.filter((one) => one.contact_id !== contactId))
}

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
  return { server, ownerUrl, applied, place: [secrets.kek, urls, ownerUrl, dataDir] as Place }
}

test('embedded: stopped, copied with cp -a; started on the copy with the newest list of the erased', async () => {
  const home = temporaryFolder()
  onTestFinished(home.remove)
  const [data, backup] = [join(home.path, 'data'), join(home.path, 'backup')]
  const first = await startOn(data)
  const filled = await inHouse(first.place, fill)
  const before = await hashes(first.ownerUrl)
  await first.server.stop()
  execFileSync('cp', ['-a', data, backup])
  const kept = filesIn(join(data, 'files'))
  expect(kept).toHaveLength(1)
  const later = await startOn(data)
  await filled.erase(later.place)
  await later.server.stop()

  const began = performance.now()
  bringErased(data, backup)
  const second = await startOn(backup)
  const took = performance.now() - began
  onTestFinished(() => second.server.stop())
  expect(second.applied).toEqual([])
  expect(await hashes(second.ownerUrl)).toEqual(before)
  expect(filesIn(join(backup, 'files'))).toEqual(kept)
  expect(await readSecrets(backup)).toEqual(await readSecrets(data))
  expect(await filled.read(second.place)).toEqual(written)
  // Control: without the key in secrets.json the copy is of no use.
  const [, ...elsewhere] = second.place
  await expect(filled.read([randomBytes(32).toString('base64'), ...elsewhere])).rejects.toThrow()
  await expectErasedAgain(second.place, filled)
  // Control: one changed row shows.
  const now = await hashes(second.ownerUrl)
  await query(second.ownerUrl, `UPDATE inbox SET accent = '#000000'`)
  expect(await hashes(second.ownerUrl)).not.toEqual(now)
  const figures = `${Object.keys(before).length} tables with ${messages} messages and the files equal, restored in ${(took / 1_000).toFixed(1)} s`
  held(
    '1 backup and restore, embedded',
    `stop, cp -a, start; cat, start: ${figures}; who was erased since is gone again`,
  )
})

/** A database as a provider hands it out: its owner may create roles and is no superuser. */
async function newDatabase(server: OwnServer): Promise<string> {
  await query(server.url('postgres'), `CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'word'`)
  await query(server.url('postgres'), 'CREATE DATABASE desk OWNER keeper')
  return asUser(server.url('desk'), 'keeper', 'word')
}

test.runIf(whole)(
  'with DATABASE_URL: mkdir, pg_dump and cp -a; the list of the erased, npm run migrate on a new server and pg_restore',
  async (context) => {
    const programs = findPrograms()
    if (programs === undefined) return context.skip('skipped: no server')
    const [one, other] = [(await startOwnServer()) as OwnServer, (await startOwnServer()) as OwnServer]
    onTestFinished(async () => void (await Promise.all([one.stop(), other.stop()])))
    const home = temporaryFolder()
    onTestFinished(home.remove)
    const [data, backup] = [join(home.path, 'data'), join(home.path, 'backup')]
    const run = (name: string, ...args: string[]) => spawnSync(join(programs, name), args, { encoding: 'utf8' })
    const { kek, database } = await ensureSecrets(data)
    const url = await newDatabase(one)
    const { urls } = await prepareDatabase(url, migrations, database)
    const first: Place = [kek, urls, one.url('desk'), data]
    const filled = await inHouse(first, fill)

    // The policies hold the owner, too: pg_dump in its name refuses rather than to leave rows out in silence.
    const refused = run('pg_dump', '-Fc', '-f', join(home.path, 'refused.dump'), url)
    expect(refused.stderr).toContain('row-level security')
    expect(refused.status).not.toBe(0)

    mkdirSync(backup, { mode: 0o700 })
    const dump = ['-Fc', '--exclude-table-data=event', '-f', join(backup, 'lingxi.dump')]
    expect(run('pg_dump', ...dump, one.url('desk'))).toMatchObject({ status: 0 })
    execFileSync('cp', ['-a', `${data}/.`, backup])
    const kept = filesIn(join(data, 'files'))
    // News are numbered by the transactions of their server; elsewhere they would be of the future.
    const without = ['event']
    const before = await hashes(one.url('desk'), without)
    await filled.erase(first)
    bringErased(data, backup)
    // Nothing of the first installation is needed any more.
    rmSync(data, { recursive: true })
    const fresh = await newDatabase(other)
    const began = performance.now()
    const env = { ...process.env, LINGXI_DATA_DIR: backup, DATABASE_URL: fresh }
    const migrated = spawnSync(process.execPath, ['lib/cli/launch.mjs', 'migrate'], { env, encoding: 'utf8' })
    expect(migrated).toMatchObject({ status: 0, stderr: '' })
    const restore = ['--clean', '--if-exists', '--no-owner', '--role=keeper', '--exit-on-error']
    const restored = run('pg_restore', ...restore, '-d', other.url('desk'), join(backup, 'lingxi.dump'))
    expect(restored.stderr).toBe('')
    expect(restored.status).toBe(0)
    const took = performance.now() - began
    expect(await hashes(other.url('desk'), without)).toEqual(before)
    expect(filesIn(join(backup, 'files'))).toEqual(kept)
    const secrets = (await readSecrets(backup)) as NonNullable<Awaited<ReturnType<typeof readSecrets>>>
    const again = await prepareDatabase(fresh, migrations, secrets.database)
    expect(again.applied).toEqual([])
    const second: Place = [secrets.kek, again.urls, other.url('desk'), backup]
    expect(await filled.read(second)).toEqual(written)
    await expectErasedAgain(second, filled)
    const figures = `${Object.keys(before).length} tables with ${messages} messages and the files equal, restored in ${(took / 1_000).toFixed(1)} s`
    held(
      '1 backup and restore, DATABASE_URL',
      `mkdir, pg_dump, cp -a; cat, npm run migrate, pg_restore: ${figures}; who was erased since is gone again`,
    )
  },
)
