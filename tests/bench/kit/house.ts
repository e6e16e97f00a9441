/** A whole installation for benches — durable PostgreSQL, inference, the real server — on throw-away data, with its CPU time. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCtx } from '@/lib/border/caller'
import { makeVisitorToken } from '@/lib/border/visitor'
import { thrift } from '@/lib/cli/supervisor/child'
import { type Env, readEnv } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { addAccount } from '@/lib/features/accounts/write'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { type EmbeddedServer, startEmbedded } from '@/lib/platform/postgres/embedded'
import { asUser } from '@/lib/platform/postgres/external'
import { freePort } from '@/lib/platform/postgres/free-port'
import { ensureDatabase, prepareDatabase } from '@/lib/platform/postgres/prepare'
import { loginRole } from '@/lib/platform/postgres/roles'
import { createServices, type Started } from '@/lib/start'
import { cpuOf, cpuOfChildren } from './cpu'

export interface BenchAccount {
  ctx: Ctx
  siteKey: string
  inboxId: string
}

export interface House {
  port: number
  env: Env
  services: Started
  database: EmbeddedServer
  appUrl: string
  ownerUrl: string
  serverPid: number
  inferencePid: number
  /** CPU milliseconds used so far. */
  cpu(): { server: number; database: number; inference: number }
  /** An account with an inbox; benches may make several. */
  newAccount(): Promise<BenchAccount>
  /** Tokens of fresh visitors of an account. */
  visitors(account: { ctx: Ctx; inboxId: string }, count: number): Promise<string[]>
  close(): Promise<void>
}

const database = 'lingxi'

/** The real server: `npm run build` must have been done. @param more settings besides its own */
export async function openHouse(more: Record<string, string> = {}): Promise<House> {
  const root = resolve('.')
  for (const file of ['.build/cli/server.mjs', '.build/cli/inference.mjs', '.next/BUILD_ID']) {
    if (!existsSync(join(root, file))) throw new Error(`${file} is missing: run "npm run build" first`)
  }
  const home = await mkdtemp(join(tmpdir(), 'lingxi-bench-'))
  const word = () => randomBytes(24).toString('base64url')
  const postgres = await startEmbedded({
    folder: join(home, 'pg'),
    ownerPassword: word(),
    logFile: join(home, 'pg.log'),
  })
  await ensureDatabase(postgres.url('postgres'), database)
  const ownerUrl = postgres.url(database)
  const passwords = { app: word(), system: word() }
  await prepareDatabase(ownerUrl, resolve('prisma/migrations'), passwords)
  const appUrl = asUser(ownerUrl, loginRole(database, 'app'), passwords.app)
  const [port, inferencePort] = [await freePort(), await freePort()]
  const settings: Record<string, string | undefined> = {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    LINGXI_DATA_DIR: home,
    LINGXI_PORT: String(port),
    LINGXI_APP_URL: appUrl,
    LINGXI_SYSTEM_URL: asUser(ownerUrl, loginRole(database, 'system'), passwords.system),
    LINGXI_AUTH_SECRET: word(),
    LINGXI_TOKEN_SECRET: word(),
    LINGXI_KEK: randomBytes(32).toString('base64'),
    LINGXI_LOG_LEVEL: 'warn',
    LINGXI_INFERENCE_PORT: String(inferencePort),
    INFERENCE_URL: `http://127.0.0.1:${inferencePort}`,
    ...more,
  }
  const start = (name: string): ChildProcess =>
    spawn(process.execPath, [...(thrift[name]?.options ?? []), join(root, `.build/cli/${name}.mjs`)], {
      cwd: root,
      env: { ...thrift[name]?.environment, ...settings } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const inference = start('inference')
  const server = start('server')
  await reachable(`http://127.0.0.1:${port}/api/ready`, 60_000)
  const services = createServices('bench', readEnv(settings))
  return {
    port,
    env: services.env,
    services,
    database: postgres,
    appUrl,
    ownerUrl,
    serverPid: server.pid as number,
    inferencePid: inference.pid as number,
    cpu: () => ({
      server: cpuOf(server.pid as number),
      database: cpuOfChildren(postgres.pid),
      inference: cpuOf(inference.pid as number),
    }),
    newAccount: () => newAccount(services),
    visitors: (account, count) => newVisitors(services, account, count),
    close: async () => {
      await services.close()
      for (const child of [server, inference]) {
        child.kill('SIGTERM')
        await Promise.race([new Promise((done) => child.once('exit', done)), sleep(7_000)])
        child.kill('SIGKILL')
      }
      await postgres.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function reachable(url: string, within: number): Promise<void> {
  for (const end = performance.now() + within; performance.now() < end; await sleep(100)) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok && (await answer.json()).parts.inference === 'ready') return
  }
  throw new Error(`${url} was not ready within ${within / 1_000} s`)
}

async function newAccount(services: Started): Promise<BenchAccount> {
  const accountId = newId()
  const ctx = makeCtx(services, { kind: 'system', reason: 'bench' }, accountId, 'en')
  return inAccount(ctx, async (tx) => {
    await addAccount(tx, ctx, { slug: `bench-${accountId}`, name: 'Bench', timeZone: 'UTC' })
    const inbox = await tx.inbox.findFirstOrThrow({ select: { id: true, siteKey: true } })
    return { ctx, inboxId: inbox.id, siteKey: inbox.siteKey }
  })
}

async function newVisitors(
  services: Started,
  account: { ctx: Ctx; inboxId: string },
  count: number,
): Promise<string[]> {
  const { ctx, inboxId } = account
  const { accountId } = ctx
  const vault = await accountVault(ctx)
  const contacts = Array.from({ length: count }, () => {
    const id = newId()
    return { accountId, id, key: Uint8Array.from(vault.newContactKey(id)) }
  })
  await inAccount(ctx, (tx) => tx.contact.createMany({ data: contacts }))
  return contacts.map(({ id }) =>
    makeVisitorToken(
      services.env.LINGXI_TOKEN_SECRET,
      { accountId, inboxId, contactId: id, sessionId: newId() },
      new Date(),
    ),
  )
}
