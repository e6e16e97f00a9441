/** One installation's life: refuses a second start, keeps its programs up, stops cleanly, survives `kill -9`. */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { readPostmaster } from '@/lib/platform/postgres/postmaster'
import { inTime } from '../kit/guarantee'
import {
  bundlePrograms,
  type Installation,
  type InstallationWish,
  prepareData,
  processesNaming,
  startInstallation,
  temporaryFolder,
  until,
} from '../kit/installation'

let programs: Awaited<ReturnType<typeof bundlePrograms>>
let prepared: Awaited<ReturnType<typeof prepareData>>
let data: ReturnType<typeof temporaryFolder>

beforeAll(async () => {
  programs = await bundlePrograms()
  prepared = await prepareData(programs.folder)
})
afterAll(() => {
  programs.remove()
  prepared?.remove()
})
beforeEach(() => {
  data = temporaryFolder()
  prepared.copyTo(data.path)
  // Registered first, so it runs last: after every installation of the test has been stopped.
  onTestFinished(async () => {
    expect(await until(() => leftover().length === 0, 10_000)).toBe(true)
    data.remove()
  })
})

const leftover = () => [...processesNaming(data.path), ...processesNaming(programs.folder)]
const start = (wish: Partial<InstallationWish> = {}) =>
  startInstallation({ folder: programs.folder, dataDir: data.path, ...wish })
const pidOf = async (one: Installation) => ((await (await one.get('/')).json()) as { pid: number }).pid

test('a second start on the same data folder refuses within two seconds and names the first', async () => {
  const first = await start()
  await first.ready()
  const began = performance.now()
  const second = await start()
  expect(await second.exited()).toBe(1)
  expect(inTime(performance.now() - began, 2_000)).toBe(true)
  expect(second.said()).toContain(`process ${first.pid}`)
  expect((await first.get('/')).status).toBe(200)
})

test('SIGTERM lets a running request finish and leaves no process, lock or list behind', async () => {
  const one = await start()
  await one.ready()
  const slow = one.get('/slow').then((answer) => answer.text())
  await sleep(200)
  const began = performance.now()
  one.process.kill('SIGTERM')
  expect(await slow).toBe('done')
  expect(await one.exited()).toBe(0)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(leftover()).toEqual([])
  for (const file of ['lock.json', 'children.json', 'pg/postmaster.pid']) {
    expect(existsSync(join(data.path, file)), file).toBe(false)
  }
})

test('a program that ignores SIGTERM does not keep the rest from stopping within ten seconds', async () => {
  const one = await start({ environment: { TEST_STUBBORN: '1' } })
  await one.ready()
  const began = performance.now()
  one.process.kill('SIGINT')
  expect(await one.exited()).toBe(0)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(leftover()).toEqual([])
})

test('it runs on when nobody listens to its output any more, and still stops when asked', async () => {
  const one = await start()
  await one.ready()
  one.process.stdout?.destroy()
  one.process.stderr?.destroy()
  await one.get('/crash').catch(() => undefined)
  expect(await until(async () => (await one.get('/').catch(() => undefined))?.ok === true, 10_000)).toBe(true)
  one.process.kill('SIGTERM')
  expect(await one.exited()).toBe(0)
})

test('a program that crashes is started again and takes nobody with it', async () => {
  const one = await start()
  await one.ready()
  const before = await pidOf(one)
  await one.get('/crash').catch(() => undefined)
  expect(await until(async () => (await one.get('/').catch(() => undefined))?.ok === true, 10_000)).toBe(true)
  expect(await pidOf(one)).not.toBe(before)
  expect(one.said()).toMatch(/web +│ ended unexpectedly \(code 3\)/)
  expect(one.said()).not.toMatch(/worker +│ ended/)
})

test('a program that hangs is ended and replaced', async () => {
  const one = await start()
  await one.ready()
  const { INFERENCE_URL: url } = (await (await one.get('/environment')).json()) as Record<string, string>
  const pid = async () => ((await (await fetch(url as string)).json()) as { TEST_PID: number }).TEST_PID
  const before = await pid()
  const asked = async () => ((await (await fetch(`${url}/asked`)).json()) as string[]).includes('/v2/health/live')
  expect(await until(asked, 10_000)).toBe(true)
  process.kill(before, 'SIGSTOP')
  const replaced = async () => (await pid().catch(() => before)) !== before
  expect(await until(() => Promise.race([replaced(), sleep(1_000, false)]), 30_000)).toBe(true)
  expect(one.said()).toMatch(/inference +│ does not answer any more/)
})

