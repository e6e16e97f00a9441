/** `npm run import-account` as an operator types it: whole, refused in two languages, and killed in the middle. */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { newId } from '@/lib/core/ids'
import { DiskStorage } from '@/lib/platform/storage/storage.disk'
import { emptyKit, fileOf, fileWith, type Line, linesIn } from '../db/privacy/rich-account'
import { createKit, type Kit } from '../db/settings/kit'
import { temporaryFolder } from '../kit/installation'

const home = temporaryFolder()
const kek = Buffer.alloc(32, 7).toString('base64')
let there: Kit
let lines: Line[]

beforeAll(async () => {
  await bundle(resolve('.'), '.build/import-command', ['lib/cli/import-account.ts'])
  const here = await createKit()
  await here.shop.write('refund: 我要退款')
  lines = linesIn(await fileOf(here.shop.as.owner))
  await here.close()
  there = await emptyKit()
})
afterAll(async () => {
  await there?.close()
  home.remove()
})

function start(...words: string[]): ChildProcess {
  const { appUrl, systemUrl } = there.database
  const settings = { LINGXI_APP_URL: appUrl, LINGXI_SYSTEM_URL: systemUrl, LINGXI_KEK: kek, LINGXI_DATA_DIR: home.path }
  const env = { ...process.env, ...settings, LINGXI_LOG_LEVEL: 'silent' }
  return spawn(process.execPath, [resolve('.build/import-command/import-account.mjs'), ...words], { env })
}

async function run(...words: string[]) {
  const child = start(...words)
  const said = { out: '', err: '' }
  child.stdout?.on('data', (bytes) => {
    said.out += bytes
  })
  child.stderr?.on('data', (bytes) => {
    said.err += bytes
  })
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, ...said }
}

function fileNamed(name: string, text: string): string {
  const path = join(home.path, name)
  writeFileSync(path, text)
  return path
}

const accounts = async (): Promise<number> =>
  (await there.owner.query('SELECT count(*)::int AS n FROM account')).rows[0].n

test('mistakes and refusals are told, with code and line, in both languages', async () => {
  const nothing = await run()
  expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('Name one file.\nnpm run import-account')])
  expect((await run(join(home.path, 'absent.jsonl'))).err).toContain('There is no file')
  const cut = await run(fileNamed('cut.jsonl', fileWith(lines).slice(0, 3_000)))
  expect([cut.code, cut.out]).toEqual([1, ''])
  expect(cut.err).toMatch(
    /^import_cut_short \{"line":\d+\}\nThe file ends before its last line\n.*\n文件在结尾行之前就中断了\n/,
  )
  expect(await accounts()).toBe(0)
})

test('killed in the middle it leaves nothing, and the next time it works', async () => {
  const [team] = lines.filter(({ what }) => what === 'membership')
  const at = lines.indexOf(team as Line) + 1
  const row = (n: number) => ({ id: newId(), name: `team ${n}`, created_at: '2026-01-01T00:00:00+00:00' })
  const teams = Array.from({ length: 60_000 }, (_, n) => ({ what: 'team', row: row(n) }))
  const large = fileNamed('large.jsonl', fileWith(lines.toSpliced(at, 0, ...teams)))
  const child = start(large)
  // Into the middle: the account's transaction is open and has written.
  for (let open = 0; !open; await sleep(20))
    open = (
      await there.owner.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'lingxi load' AND backend_xid IS NOT NULL`,
      )
    ).rows[0].n
  child.kill('SIGKILL')
  await new Promise((done) => child.once('close', done))
  expect(await accounts()).toBe(0)
  expect((await there.owner.query('SELECT count(*)::int AS n FROM "user"')).rows[0].n).toBe(1)
  const small = await run(fileNamed('whole.jsonl', fileWith(lines)), '--name', 'Another Shop')
  expect([small.code, small.err]).toEqual([0, ''])
  const told = JSON.parse(small.out)
  expect(told).toMatchObject({ slug: 'another-shop', sameId: true, people: { added: 4 } })
  expect(await accounts()).toBe(1)
})

test('files that a kill left half written are in nobody’s way', async () => {
  const storage = new DiskStorage(join(home.path, 'files'))
  const [account, id] = [newId(), newId()]
  await storage.put(account, id, Buffer.from('a'))
  writeFileSync(join(home.path, 'files', account, id.slice(-2), `${id}.new`), 'half')
  await expect(storage.put(account, id, Buffer.from('b'))).rejects.toThrow()
  await storage.removeAll(account)
  await storage.put(account, id, Buffer.from('c'))
  expect(await storage.get(account, id)).toEqual(Buffer.from('c'))
})
