/** Two accounts on a fresh database, each with people of every role, a team and an inbox; visitors write through the real flows. */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { makeCtx } from '@/lib/border/caller'
import { readEnv } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import type { Understanding } from '@/lib/core/ports'
import { addInbox } from '@/lib/features/inboxes/write'
import { openSession } from '@/lib/flows/open-session'
import { receiveMessage } from '@/lib/flows/receive-message'
import { type Ctx, type Role, roles, type Services } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { Vault } from '@/lib/platform/crypto/vault'
import { openDatabase } from '@/lib/platform/db/database'
import { inAccount } from '@/lib/platform/db/in-account'
import { createLog } from '@/lib/platform/log'
import { createTestDatabase, type TestDatabase } from '../../kit/database'
import { MemoryStorage } from '../../kit/memory-storage'
import { noTrainer } from '../../kit/no-trainer'

export interface Shop {
  accountId: string
  slug: string
  /** Acting as a member of that role. */
  as: Record<Role, Ctx>
  members: Record<Role, string>
  inboxId: string
  siteKey: string
  /** A visitor writes; without a contact a new one comes. */
  write(text: string, from?: { contactId: string; sessionId: string; inboxId: string }): Promise<Written>
}

export interface Written {
  conversationId: string
  from: { contactId: string; sessionId: string; inboxId: string }
}

export interface Kit {
  services: Services
  database: TestDatabase
  owner: Client
  shop: Shop
  rival: Shop
  close(): Promise<void>
}

export const label = (part: Partial<Understanding> = {}): Understanding => ({
  modelVersion: 'test',
  intent: 'refund',
  intentProbability: 0.9,
  inScope: true,
  sentiment: 'neutral',
  sentimentProbability: 0.9,
  sentimentScore: 0,
  language: 'en',
  languageProbability: 0.99,
  urgency: 'normal',
  urgencyProbability: 0.9,
  latencyMs: 1,
  ...part,
})

/** A model that reads labels out of the text itself: `refund negative high: where is it?` */
export function readLabel(text: string): Understanding {
  const [head = ''] = text.split(':')
  const words = head.split(' ')
  const pick = <T extends string>(list: readonly T[]): T | undefined => list.find((each) => words.includes(each))
  return label({
    intent: pick(['refund', 'invoice', 'order_status', 'greeting']) ?? 'complaint',
    sentiment: pick(['negative', 'positive', 'neutral'] as const) ?? 'neutral',
    urgency: pick(['high', 'low', 'normal'] as const) ?? 'normal',
    intentProbability: words.includes('unsure') ? 0.3 : 0.9,
  })
}

async function makeShop(services: Services, owner: Client, slug: string): Promise<Shop> {
  const accountId = newId()
  await owner.query('INSERT INTO account (id, slug, name, key) VALUES ($1, $2, $2, $3)', [
    accountId,
    slug,
    services.vault.newAccountKey(accountId),
  ])
  const as = {} as Shop['as']
  const members = {} as Shop['members']
  for (const role of roles) {
    const userId = newId()
    members[role] = newId()
    await owner.query('INSERT INTO "user" (id, email, name) VALUES ($1, $2, $3)', [
      userId,
      `${role}@${slug}.example`,
      `${slug} ${role}`,
    ])
    await owner.query('INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, $2, $3, $4)', [
      accountId,
      members[role],
      userId,
      role,
    ])
    as[role] = makeCtx(services, { kind: 'member', userId, membershipId: members[role], role }, accountId, 'en')
  }
  const vault = await accountVault(as.owner)
  const inbox = await inAccount(as.owner, (tx) => addInbox(tx, as.owner, vault, { name: 'Shop' }))
  const outside = makeCtx(services, { kind: 'system', reason: 'test' }, '', 'en')
  return {
    accountId,
    slug,
    as,
    members,
    inboxId: inbox.id,
    siteKey: inbox.siteKey,
    write: async (text, from) => {
      let visitor = from
      if (!visitor) {
        const opened = await openSession(outside, { siteKey: inbox.siteKey, origin: undefined, host: undefined })
        visitor = { contactId: opened.contactId, sessionId: opened.sessionId, inboxId: inbox.id }
      }
      const ctx = makeCtx(services, { kind: 'visitor', ...visitor }, accountId, 'en')
      const { received } = await receiveMessage(ctx, { clientId: newId(), text })
      return { conversationId: received.conversationId, from: visitor }
    },
  }
}

export async function createKit(): Promise<Kit> {
  const database = await createTestDatabase()
  const data = join(tmpdir(), `lingxi-${database.name}`)
  const services: Services = {
    env: readEnv({
      LINGXI_APP_URL: database.appUrl,
      LINGXI_SYSTEM_URL: database.systemUrl,
      LINGXI_LOG_LEVEL: 'silent',
      LINGXI_DATA_DIR: data,
    }),
    log: createLog('test', 'silent'),
    database: openDatabase({ appUrl: database.appUrl, systemUrl: database.systemUrl, connections: 6 }),
    vault: new Vault(randomBytes(32).toString('base64')),
    classifier: {
      classify: async ({ text }) => (text.startsWith('away') ? null : readLabel(text)),
      explain: async () => null,
      state: () => 'ready',
      close: async () => {},
    },
    bus: { wake: () => {}, onWake: () => () => {}, state: () => 'ready', close: async () => {} },
    mailer: { send: async () => 'held' },
    storage: new MemoryStorage(),
    trainer: noTrainer,
    pages: { ready: true },
  }
  const owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
  return {
    services,
    database,
    owner,
    shop: await makeShop(services, owner, 'shop'),
    rival: await makeShop(services, owner, 'rival'),
    close: async () => {
      await owner.end()
      await services.database.close()
      await database.drop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** The code of the failure a promise ends in. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'worked',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )

/** Types of the news an account got, in order. */
export async function newsOf(kit: Kit, shop: Shop): Promise<string[]> {
  const { rows } = await kit.owner.query('SELECT type, data FROM event WHERE account_id = $1 ORDER BY id', [
    shop.accountId,
  ])
  return rows.map((row: { type: string; data: { part?: string } }) =>
    row.data.part ? `${row.type} ${row.data.part}` : row.type,
  )
}
