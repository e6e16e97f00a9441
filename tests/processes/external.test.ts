/** `DATABASE_URL`: the operator's own PostgreSQL, with an ordinary owner, serves an installation; what cannot work is said. */
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { asUser, checkExternal, hideSecret } from '@/lib/platform/postgres/external'
import { prepareDatabase } from '@/lib/platform/postgres/prepare'
import { bundlePrograms, startInstallation, temporaryFolder, until } from '../kit/installation'
import { type OwnServer, startNewestServer, startOwnServer } from '../kit/own-server'

let programs: Awaited<ReturnType<typeof bundlePrograms>>
beforeAll(async () => {
  programs = await bundlePrograms()
})
afterAll(() => programs.remove())

const passwords = { app: 'app word', system: 'system/word' }
const execute = async (url: string, ...statements: string[]) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let last: Record<string, unknown>[] = []
    for (const sql of statements) last = (await client.query(sql)).rows
    return last
  } finally {
    await client.end()
  }
}

test('an address is given to another user whole, wherever it carries its own, and is told without its password', () => {
  expect(asUser('postgresql://a:b@db/desk?sslmode=require', 'c', 'd/e')).toBe(
    'postgresql://c:d%2Fe@db/desk?sslmode=require',
  )
  expect(asUser('postgresql://db/desk?user=a&password=b&sslmode=require', 'c', 'd')).toBe(
    'postgresql://c:d@db/desk?sslmode=require',
  )
  // A socket's folder in the query wins over the host in front, which is there to carry the name.
  expect(asUser('postgresql:///desk?host=%2Frun%2Fpostgresql', 'c', 'd')).toBe(
    'postgresql://c:d@localhost/desk?host=%2Frun%2Fpostgresql',
  )
  expect(hideSecret('postgresql://db/desk?user=a&password=secret')).not.toContain('secret')
})

