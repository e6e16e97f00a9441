/** Owns every process of an installation: database, inference, worker and web — in order up, in order down. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readEnv } from '@/lib/core/env'
import { Vault } from '@/lib/platform/crypto/vault'
import { freePort } from '@/lib/platform/postgres/free-port'
import { StartupError } from '@/lib/platform/postgres/startup-error'
import { ensureSecrets, readSecrets, type Secrets } from '@/lib/platform/secrets'
import { portSentence, probePort } from './launch/port.mjs'
import { type Child, manageChild } from './supervisor/child'
import { type Database, joinDatabase, provideDatabase } from './supervisor/database'
import { announce, demoMissing, refreshDemo, seedDemo } from './supervisor/demo'
import { endLeftovers, rememberChildren } from './supervisor/leftovers'
import { type Output, openOutput } from './supervisor/output'
import { localUrl, waitForWeb } from './supervisor/ready'
import {
  appEnvironment,
  type Environment,
  inferenceEnvironment,
  type Running,
  refuseMissingSecrets,
  type SuperviseOptions,
} from './supervisor/settings'
import { stopOnSignals } from './supervisor/signals'
import { patience, watchAnswers } from './supervisor/watchdog'

/** Together below the ten seconds in which everything must be down. */
const grace = { programs: 6_000, inference: 1_000, database: 2_000 }

interface House {
  readonly options: SuperviseOptions
  readonly outputs: Map<string, Output>
  readonly children: Map<string, Child>
  readonly onStop: (() => unknown)[]
  database?: Database
  preparing?: Promise<unknown>
  stopping?: Promise<void>
}

/** Returns when everything runs; from then on signals decide. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const house: House = { options, outputs: new Map(), children: new Map(), onStop: [] }
  stopOnSignals(() => stopAll(house))
  try {
    await open(house)
  } catch (error) {
    if (house.stopping) await house.stopping
    await stopAll(house)
    throw error
  }
}

function handle(house: House): Running {
  return {
    children: [...house.children.keys()].map(programOf),
    restart: (program) => [...house.children.values()].find((child) => programOf(child.name) === program)?.restart(),
    onStop: (work) => house.onStop.push(work),
  }
}

async function open(house: House): Promise<void> {
  const { mode, dataDir, phase, host, port, environment: given } = house.options
  checkSettings(given)
  const log = outputFor(house, 'lingxi')
  const ended = await endLeftovers(dataDir, mode)
  if (ended > 0) log.line(`ended ${ended} processes that an earlier run had left`)
  const hasWeb = mode !== 'worker'
  if (hasWeb) {
    const state = await probePort(host, port)
    if (state !== 'free') throw new StartupError(portSentence(host, port, state))
  }
  const environment = await prepare(house)
  startPrograms(house, environment)
  const site = localUrl(host, port)
  watchPrograms(house, site, environment.INFERENCE_URL as string)
  if (!hasWeb) {
    process.stdout.write('\nThe worker is running. Ctrl-C stops it.\n')
    return
  }
  const web = house.children.get('web') as Child
  const withinMs = mode === 'dev' ? 180_000 : 60_000
  await phase('Starting the programs', () => waitForWeb(site, web, outputFor(house, 'web'), withinMs))
  await house.options.onStarted?.(handle(house))
  await welcome(house, environment, site)
}

/** A setting that no program could use is said once, here, instead of by each of them again and again. */
function checkSettings(environment: Environment): void {
  try {
    readEnv(environment)
  } catch (error) {
    throw new StartupError((error as Error).message)
  }
}

/** Secrets and database; returns what the web server and the worker are told. */
async function prepare(house: House): Promise<Environment> {
  const { options } = house
  const joins = options.mode === 'web' || options.mode === 'worker'
  const inferenceWith = async (kek: string | undefined) =>
    options.environment.INFERENCE_URL || (await startInference(house, options.environment.LINGXI_KEK || kek))
  if (joins) {
    const secrets = await readSecrets(options.dataDir)
    refuseMissingSecrets(options.environment, secrets)
    const inference = await inferenceWith(secrets?.kek)
    return appEnvironment(options, secrets, joinDatabase(options.environment, secrets), inference)
  }
  const secrets: Secrets = await ensureSecrets(options.dataDir)
  const inference = await inferenceWith(secrets.kek)
  const work = async () => {
    house.database = await provideDatabase({
      root: options.root,
      dataDir: options.dataDir,
      databaseUrl: options.environment.DATABASE_URL,
      secrets,
      kek: options.environment.LINGXI_KEK || secrets.kek,
      output: outputFor(house, 'lingxi'),
    })
    return house.database
  }
  const preparing = options.phase('Preparing the database', work)
  house.preparing = preparing
  const database = await preparing
  if (house.stopping) throw new StartupError('Stopped while starting.')
  outputFor(house, 'lingxi').line(
    JSON.stringify({
      level: 30,
      msg: database.about,
      applied: database.applied,
    }),
  )
  return appEnvironment(options, secrets, database.urls, inference)
}

