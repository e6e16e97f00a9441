/** `npm run dev` as a contributor has it, with every option in the environment: no demo, sign-up, hot reload of pages and programs, Ctrl-C. */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '@/lib/platform/postgres/free-port'
import { Browser } from '../db/identity/kit'
import { onLinux, processesNaming, temporaryFolder, until } from '../kit/installation'

/** A copy of the sources, inside the repository so that packages are found: this test writes in them. */
let copy: string
const data = temporaryFolder()
let site: string
let said = ''
let dev: ReturnType<typeof spawn>
let ended: Promise<number | null>

beforeAll(async () => {
  const { generateClient } = await import('../../lib/cli/launch/build.mjs')
  await generateClient(resolve('.'), process.env)
  mkdirSync('.build', { recursive: true })
  copy = mkdtempSync(resolve('.build/dev-'))
  for (const part of ['app', 'lib', 'models', 'prisma', 'public']) cpSync(part, join(copy, part), { recursive: true })
  const settings = ['next.config.js', 'postcss.config.mjs', 'prisma.config.ts', 'tsconfig.json']
  for (const file of [...settings, 'package.json', 'package-lock.json', '.build/stamps/prisma']) {
    cpSync(file, join(copy, file))
  }
  symlinkSync('../../node_modules', join(copy, 'node_modules'))
  const port = await freePort()
  // Another address of this machine than the usual one.
  const host = onLinux ? '127.0.0.2' : '127.0.0.1'
  site = `http://${host}:${port}`
  const ours = { LINGXI_PORT: String(port), LINGXI_HOST: host, LINGXI_DATA_DIR: data.path, LINGXI_DEMO: '0' }
  const foreign = /^(VITEST|LINGXI_|DATABASE_URL|NODE_ENV|NODE_OPTIONS|npm_)/
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
  dev = spawn(process.execPath, [join(copy, 'lib/cli/launch.mjs'), 'dev'], {
    cwd: copy,
    env: { ...inherited, NODE_ENV: undefined, ...ours } as unknown as NodeJS.ProcessEnv,
  })
  ended = new Promise((done) => dev.once('close', done))
  for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (piece) => (said += piece))
  const up = await until(() => said.includes('is ready') || dev.exitCode !== null, 170_000)
  expect(up && said).toContain('is ready')
}, 180_000)
afterAll(async () => {
  dev?.kill('SIGKILL')
  await until(() => leftover().length === 0, 10_000)
  data.remove()
  if (copy) rmSync(copy, { recursive: true, force: true })
})

const leftover = () => [...processesNaming(data.path), ...processesNaming(copy)]
const page = async (path: string) => (await fetch(`${site}${path}`, { redirect: 'manual' })).text()
const pids = () =>
  (JSON.parse(readFileSync(join(data.path, 'children.json'), 'utf8')) as { pid: number }[]).map((one) => one.pid)
const edit = (file: string, from: string, to: string) => {
  const before = readFileSync(join(copy, file), 'utf8')
  expect(before).toContain(from)
  writeFileSync(join(copy, file), before.replace(from, to))
}

test('without a demo nobody is there; the first page offers sign-up, which works', async () => {
  expect(said).toContain(`${site}/sign-up`)
  expect(said).not.toMatch(/Demo shop|demo\.json/)
  expect(existsSync(join(data.path, 'demo.json'))).toBe(false)
  const landing = await page('/')
  expect(landing).toContain('href="/sign-up"')
  expect(landing).not.toContain('/demo/shop')
  const person = { email: 'first@example.com', password: 'a long enough password', name: 'First' }
  const browser = new Browser(site)
  const signedUp = await browser.fetch('POST', '/api/v1/sign-up', { ...person, accountName: 'Tea', timeZone: 'UTC' })
  expect(signedUp.status).toBe(201)
  expect(await browser.signIn('password', { email: person.email, password: person.password })).toBeNull()
  expect(await (await browser.fetch('GET', '/api/v1/me')).json()).toMatchObject({
    user: { email: person.email },
    accounts: [{ role: 'owner' }],
  })
})

test('a changed page is shown without a restart, a changed program is started again', async () => {
  const before = pids()
  edit('app/(site)/page.tsx', '<h1 className="', '<h1 data-changed="yes" className="')
  expect(await until(async () => (await page('/')).includes('data-changed="yes"'), 60_000)).toBe(true)
  expect(pids()).toEqual(before)
  edit('lib/border/problem.ts', 'about:blank#', 'about:changed#')
  const changed = async () => (await page('/api/nothing').catch(() => '')).includes('about:changed#not_found')
  expect(await until(changed, 60_000)).toBe(true)
  expect(pids()).not.toEqual(before)
})

test('Ctrl-C ends all of it within ten seconds', async () => {
  const began = performance.now()
  dev.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(leftover()).toEqual([])
})
