/** Vitest's global setup: starts one throw-away PostgreSQL for the run and migrates the template the clones come from. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '@/lib/platform/postgres/embedded'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import type { TestServer } from './database'

const template = 'lingxi_template'

interface Started {
  readonly told: TestServer
  stop(): Promise<void>
}

/** Each project loads this file anew: what they share is kept where all of them see it. */
const run = globalThis as { lingxiTestServer?: { users: number; started: Promise<Started> } | undefined }

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.lingxiTestServer ??= { users: 0, started: start() }
  const shared = run.lingxiTestServer
  shared.users++
  project.provide('postgres', (await shared.started).told)
  return async () => {
    if (--shared.users > 0) return
    run.lingxiTestServer = undefined
    await (await shared.started).stop()
  }
}

async function start(): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'lingxi-test-'))
  const word = () => randomBytes(18).toString('hex')
  const server = await startEmbedded({
    folder: join(home, 'pg'),
    logFile: join(home, 'postgres.log'),
    ownerPassword: word(),
    durable: false,
  }).catch(async (error) => {
    await rm(home, { recursive: true, force: true })
    throw error
  })
  const passwords = { app: word(), system: word() }
  const stop = async () => {
    await server.stop(3_000)
    await rm(home, { recursive: true, force: true })
  }
  try {
    await ensureDatabase(server.url('postgres'), template)
    await prepareDatabase(server.url(template), resolve('prisma/migrations'), passwords)
  } catch (error) {
    await stop()
    throw error
  }
  return { told: { url: server.url('postgres'), template, passwords }, stop }
}