/** Needs no database, so it loads its models while that one starts. Returns its address, fixed for all its lives. */
async function startInference(house: House, kek = ''): Promise<string> {
  const port = await freePort()
  // It learns whose signature to ask for, not how to sign.
  const key = new Vault(kek).verifyingKey()
  addChild(house, 'inference', inferenceEnvironment(house.options, port, key))
  return `http://127.0.0.1:${port}`
}

function startPrograms(house: House, environment: Environment): void {
  const { mode } = house.options
  if (mode !== 'web') addChild(house, 'worker', environment)
  if (mode !== 'worker') addChild(house, 'web', environment)
}

/** In development a breakpoint may hold a program for as long as somebody likes. */
function watchPrograms(house: House, site: string, inferenceUrl: string): void {
  if (house.options.mode === 'dev') return
  const watched = [
    { name: 'web', url: `${site}/api/health`, ...patience.web },
    { name: 'inference', url: `${inferenceUrl}/v2/health/live`, ...patience.inference },
  ]
  for (const { name, ...watch } of watched) {
    const child = house.children.get(name)
    if (child) house.onStop.push(watchAnswers(child, outputFor(house, name), watch))
  }
}

const programOf = (name: string) => (name === 'web' ? 'server' : name)

function addChild(house: House, name: string, environment: Environment): void {
  const { options } = house
  const plan = {
    name,
    file: join(options.bundles, `${programOf(name)}.mjs`),
    cwd: options.root,
    environment,
    preload: join(options.bundles, 'end-with-parent.mjs'),
  }
  const child = manageChild(plan, outputFor(house, name), () => {
    const pids = [...house.children.values()].flatMap((one) => one.pid ?? [])
    rememberChildren(options.dataDir, options.mode, pids)
  })
  house.children.set(name, child)
  child.start()
}

async function welcome(house: House, environment: Environment, site: string): Promise<void> {
  const { options } = house
  const publicSite = options.environment.LINGXI_PUBLIC_URL?.replace(/\/$/, '') || site
  const ours = options.mode === 'start' || options.mode === 'dev'
  const first = ours && options.demo && demoMissing(options.dataDir, options.bundles)
  if (first) {
    const seeding = seedDemo(options.bundles, options.root, environment, outputFor(house, 'seed'))
    house.onStop.push(seeding.stop)
    const done = await options.phase('Creating the demo shop', () => seeding.done)
    if (house.stopping) return
    if (!done)
      outputFor(house, 'lingxi').line('the demo could not be created; everything else runs (see logs/seed.log)')
  }
  if (house.stopping) return
  const demo = ours ? await refreshDemo(options.dataDir, publicSite) : undefined
  process.stdout.write(announce(publicSite, demo, first, options.dataDir))
}

function outputFor(house: House, name: string): Output {
  const known = house.outputs.get(name)
  if (known) return known
  const { dataDir, mode } = house.options
  const output = openOutput(dataDir, name, mode === 'dev' ? 'all' : 'warnings')
  house.outputs.set(name, output)
  return output
}

function stopAll(house: House): Promise<void> {
  house.stopping ??= (async () => {
    for (const work of house.onStop) await Promise.resolve(work()).catch(() => undefined)
    const programs = [...house.children.values()].filter((child) => child.name !== 'inference')
    // Inference and database stay until the last request has been answered.
    await Promise.all(programs.map((child) => child.stop(grace.programs)))
    await house.children.get('inference')?.stop(grace.inference)
    // A stop in the middle of the start waits for the server to exist, so that it can be stopped.
    await Promise.race([house.preparing?.catch(() => undefined), sleep(grace.programs, undefined, { ref: false })])
    await house.database?.stop(grace.database)
    rememberChildren(house.options.dataDir, house.options.mode, [])
    for (const output of house.outputs.values()) output.close()
  })()
  return house.stopping
}
