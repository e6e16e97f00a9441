/** A whole installation under the real supervisor, with the real programs, on a data folder of a test's own: `npm start` without its build. */
import { spawn } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@/lib/platform/postgres/free-port'
import { readPostmaster } from '@/lib/platform/postgres/postmaster'
import { loginRole } from '@/lib/platform/postgres/roles'
import { readSecrets } from '@/lib/platform/secrets'
import { type House, openHouse } from '../db/ingest/house'
import { ask } from './durable-server'
import { until } from './installation'
import { buildPrograms, bundles, plainEnvironment, root } from './real-programs'
import type { Site } from './writers'

export interface Supervised extends Site {
  readonly url: string
  /** Services in this process on its database and keys. */
  readonly house: House
  said(): string
  stop(): Promise<void>
}

const script = `
const [dataDir, port, root, bundles] = process.argv.slice(1)
const { supervise } = await import(bundles + '/supervisor.mjs')
const phase = (_title, work) => work()
const wish = { mode: 'start', root, bundles, port: Number(port), host: '127.0.0.1', dataDir, demo: false, environment: process.env, phase }
await supervise(wish)
`

/** @param from where its bundles are, for a changed one (see weakened), which takes from the usual ones what it lacks */
export async function startSupervised(dataDir: string, from = bundles): Promise<Supervised> {
  await buildPrograms()
  if (from !== bundles) cpSync(bundles, from, { recursive: true, force: false })
  const port = await freePort()
  const args = ['--input-type=module', '-e', script, dataDir, String(port), root, from]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: plainEnvironment() as NodeJS.ProcessEnv,
    stdio: 'pipe',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => (said = (said + piece).slice(-20_000)))
  const gone = new Promise<void>((done) => child.once('close', () => done()))
  const end = async () => {
    child.kill('SIGTERM')
    await gone
  }
  const ready = await until(() => said.includes('is ready') || child.exitCode !== null, 90_000)
  const secrets = await readSecrets(dataDir)
  const postmaster = await readPostmaster(join(dataDir, 'pg'))
  if (!ready || !secrets || !postmaster) {
    await end()
    throw new Error(`the installation does not start:\n${said}`)
  }
  const url = (user: string, word: string) => `postgresql://${user}:${word}@127.0.0.1:${postmaster.port}/lingxi`
  const house = await openHouse(
    { LINGXI_KEK: secrets.kek, LINGXI_TOKEN_SECRET: secrets.tokenSecret },
    {
      name: 'lingxi',
      ownerUrl: url('lingxi_owner', secrets.database.owner),
      appUrl: url(loginRole('lingxi', 'app'), secrets.database.app),
      systemUrl: url(loginRole('lingxi', 'system'), secrets.database.system),
      drop: async () => {},
    },
  )
  // A connection dies with its server, as it should.
  house.owner.on('error', () => {})
  return {
    url: `http://127.0.0.1:${port}`,
    tokenSecret: secrets.tokenSecret,
    server: { ask: (sql, values) => ask(house.database.ownerUrl, sql, values) },
    house,
    said: () => said,
    stop: async () => {
      await house.services.close()
      await house.owner.end().catch(() => {})
      await end()
    },
  }
}
