/** Vitest's global setup: starts one throw-away PostgreSQL for the run and migrates the template the clones come from. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '@/lib/platform/postgres/embedded'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import './database'

const template = 'lingxi_template'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
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
  project.provide('postgres', {
    url: server.url('postgres'),
    template,
    passwords,
  })
  return stop
}
