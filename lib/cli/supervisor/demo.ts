/** Makes the demo account on the first start and tells where everything is. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Output } from './output'
import type { Environment } from './settings'

export interface Addresses {
  readonly site: string
  readonly desk: string
  readonly shop: string
}

/** What prisma/seed.ts writes; the addresses are ours, since port and host may change between starts. */
interface Demo {
  account?: string
  email?: string
  password?: string
  siteKey?: string
}

const fileIn = (dataDir: string) => join(dataDir, 'demo.json')

export function demoMissing(dataDir: string, bundles: string): boolean {
  return !existsSync(fileIn(dataDir)) && existsSync(join(bundles, 'seed.mjs'))
}

/** Far more than the seed needs even on a busy machine; only a stuck one is given up. */
const seedLimitMs = 900_000

export interface Seeding {
  /** Whether the demo is complete. */
  readonly done: Promise<boolean>
  stop(): void
}

export function seedDemo(bundles: string, root: string, environment: Environment, output: Output): Seeding {
  const args = ['--enable-source-maps', '--import', join(bundles, 'end-with-parent.mjs'), join(bundles, 'seed.mjs')]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: environment as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: seedLimitMs,
  })
  child.stdout?.on('data', output.stdout)
  child.stderr?.on('data', output.stderr)
  const done = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('close', (code) => resolve(code === 0))
  })
  return { done, stop: () => child.kill('SIGTERM') }
}

/** Keeps the addresses in demo.json current and returns its content. */
export async function refreshDemo(dataDir: string, site: string): Promise<(Demo & Addresses) | undefined> {
  const text = await readFile(fileIn(dataDir), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const demo = JSON.parse(text) as Demo
  const current = {
    ...demo,
    site,
    desk: `${site}/${demo.account ?? 'sign-in'}${demo.account ? '/inbox' : ''}`,
    shop: `${site}/demo/shop`,
  }
  const next = `${JSON.stringify(current, null, 2)}\n`
  if (next !== text) {
    await writeFile(`${fileIn(dataDir)}.new`, next, { mode: 0o600 })
    await rename(`${fileIn(dataDir)}.new`, fileIn(dataDir))
  }
  return current
}

export function announce(
  site: string,
  demo: (Demo & Addresses) | undefined,
  firstTime: boolean,
  dataDir: string,
): string {
  const rows: [string, string][] = [['Site', site]]
  if (demo === undefined) rows.push(['Sign up', `${site}/sign-up`])
  else rows.push(['Desk', demo.desk], ['Demo shop', demo.shop])
  if (demo?.email && firstTime) {
    rows.push(['Sign in', `${demo.email}   password ${demo.password}`], ['', `shown once; kept in ${fileIn(dataDir)}`])
  } else if (demo !== undefined) {
    rows.push(['Sign in', `the demo sign-in is kept in ${fileIn(dataDir)}`])
  }
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`)
  return `\nLingxi 灵犀 is ready.\n${lines.join('\n')}\n  Stop       Ctrl-C\n`
}
