/** A desk to test on: an account with people, teams, labels and visitors, and a second account that must never be seen. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { readEnv } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import type { Understanding } from '@/lib/core/ports'
import { receiveMessage } from '@/lib/flows/receive-message'
import type { Actor, Ctx, MemberActor, Role, Services } from '@/lib/platform/context'
import { Vault } from '@/lib/platform/crypto/vault'
import { openDatabase } from '@/lib/platform/db/database'
import { createLog } from '@/lib/platform/log'
import { createTestDatabase } from '../../kit/database'
import { MemoryStorage } from '../../kit/memory-storage'
import { noTrainer } from '../../kit/no-trainer'

/** Labels by what the text holds, so that each test can say what it wants. */
export function label(text: string): Understanding | null {
  if (text.includes('unlabelled')) return null
  const angry = /slow|慢|angry/.test(text)
  const refund = /refund|退款/.test(text)
  return {
    modelVersion: 'test-1',
    intent: refund ? 'refund' : 'order_status',
    intentProbability: text.includes('mumble') ? 0.2 : 0.88,
    inScope: !text.includes('mumble'),
    sentiment: angry ? 'negative' : 'neutral',
    sentimentProbability: 0.93,
    sentimentScore: angry ? -0.9 : 0,
    language: /\p{Script=Han}/u.test(text) ? 'zh' : 'en',
    languageProbability: 0.99,
    urgency: angry ? 'high' : 'normal',
    urgencyProbability: 0.8,
    latencyMs: 1.5,
  }
}

export interface Member {
  userId: string
  membershipId: string
  name: string
  actor: MemberActor
}

export interface TestAccount {
  id: string
  inboxId: string
  /** May reply. */
  agent: Member
  other: Member
  viewer: Member
  teams: { billing: string; shipping: string }
  labels: { vip: string; bug: string }
}

export type Kit = Awaited<ReturnType<typeof createKit>>

export async function createKit() {
  const database = await createTestDatabase()
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  const vault = new Vault(randomBytes(32).toString('base64'))
  let moment = Date.parse('2026-11-02T08:00:00Z')
  const services: Services = {
    env: readEnv({
      LINGXI_APP_URL: database.appUrl,
      LINGXI_SYSTEM_URL: database.systemUrl,
      LINGXI_LOG_LEVEL: 'silent',
    }),
    log: createLog('test', 'silent'),
    database: openDatabase({ appUrl: database.appUrl, systemUrl: database.systemUrl, connections: 8 }),
    vault,
    classifier: {
      classify: async ({ text }) => label(text),
      explain: async () => null,
      state: () => 'ready',
      close: async () => {},
    },
    bus: { wake: () => {}, onWake: () => () => {}, state: () => 'ready', close: async () => {} },
    mailer: { send: async () => 'sent' },
    storage: new MemoryStorage(),
    trainer: noTrainer,
    pages: { ready: true },
  }
  const run = <R extends object = Record<string, unknown>>(sql: string, values: unknown[] = []) =>
    owner.query<R>(sql, values).then((result) => result.rows)

  const ctx = (account: { id: string }, actor: Actor): Ctx => ({
    services,
    actor,
    accountId: account.id,
    locale: 'en',
    now: () => new Date(moment),
    newId,
    random: () => 0.5,
  })

  async function member(accountId: string, name: string, role: Role): Promise<Member> {
    const [userId, membershipId] = [newId(), newId()]
    await run('INSERT INTO "user" (id, email, name) VALUES ($1, $2, $3)', [userId, `${userId}@example.test`, name])
    await run('INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, $2, $3, $4)', [
      accountId,
      membershipId,
      userId,
      role,
    ])
    return { userId, membershipId, name, actor: { kind: 'member', userId, membershipId, role } }
  }

  async function account(name: string): Promise<TestAccount> {
    const [id, inboxId] = [newId(), newId()]
    await run('INSERT INTO account (id, slug, name, key) VALUES ($1, $2, $2, $3)', [id, name, vault.newAccountKey(id)])
    await run(
      `INSERT INTO inbox (account_id, id, name, site_key, identity_secret) VALUES ($1, $2, 'Shop', 'key', '\\x00')`,
      [id, inboxId],
    )
    const team = async (title: string) => {
      const teamId = newId()
      await run('INSERT INTO team (account_id, id, name) VALUES ($1, $2, $3)', [id, teamId, title])
      return teamId
    }
    const tag = async (title: string) => {
      const labelId = newId()
      await run('INSERT INTO label (account_id, id, name) VALUES ($1, $2, $3)', [id, labelId, title])
      return labelId
    }
    return {
      id,
      inboxId,
      agent: await member(id, 'Ana', 'agent'),
      other: await member(id, 'Bo', 'agent'),
      viewer: await member(id, 'Vi', 'viewer'),
      teams: { billing: await team('Billing'), shipping: await team('Shipping') },
      labels: { vip: await tag('VIP'), bug: await tag('Bug') },
    }
  }

  /** A visitor with a name, who can write. */
  async function visitor(
    of: TestAccount,
    name = '李雷',
  ): Promise<{ contactId: string; say: (text: string) => ReturnType<typeof say> }> {
    const contactId = newId()
    const [row] = await run<{ key: Buffer }>('SELECT key FROM account WHERE id = $1', [of.id])
    const keys = vault.account(of.id, row?.key as Buffer)
    const key = keys.newContactKey(contactId)
    const tokens = name.split(/\s+/).map((word) => String(keys.token(word.toLowerCase())))
    await run('INSERT INTO contact (account_id, id, key, name, tokens) VALUES ($1, $2, $3, $4, $5)', [
      of.id,
      contactId,
      key,
      keys.contact(contactId, key).seal(name, `${contactId} name`),
      tokens,
    ])
    const say = async (text: string, clientId = newId()) => {
      moment += 1_000
      const actor = { kind: 'visitor', contactId, sessionId: newId(), inboxId: of.inboxId } as const
      return (await receiveMessage(ctx(of, actor), { clientId, text })).received
    }
    return { contactId, say }
  }

  return {
    services,
    run,
    ctx,
    account,
    visitor,
    as: (of: TestAccount, who: Member = of.agent) => ctx(of, who.actor),
    pass: (ms: number) => {
      moment += ms
    },
    now: () => new Date(moment),
    /** Event rows of an account, oldest first. */
    events: (of: TestAccount) =>
      run<{ type: string; conversation_id: string; message_id: string | null; data: Record<string, unknown> }>(
        'SELECT type, conversation_id, message_id, data FROM event WHERE account_id = $1 ORDER BY id',
        [of.id],
      ),
    close: async () => {
      await services.database.close()
      await owner.end()
      await database.drop()
    },
  }
}
