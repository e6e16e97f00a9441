/** The embedded server starts for root and for an ordinary user alike, and goes on under whoever made its data. */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '@/lib/platform/postgres/embedded'
import { readPostmaster } from '@/lib/platform/postgres/postmaster'
import { bundlePrograms, type Installation, startInstallation, temporaryFolder } from '../kit/installation'

const root = process.getuid?.() === 0
// Each half has its own kind of machine; the other half is no skipped test there, it does not exist.
const asRoot: (name: string, work: () => Promise<void>) => void = root ? test : () => undefined
const asOther: typeof asRoot = root ? () => undefined : test
/** An ordinary user that owns nothing here; the number needs no entry in the system's list of users. */
const stranger = 54_321

let programs: Awaited<ReturnType<typeof bundlePrograms>>
let data: ReturnType<typeof temporaryFolder>
beforeAll(async () => {
  programs = await bundlePrograms()
})
afterAll(() => programs.remove())
beforeEach(() => {
  data = temporaryFolder()
  onTestFinished(data.remove)
})

async function lives(one: Installation): Promise<void> {
  await one.ready()
  expect((await one.get('/store?key=kept')).status).toBe(201)
  one.process.kill('SIGTERM')
  expect(await one.exited()).toBe(0)
}

asRoot('as root, even in a folder that only root may enter', async () => {
  const dataDir = join(data.path, 'closed')
  mkdirSync(dataDir, { mode: 0o700 })
  await lives(await startInstallation({ folder: programs.folder, dataDir }))
})

test.runIf(root)(
  'as root without user namespaces: an unprivileged user runs it, or a sentence says what to do',
  async () => {
    const dataDir = join(data.path, 'data')
    // Nothing is found on this path, so there is no "unshare".
    const wish = { folder: programs.folder, dataDir, environment: { PATH: data.path } }
    const refused = await startInstallation(wish)
    expect(await refused.exited()).toBe(1)
    expect(refused.said()).toMatch(
      /PostgreSQL refuses to run as root.*Start Lingxi as an ordinary user, or set DATABASE_URL/,
    )
    chmodSync(data.path, 0o711)
    await lives(await startInstallation(wish))
    expect(statSync(join(dataDir, 'pg')).uid).not.toBe(0)
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
  },
)

asRoot('as an ordinary user, dropped to from root', async () => {
  chownSync(data.path, stranger, stranger)
  const as = ['setpriv', `--reuid=${stranger}`, `--regid=${stranger}`, '--clear-groups']
  const one = await startInstallation({
    folder: programs.folder,
    dataDir: data.path,
    as,
    environment: { HOME: data.path },
  })
  await lives(one)
  expect(statSync(join(data.path, 'pg')).uid).toBe(stranger)
  expect(statSync(join(data.path, 'secrets.json')).uid).toBe(stranger)
})

asRoot('as root on data that an ordinary user made: the server stays with that user', async () => {
  const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }))
  const folder = join(data.path, 'pg')
  mkdirSync(folder)
  chownSync(data.path, nobody, nobody)
  chownSync(folder, nobody, nobody)
  const server = await startEmbedded({ folder, ownerPassword: 'word', logFile: join(data.path, 'log'), durable: false })
  expect((await readPostmaster(folder))?.ready).toBe(true)
  expect(statSync(`/proc/${server.pid}`).uid).toBe(nobody)
  await server.stop()
})

asOther('as the ordinary user who runs the tests', async () => {
  await lives(await startInstallation({ folder: programs.folder, dataDir: data.path }))
})
