/**
 * `npm run bench -- memory`: what everything together holds (proportional set size) after a start with the demo and after people
 * have opened the desk, process by process, beside a bare Node.js process in the same minute. Linux.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright'
import { findChromium } from '@/lib/cli/launch/chromium.mjs'
import { freePort } from '@/lib/platform/postgres/free-port'

/** Pages that people open, twice each. */
const desk = ['inbox', 'tickets', 'models', 'models/review', 'settings/team']
const patience = 300_000

/** Kilobytes: shared pages are divided among those who share them, so that a sum counts each once. */
function proportional(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** A process and all below it, with what they call themselves. */
function family(root: number): { pid: number; name: string }[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) as RegExpExecArray)
    .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args: args as string }))
  const found = all.filter(({ pid }) => pid === root)
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid))
  return found.map(({ pid, args }) => ({ pid, name: nameOf(args) }))
}

const nameOf = (args: string): string =>
  /postgres/.test(args) ? 'PostgreSQL' : (/cli\/(\w+)\.mjs/.exec(args)?.[1]?.replace('server', 'web') ?? 'others')

function look(root: number): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { pid, name } of family(root)) sums.set(name, (sums.get(name) ?? 0) + proportional(pid))
  return sums
}

function say(when: string, sums: Map<string, number>, bare: number): void {
  const mb = (kilobytes: number) => `${Math.round(kilobytes / 1024)} MB`
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0)
  const parts = [...sums].map(([name, one]) => `${name} ${mb(one)}`).join(', ')
  console.log(`${when}: ${mb(total)} (${parts}); × ${(total / bare).toFixed(1)} a bare Node.js of ${mb(bare)}`)
}

async function ready(port: number, child: ChildProcess): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end; await sleep(500)) {
    if (child.exitCode !== null) throw new Error('Lingxi did not start')
    const answer = await fetch(`http://127.0.0.1:${port}/api/ready`).catch(() => null)
    if (answer?.ok && Object.values((await answer.json()).parts).every((part) => part === 'ready')) return
  }
  throw new Error(`not ready within ${patience / 1_000} s`)
}

interface Demo {
  email: string
  password: string
  desk: string
}

async function openDesk(port: number, folder: string): Promise<void> {
  const executablePath = await findChromium(process.env)
  if (!executablePath) throw new Error('This bench needs a Chromium.')
  const demo = JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')) as Demo
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${port}/sign-in`)
    await page.locator('input[type=email]').fill(demo.email)
    await page.locator('input[type=password]').fill(demo.password)
    await page.locator('input[type=password]').press('Enter')
    await page.waitForURL(/\/inbox/)
    const account = new URL(page.url()).pathname.split('/')[1]
    for (const path of [...desk, ...desk]) {
      await page.goto(`http://127.0.0.1:${port}/${account}/${path}`, { waitUntil: 'load' })
      await page.waitForTimeout(500)
    }
  } finally {
    await browser.close()
  }
}

const folder = await mkdtemp(join(tmpdir(), 'lingxi-memory-'))
const port = await freePort()
const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
const child = spawn(
  process.execPath,
  [resolve('lib/cli/launch.mjs'), 'start', '--port', String(port), '--data-dir', folder],
  { stdio: 'ignore' },
)
try {
  await ready(port, child)
  // The demo shop is made while the programs already answer.
  for (const end = performance.now() + patience; performance.now() < end; await sleep(500)) {
    try {
      readFileSync(join(folder, 'demo.json'))
      break
    } catch {}
  }
  await sleep(10_000)
  const root = child.pid as number
  say('after a start with the demo', look(root), proportional(bare.pid as number))
  await openDesk(port, folder)
  await sleep(10_000)
  say('after people opened the desk', look(root), proportional(bare.pid as number))
} finally {
  bare.kill('SIGKILL')
  child.kill('SIGTERM')
  await Promise.race([new Promise((done) => child.once('exit', done)), sleep(12_000)])
  await rm(folder, { recursive: true, force: true })
}
process.exit(0)