test('a killed database server comes back on the same port within ten seconds', async () => {
  const one = await start()
  await one.ready()
  await one.get('/store?key=before')
  const database = await readPostmaster(join(data.path, 'pg'))
  process.kill(database?.pid as number, 'SIGKILL')
  await until(async () => (await one.get('/store?key=during')).status === 503, 1_000)
  expect(await until(async () => (await one.get('/store?key=after')).status === 201, 10_000)).toBe(true)
  expect(await (await one.get('/keys')).json()).toEqual(expect.arrayContaining(['before', 'after']))
})

test('kill -9 of the supervisor loses nothing: its programs end by themselves and the next start has every accepted write', async () => {
  const acknowledged = new Set<string>()
  for (const round of [1, 2, 3]) {
    const one = await start()
    await one.ready()
    const writing = [1, 2, 3, 4].map((writer) => write(one, `${round}.${writer}`, acknowledged))
    await sleep(300 + round * 150)
    process.kill(one.pid, 'SIGKILL')
    await one.exited()
    await Promise.all(writing)
  }
  expect(acknowledged.size).toBeGreaterThan(50)
  const last = await start()
  await last.ready()
  const kept = new Set((await (await last.get('/keys')).json()) as string[])
  expect([...acknowledged].filter((key) => !kept.has(key))).toEqual([])
})

async function write(one: Installation, prefix: string, acknowledged: Set<string>): Promise<void> {
  for (let serial = 0; ; serial++) {
    const key = `${prefix}.${serial}`
    const answer = await one.get(`/store?key=${key}`).catch(() => undefined)
    if (answer === undefined) return
    if (answer.status === 201) acknowledged.add(key)
  }
}

test('after kill -9 nothing runs on without an owner', async () => {
  const one = await start()
  await one.ready()
  process.kill(one.pid, 'SIGKILL')
  await one.exited()
  expect(await until(() => leftover().length === 0, 9_000)).toBe(true)
})

test('a database server that outlived everything is stopped by the next start', async () => {
  const one = await start()
  await one.ready()
  await one.get('/store?key=kept')
  const orphan = (await readPostmaster(join(data.path, 'pg')))?.pid as number
  // The whole family at once, with the shell that would have stopped the server.
  for (const pid of [one.pid, ...processesNaming(programs.folder), ...processesNaming(`kill -INT ${orphan}`)]) {
    process.kill(pid, 'SIGKILL')
  }
  await one.exited()
  await sleep(4_000)
  expect((await readPostmaster(join(data.path, 'pg')))?.pid).toBe(orphan)
  const next = await start()
  await next.ready()
  expect(next.said()).toContain('stopped the database server that an earlier run had left')
  expect(await (await next.get('/keys')).json()).toEqual(['kept'])
})

test('secrets are made once, for the owner only, and no program gets more than it needs', async () => {
  rmSync(data.path, { recursive: true })
  const one = await start()
  await one.ready()
  const file = join(data.path, 'secrets.json')
  const secrets = readFileSync(file, 'utf8')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const owner = JSON.parse(secrets).database.owner as string
  const web = (await (await one.get('/environment')).json()) as Record<string, string>
  expect(Buffer.from(web.LINGXI_KEK as string, 'base64')).toHaveLength(32)
  expect(JSON.stringify(web)).not.toContain(owner)
  const inference = await (await fetch(web.INFERENCE_URL as string)).text()
  for (const secret of [owner, web.LINGXI_KEK, web.LINGXI_APP_URL, web.LINGXI_AUTH_SECRET]) {
    expect(inference).not.toContain(secret)
  }
  one.process.kill('SIGTERM')
  await one.exited()
  await (await start()).ready()
  expect(readFileSync(file, 'utf8')).toBe(secrets)
})

test('data without its own secrets is refused, in one sentence', async () => {
  const first = await start()
  await first.ready()
  first.process.kill('SIGTERM')
  await first.exited()
  rmSync(join(data.path, 'secrets.json'))
  const second = await start()
  expect(await second.exited()).toBe(1)
  expect(second.said()).toContain('does not belong to the database beside it')
})

test('a second start takes a few seconds at most', async () => {
  const first = await start()
  await first.ready()
  first.process.kill('SIGTERM')
  await first.exited()
  expect(await (await start()).ready()).toBeLessThan(10_000)
})

test('an occupied port is said in one sentence', async () => {
  const first = await start()
  await first.ready()
  const other = temporaryFolder()
  const second = await start({ dataDir: other.path, port: first.port })
  expect(await second.exited()).toBe(1)
  expect(second.said()).toContain(`Port ${first.port} on 127.0.0.1 is used by another program`)
  other.remove()
})