describe.each([
  ["the system's PostgreSQL", startOwnServer],
  ['PostgreSQL 18', startNewestServer],
])('%s', (_name, startServer) => {
  let server: OwnServer | undefined
  let data: ReturnType<typeof temporaryFolder>

  beforeAll(async () => {
    server = await startServer()
    if (server) await execute(server.url('postgres'), "CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'p@ss/word'")
  })
  afterAll(() => server?.stop())
  beforeEach((context) => {
    if (server === undefined) context.skip('skipped: no server')
    data = temporaryFolder()
    onTestFinished(data.remove)
  })

  /** A database as a provider hands it out: its owner may create roles and is no superuser. */
  async function ownDatabase(name: string): Promise<string> {
    await execute((server as OwnServer).url('postgres'), `CREATE DATABASE ${name} OWNER keeper`)
    return asUser((server as OwnServer).url(name), 'keeper', 'p@ss/word')
  }

  test('an installation starts on it, keeps what it accepts and adds nothing to the data folder', async () => {
    const url = await ownDatabase('desk')
    const start = () =>
      startInstallation({ folder: programs.folder, dataDir: data.path, environment: { DATABASE_URL: url } })
    const first = await start()
    await first.ready()
    expect((await first.get('/store?key=kept')).status).toBe(201)
    const environment = (await (await first.get('/environment')).json()) as Record<string, string>
    expect(environment.DATABASE_URL).toBeUndefined()
    expect(new URL(environment.LINGXI_APP_URL as string).username).toBe('desk_app')
    first.process.kill('SIGTERM')
    expect(await first.exited()).toBe(0)
    const second = await start()
    await second.ready()
    expect(await (await second.get('/keys')).json()).toEqual(['kept'])
    second.process.kill('SIGTERM')
    await second.exited()
  })

  test("a web server and a worker on other machines join with the first one's secrets, and not without", async () => {
    const environment = { DATABASE_URL: await ownDatabase('several') }
    const start = (dataDir: string, mode: 'start' | 'web' | 'worker') =>
      startInstallation({ folder: programs.folder, dataDir, environment, mode })
    const first = await start(data.path, 'start')
    await first.ready()
    const other = temporaryFolder()
    const alone = await start(other.path, 'web')
    expect(await alone.exited()).toBe(1)
    expect(alone.said()).toMatch(/needs its secrets: put its secrets.json .*LINGXI_KEK/)
    copyFileSync(join(data.path, 'secrets.json'), join(other.path, 'secrets.json'))
    const web = await start(other.path, 'web')
    await web.ready()
    await web.get('/store?key=from-elsewhere')
    expect(await (await first.get('/keys')).json()).toEqual(['from-elsewhere'])
    const worker = await start(other.path, 'worker')
    const itsLog = join(other.path, 'logs/worker.log')
    expect(await until(() => existsSync(itsLog) && readFileSync(itsLog, 'utf8').includes('worker is up'), 10_000)).toBe(
      true,
    )
    for (const one of [worker, web, first]) {
      one.process.kill('SIGTERM')
      expect(await one.exited()).toBe(0)
    }
    other.remove()
  })

  test('a database encrypted with another key is refused before anything is written under the wrong one', async () => {
    const environment = { DATABASE_URL: await ownDatabase('locked') }
    const first = await startInstallation({ folder: programs.folder, dataDir: data.path, environment })
    await first.ready()
    first.process.kill('SIGTERM')
    await first.exited()
    rmSync(join(data.path, 'secrets.json'))
    const second = await startInstallation({ folder: programs.folder, dataDir: data.path, environment })
    expect(await second.exited()).toBe(1)
    expect(second.said()).toContain('encrypted with another key')
  })

  test('a database called lingxi logs in beside the groups of that name, not as them', async () => {
    const url = await ownDatabase('lingxi')
    const { urls } = await prepareDatabase(url, 'prisma/migrations', passwords)
    for (const [group, address] of Object.entries(urls)) {
      const [row] = await execute(
        address,
        'SELECT current_user AS name, rolcanlogin FROM pg_roles WHERE rolname = current_user',
      )
      expect(row).toEqual({ name: `lingxi_${group}_login`, rolcanlogin: true })
    }
    const [group] = await execute(url, `SELECT rolcanlogin FROM pg_roles WHERE rolname = 'lingxi_app'`)
    expect(group).toEqual({ rolcanlogin: false })
  })

  test('an owner named in the query of the address does not become the running app', async () => {
    const url = new URL(await ownDatabase('asked'))
    url.searchParams.set('user', 'keeper')
    url.searchParams.set('password', 'p@ss/word')
    url.username = url.password = ''
    const { urls } = await prepareDatabase(url.toString(), 'prisma/migrations', passwords)
    expect(await execute(urls.app, 'SELECT current_user AS name')).toEqual([{ name: 'asked_app' }])
    expect(await execute(urls.system, 'SELECT current_user AS name')).toEqual([{ name: 'asked_system' }])
  })

  test('preparing twice changes nothing; changed passwords are taken over', async () => {
    const url = await ownDatabase('twice')
    expect((await prepareDatabase(url, 'prisma/migrations', passwords)).applied.length).toBeGreaterThan(0)
    expect((await prepareDatabase(url, 'prisma/migrations', passwords)).applied).toEqual([])
    const { urls } = await prepareDatabase(url, 'prisma/migrations', { app: 'another', system: 'one' })
    expect(await execute(urls.app, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('a login role that somebody gave power is refused', async () => {
    const url = await ownDatabase('strong')
    await execute((server as OwnServer).url('postgres'), 'CREATE ROLE strong_app LOGIN BYPASSRLS')
    await expect(prepareDatabase(url, 'prisma/migrations', passwords)).rejects.toThrow(/strong_app/)
  })

  test('what cannot serve is said in one sentence, without the password', async () => {
    const { url } = server as OwnServer
    const port = new URL(url('postgres')).port
    await expect(checkExternal(`postgresql://x:secret@127.0.0.1:1/x`)).rejects.toThrow(
      /does not answer .*x:\*\*\*@127.0.0.1:1/,
    )
    await expect(checkExternal(url('absent'))).rejects.toThrow(/does not answer .*"absent" does not exist/)
    await expect(checkExternal('not a url')).rejects.toThrow(/DATABASE_URL/)
    await execute(
      url('postgres'),
      "CREATE ROLE weak LOGIN PASSWORD 'secret'",
      'CREATE DATABASE weak OWNER weak',
      "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'",
    )
    await expect(checkExternal(`postgresql://weak:secret@127.0.0.1:${port}/weak`)).rejects.toThrow(
      /may not create roles/,
    )
    await expect(checkExternal(`postgresql://weak:secret@127.0.0.1:${port}/postgres`)).rejects.toThrow(
      /may not create schemas/,
    )
    await expect(checkExternal(url('latin'))).rejects.toThrow(/encoding is LATIN1/)
  })
})
