/** The real programs of an installation, bundled as `npm start` bundles them and started as the supervisor starts them. */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChildPlan, launch } from '@/lib/cli/supervisor/child'
import { appEnvironment, type Environment, inferenceEnvironment } from '@/lib/cli/supervisor/settings'
import { freePort } from '@/lib/platform/postgres/free-port'
import { type House, openHouse } from '../db/ingest/house'
import { borrowServer, type DurableServer, startDurable } from './durable-server'

export const root = resolve('.')
export const bundles = join(root, '.build/cli')

/** What `npm start` would build first; nothing when all is fresh. Pages may be older than their source: nobody opens one here. */
export async function buildPrograms(): Promise<void> {
  const { buildAll, buildProgramsOnly } = await import('../../lib/cli/launch/build.mjs')
  const build = existsSync(join(root, '.next/BUILD_ID')) ? buildProgramsOnly : buildAll
  await build(root, plainEnvironment())
}

/** Without the test runner's own settings. */
export function plainEnvironment(): Environment {
  const ours = /^(VITEST|LINGXI_|DATABASE_URL|NODE_ENV|NODE_OPTIONS|npm_)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

export interface Program {
  /** What the supervisor would be given to keep it running. */
  readonly plan: ChildPlan
  readonly pid: number
  readonly port: number
  readonly url: string
  readonly running: boolean
  /** What it said on its outputs, the latest 20,000 characters. */
  said(): string
  /** Again, on its port: `start` after `kill`. */
  start(): void
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>
  /** Resolves when it answers at `path`. */
  answers(path?: string): Promise<void>
}

function program(name: string, port: number, environment: Environment, cwd: string, from: string): Program {
  let child: ChildProcess
  let gone: Promise<number | null>
  let said = ''
  const hear = (piece: Buffer | string) => {
    said = (said + piece).slice(-20_000)
  }
  const plan = {
    name,
    file: join(from, `${name}.mjs`),
    cwd,
    environment,
    preload: join(from, 'end-with-parent.mjs'),
  }
  const start = () => {
    child = launch(plan, { stdout: hear, stderr: hear, line: hear })
    gone = new Promise((done) => child.once('exit', (code) => done(code)))
  }
  start()
  const url = `http://127.0.0.1:${port}`
  return {
    plan,
    get pid() {
      return child.pid as number
    },
    get running() {
      return child.exitCode === null && child.signalCode === null
    },
    port,
    url,
    said: () => said,
    start,
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
    stop: () => {
      child.kill('SIGTERM')
      return gone
    },
    answers: async (path = '/api/health') => {
      for (const end = Date.now() + 60_000; ; await sleep(20)) {
        const answer = await fetch(`${url}${path}`, { headers: { connection: 'close' } }).catch(() => undefined)
        await answer?.arrayBuffer()
        if (answer?.ok) return
        if (Date.now() > end) throw new Error(`${name} does not answer:\n${said}`)
      }
    },
  }
}

export interface RealHouse {
  readonly server: DurableServer
  /** Services in this process on the same database and keys: to arrange with. */
  readonly house: House
  readonly tokenSecret: string
  /**
   * @param environment more settings, such as INFERENCE_URL
   * @param from where its bundle is, for one that was changed (see weakened)
   */
  web(environment?: Environment, from?: string): Promise<Program>
  worker(environment?: Environment, from?: string): Promise<Program>
  /** @param folder where it runs, and looks for the model first */
  inference(folder?: string, environment?: Environment): Promise<Program>
  /** Ends every program that still runs, then the database. */
  close(): Promise<void>
}

/** A database, and the way to start the real programs on it. @param durable false where nothing kills the database: it is there at once */
export async function openRealHouse({ durable = true } = {}): Promise<RealHouse> {
  const [server] = await Promise.all([durable ? startDurable() : borrowServer(), buildPrograms()])
  const tokenSecret = randomBytes(16).toString('hex')
  const secrets = {
    LINGXI_TOKEN_SECRET: tokenSecret,
    LINGXI_AUTH_SECRET: randomBytes(32).toString('base64'),
    LINGXI_KEK: randomBytes(32).toString('base64'),
  }
  const house = await openHouse(secrets, server.database)
  // The connection dies with a killed server, as it should.
  house.owner.on('error', () => {})
  const programs: Program[] = []
  const launchWith = async (name: string, more: Environment, cwd = root, from = bundles) => {
    const port = await freePort()
    const environment = { ...plainEnvironment(), ...secrets, LINGXI_LOG_LEVEL: 'warn', ...more }
    const options = {
      mode: 'start' as const,
      root,
      bundles,
      port,
      host: '127.0.0.1',
      dataDir: server.folder,
      demo: false,
      environment,
      phase: <T>(_title: string, work: () => Promise<T>) => work(),
    }
    const urls = { app: server.database.appUrl, system: server.database.systemUrl }
    const told =
      name === 'inference'
        ? inferenceEnvironment(options, port, house.services.vault.verifyingKey())
        : appEnvironment(options, undefined, urls, more.INFERENCE_URL ?? '')
    const made = program(name, port, told, cwd, from)
    programs.push(made)
    return made
  }
  return {
    server,
    house,
    tokenSecret,
    web: (environment = {}, from = bundles) => launchWith('server', environment, root, from),
    worker: (environment = {}, from = bundles) => launchWith('worker', environment, root, from),
    inference: (folder, environment = {}) => launchWith('inference', environment, folder),
    close: async () => {
      await Promise.all(programs.filter(({ running }) => running).map((one) => one.kill()))
      await house.services.close()
      await house.owner.end().catch(() => {})
      await server.stop()
    },
  }
}
