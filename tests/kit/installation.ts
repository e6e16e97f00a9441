/** Runs the real supervisor over small stand-in programs, on a data folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { freePort } from '@/lib/platform/postgres/free-port'

const root = resolve('.')

/** Inside the repository, so that the bundles find its packages. */
export async function bundlePrograms(): Promise<{ folder: string; remove: () => void }> {
  mkdirSync(join(root, '.build'), { recursive: true })
  const folder = mkdtempSync(join(root, '.build', 'test-'))
  const { bundle } = await import('../../lib/cli/launch/bundle.mjs')
  await bundle(root, folder, ['lib/cli/supervisor.ts', 'lib/cli/end-with-parent.ts'])
  const programs = join(root, 'tests/processes/programs')
  for (const name of readdirSync(programs)) copyFileSync(join(programs, name), join(folder, name))
  // Its own copy: the migrations it starts with stay the same while somebody edits the repository's.
  cpSync(join(root, 'prisma/migrations'), join(folder, 'prisma/migrations'), { recursive: true })
  execFileSync('chmod', ['-R', 'a+rX', folder])
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface Installation {
  readonly process: ChildProcess
  readonly pid: number
  readonly port: number
  readonly dataDir: string
  said(): string
  /** Milliseconds from the start to "is ready". */
  ready(): Promise<number>
  get(path: string): Promise<Response>
  exited(): Promise<number | null>
}

export interface InstallationWish {
  folder: string
  dataDir: string
  port?: number
  mode?: 'start' | 'web' | 'worker'
  environment?: Record<string, string>
  /** Put in front of node, to run it as somebody else. */
  as?: string[]
}

export async function startInstallation(wish: InstallationWish): Promise<Installation> {
  const port = wish.port ?? (await freePort())
  const [program = '', ...args] = [
    ...(wish.as ?? []),
    process.execPath,
    join(wish.folder, 'run.mjs'),
    root,
    wish.dataDir,
    String(port),
    wish.mode ?? 'start',
  ]
  const began = performance.now()
  const { DATABASE_URL: _drop, ...inherited } = process.env
  const child = spawn(program, args, { cwd: root, env: { ...inherited, ...wish.environment }, stdio: 'pipe' })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const exit = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  // A test that fails half-way leaves nothing running either.
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exit
  })
  return {
    process: child,
    pid: child.pid as number,
    port,
    dataDir: wish.dataDir,
    said: () => said,
    exited: () => exit,
    get: (path) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } }),
    ready: async () => {
      while (!said.includes('is ready')) {
        if (child.exitCode !== null || performance.now() - began > 60_000) throw new Error(`not ready:\n${said}`)
        await sleep(25)
      }
      return performance.now() - began
    },
  }
}

/**
 * Starts and stops an installation once, and gives a way to begin as it left its data: making the database takes longer
 * than most tests.
 */
export async function prepareData(folder: string): Promise<{ copyTo(path: string): void; remove(): void }> {
  const made = temporaryFolder()
  const run = [join(folder, 'run.mjs'), root, made.path, String(await freePort())]
  const child = spawn(process.execPath, run, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', (chunk) => {
    if (String(chunk).includes('is ready')) child.kill('SIGTERM')
  })
  const code = await new Promise((done) => child.once('close', done))
  if (code !== 0) throw new Error(`an installation to begin with: code ${code}`)
  return {
    // With its owners: the server's files may be another user's.
    copyTo: (path) => void execFileSync('cp', ['-a', `${made.path}/.`, path]),
    remove: made.remove,
  }
}

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'lingxi-data-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Every process whose command line names the folder (its data or its programs): what an installation may leave. */
export function processesNaming(text: string): number[] {
  if (!onLinux) {
    const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
    return lines.filter((line) => line.includes(text)).map((line) => Number.parseInt(line, 10))
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
    .map(Number)
}

export async function until(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(50)) {
    if (await holds()) return true
  }
  return false
}

export const onLinux = existsSync('/proc/self/cmdline')
