/** Stores visitor messages: many that arrive together share one statement and one commit (see ingest_messages in the migrations). */
import { AppError } from '../../core/errors'
import type { Understanding } from '../../core/ports'
import { Batcher } from '../../platform/batch'
import type { Services } from '../../platform/context'
import type { AccountVault, Box } from '../../platform/crypto/vault'
import { searchWords } from '../../platform/crypto/words'
import { callInAccount } from '../../platform/db/in-account'
import { about, previewOf } from './sealed'

export interface IncomingMessage {
  accountId: string
  inboxId: string
  contactId: string
  messageId: string
  /** Used when the message begins a conversation. */
  conversationId: string
  clientId: string
  text: string
  at: Date
  label: Understanding | null
  /** The decision of features/routing, applied when nobody owns the conversation yet. */
  route: object | null
}

export interface Stored {
  outcome: 'stored' | 'repeat'
  id: string
  conversationId: string
  sequence: number
  createdAt: Date
}

interface Row {
  ord: number
  outcome: 'stored' | 'repeat' | 'conflict' | 'gone'
  message_id: string | null
  conversation_id: string
  sequence: string
  created_at: Date
}

/** One item as the database function reads it; bytes as base64. */
export function ingestItem(message: IncomingMessage, vault: AccountVault, box: Box): object {
  return {
    account_id: message.accountId,
    inbox_id: message.inboxId,
    contact_id: message.contactId,
    message_id: message.messageId,
    conversation_id: message.conversationId,
    client_id: message.clientId,
    body: box.seal(message.text, about.body(message.messageId)).toString('base64'),
    body_hash: vault.fingerprint(message.text).toString('base64'),
    preview: box.seal(previewOf(message.text), about.preview(message.contactId)).toString('base64'),
    // As text: JSON numbers lose digits beyond 2^53.
    tokens: searchWords(message.text).map((word) => String(vault.token(word))),
    at: message.at.toISOString(),
    label: message.label,
    route: message.route,
  }
}

const storeBatch =
  (services: Services) =>
  async (items: object[]): Promise<Row[]> => {
    const json = JSON.stringify(items.map((item, ord) => ({ ord, ...item })))
    const rows = await callInAccount<Row>(
      services,
      { name: 'ingest', text: 'SELECT * FROM ingest_messages($1::jsonb)' },
      [json],
    )
    const byOrd: Row[] = []
    for (const row of rows) byOrd[row.ord] = row
    return byOrd
  }

const batchers = new WeakMap<Services['database'], Batcher<object, Row>>()

function batcherOf(services: Services): Batcher<object, Row> {
  let batcher = batchers.get(services.database)
  if (!batcher) {
    batcher = new Batcher({
      run: storeBatch(services),
      most: 128,
      // Two: while one waits for the disk the other fills. More would contend for the same accounts' rows.
      flushers: 2,
      beside: 32,
      queue: 2_000,
      full: () => new AppError('database_away', { retryAfter: 1 }),
    })
    batchers.set(services.database, batcher)
  }
  return batcher
}

/** Resolves after the commit. @throws client_id_reused, token_invalid (the contact is gone), database_away */
export async function storeIncoming(services: Services, item: object): Promise<Stored> {
  const row = await batcherOf(services).add(item)
  if (row.outcome === 'gone' || !row.message_id) throw new AppError('token_invalid')
  if (row.outcome === 'conflict') throw new AppError('client_id_reused')
  return {
    outcome: row.outcome,
    id: row.message_id,
    conversationId: row.conversation_id,
    sequence: Number(row.sequence),
    createdAt: row.created_at,
  }
}
