/** A small house for tests of the hot path: services on a fresh database, accounts with inboxes, visitors who write. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { readEnv } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import type { Understanding } from '@/lib/core/ports'
import { makeSiteKey } from '@/lib/core/site-key'
import { type IncomingMessage, type IngestItem, ingestItem } from '@/lib/features/conversations/ingest'
import { about } from '@/lib/features/conversations/sealed'
import type { Actor, Ctx } from '@/lib/platform/context'
import { accountVault, contactBox } from '@/lib/platform/crypto/keyring'
import { callInAccount, inAccount } from '@/lib/platform/db/in-account'
import { createServices, type Started } from '@/lib/start'
import { createTestDatabase, type TestDatabase } from '../../kit/database'
import { MemoryStorage } from '../../kit/memory-storage'

export interface Shop {
  ctx: Ctx
  accountId: string
  inboxId: string
  siteKey: string
}

export interface Visitor {
  shop: Shop
  contactId: string
}

export interface Row {
  ord: number
  outcome: 'stored' | 'repeat' | 'conflict'
  message_id: string | null
  conversation_id: string | null
  sequence: string | null
  created_at: Date | null
}

export interface House {
  services: Started
  database: TestDatabase
  /** Superuser: looks behind the policies. */
  owner: Client
  shop(settings?: { reopenDays?: number }): Promise<Shop>
  visitor(shop: Shop): Promise<Visitor>
  /** More processes on the same database. */
  another(): Started
  close(): Promise<void>
}

export async function openHouse(env: Record<string, string> = {}, own?: TestDatabase): Promise<House> {
  const database = own ?? (await createTestDatabase())
  const settings = readEnv({
    LINGXI_APP_URL: database.appUrl,
    LINGXI_SYSTEM_URL: database.systemUrl,
    LINGXI_KEK: randomBytes(32).toString('base64'),
    LINGXI_LOG_LEVEL: 'silent',
    ...env,
  })
  const started = [createServices('test', settings)]
  const services = started[0] as Started
  services.storage = new MemoryStorage()
  const owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
  return {
    services,
    database,
    owner,
    shop: (shopSettings) => openShop(services, shopSettings),
    visitor: addVisitor,
    another: () => {
      const more = createServices('another', settings)
      started.push(more)
      return more
    },
    close: async () => {
      await Promise.all(started.map((each) => each.close()))
      await owner.end()
      await database.drop()
    },
  }
}

export const ctxOf = (
  services: Started,
  accountId: string,
  actor: Actor = { kind: 'system', reason: 'test' },
): Ctx => ({
  services,
  actor,
  accountId,
  locale: 'en',
  now: () => new Date(),
  newId,
  random: Math.random,
})

async function openShop(services: Started, { reopenDays = 14 } = {}): Promise<Shop> {
  const accountId = newId()
  const inboxId = newId()
  const ctx = ctxOf(services, accountId)
  const siteKey = makeSiteKey(accountId)
  await inAccount(ctx, async (tx) => {
    const key = services.vault.newAccountKey(accountId)
    await tx.account.create({
      data: { id: accountId, slug: `shop-${accountId}`, name: 'Shop', key: new Uint8Array(key) },
      select: { id: true },
    })
    await tx.inbox.create({
      data: {
        accountId,
        id: inboxId,
        name: 'Shop',
        siteKey,
        allowedOrigins: [],
        identitySecret: new Uint8Array(8),
        reopenDays,
      },
      select: { id: true },
    })
  })
  return { ctx, accountId, inboxId, siteKey }
}

async function addVisitor(shop: Shop): Promise<Visitor> {
  const contactId = newId()
  const vault = await accountVault(shop.ctx)
  await inAccount(shop.ctx, (tx) =>
    tx.contact.create({
      data: { accountId: shop.accountId, id: contactId, key: new Uint8Array(vault.newContactKey(contactId)) },
      select: { id: true },
    }),
  )
  return { shop, contactId }
}

/** One item for ingest_messages, as the flow makes it. */
export async function item(visitor: Visitor, text: string, more: Partial<IncomingMessage> = {}): Promise<IngestItem> {
  const { ctx, accountId, inboxId } = visitor.shop
  const { contactId } = visitor
  const message: IncomingMessage = {
    accountId,
    inboxId,
    contactId,
    messageId: newId(),
    conversationId: newId(),
    clientId: newId(),
    text,
    at: new Date(),
    label: null,
    route: null,
    ...more,
  }
  return ingestItem(message, await accountVault(ctx), await contactBox(ctx, contactId))
}

/** One statement for all, as the batcher does it; rows in the order of the items. */
export async function ingest(services: Started, items: IngestItem[]): Promise<Row[]> {
  const call = { name: 'ingest', text: 'SELECT * FROM ingest_messages($1::jsonb)' }
  const json = JSON.stringify(items.map((each, ord) => ({ ord, ...each })))
  const rows = await callInAccount<Row>(services, call, [json])
  return rows.sort((a, b) => a.ord - b.ord)
}

export async function write(visitor: Visitor, text: string, more: Partial<IncomingMessage> = {}): Promise<Row> {
  const [row] = await ingest(visitor.shop.ctx.services as Started, [await item(visitor, text, more)])
  return row as Row
}

export async function readText(visitor: Visitor, messageId: string, body: Uint8Array): Promise<string> {
  return (await contactBox(visitor.shop.ctx, visitor.contactId)).open(body, about.body(messageId))
}

export const label = (change: Partial<Understanding> = {}): Understanding => ({
  modelVersion: 'test-1',
  intent: 'refund',
  intentProbability: 0.93,
  inScope: true,
  sentiment: 'negative',
  sentimentProbability: 0.88,
  sentimentScore: -0.8,
  language: 'en',
  languageProbability: 0.99,
  urgency: 'high',
  urgencyProbability: 0.7,
  latencyMs: 3.5,
  ...change,
})
