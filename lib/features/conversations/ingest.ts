/** Stores visitor messages: many that arrive together share one statement and one commit (see ingest_messages in the migrations). */
import { AppError } from '../../core/errors'
import type { Understanding } from '../../core/ports'
import { Batcher } from '../../platform/batch'
import type { Services } from '../../platform/context'
import type { AccountVault, Box } from '../../platform/crypto/vault'
import { searchWords } from '../../platform/crypto/words'
import { callInAccount } from '../../platform/db/in-account'
import { isOrphan } from '../../platform/db/trouble'
import { about, previewOf, type Said, samenessOf, wordsOf } from './sealed'

export interface IncomingMessage extends Said {
  accountId: string
  inboxId: string
  contactId: string
  messageId: string
  /** Used when the message begins a conversation. */
  conversationId: string
  clientId: string
  at: Date
  label: Understanding | null
  /** The decision of features/routing, applied when nobody owns the conversation yet. */
  route: Decision | null
}

/** What the database needs to know of a routing decision; the rest of it is kept as it is. */
export interface Decision {
  priority: string | null
  teamId: string | null
  assigneeId: string | null
  needsPerson: boolean
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
  outcome: 'stored' | 'repeat' | 'conflict'
  message_id: string
  conversation_id: string
  sequence: string
  created_at: Date
}

/** What the database function reads as its `ingest_item`; its columns' names are the type's. */
export interface IngestItem extends Record<string, unknown> {
  account_id: string
}

/** One item as the database function reads it; bytes as base64. */
export function ingestItem(message: IncomingMessage, vault: AccountVault, box: Box): IngestItem {
  return {
    account_id: message.accountId,
    inbox_id: message.inboxId,
    contact_id: message.contactId,
    message_id: message.messageId,
    conversation_id: message.conversationId,
    client_id: message.clientId,
    body: box.seal(message.text, about.body(message.messageId)).toString('base64'),
    body_hash: vault.fingerprint(samenessOf(message)).toString('base64'),
    preview: box.seal(previewOf(message), about.preview(message.contactId)).toString('base64'),
    // An array in PostgreSQL's own writing: JSON numbers lose digits beyond 2^53.
    tokens: `{${searchWords(wordsOf(message)).map(vault.token).join()}}`,
    at: message.at.toISOString(),
    ...labelColumns(message.label, message.route),
  }
}

/** A label and its route as columns of the database's `ingest_item`. */
export function labelColumns(label: Understanding | null, route: Decision | null): object {
  if (!label) return {}
  return {
    model_version: label.modelVersion,
    intent: label.intent,
    intent_probability: label.intentProbability,
    in_scope: label.inScope,
    sentiment: label.sentiment,
    sentiment_probability: label.sentimentProbability,
    sentiment_score: label.sentimentScore,
    language: label.language,
    language_probability: label.languageProbability,
    urgency: label.urgency,
    urgency_probability: label.urgencyProbability,
    latency_ms: label.latencyMs,
    route,
    priority: route?.priority,
    team_id: route?.teamId,
    assignee_id: route?.assigneeId,
    needs_person: route?.needsPerson,
  }
}

const storeBatch =
  (services: Services) =>
  async (items: IngestItem[]): Promise<(Row | undefined)[]> => {
    const json = JSON.stringify(items.map((item, ord) => Object.assign(item, { ord })))
    const rows = await callInAccount<Row>(
      services,
      { name: 'ingest', text: 'SELECT * FROM ingest_messages($1::jsonb)' },
      [json],
    )
    const byOrd: (Row | undefined)[] = new Array(items.length)
    for (const row of rows) byOrd[row.ord] = row
    return byOrd
  }

const batchers = new WeakMap<Services['database'], Batcher<IngestItem, Row | undefined>>()

function batcherOf(services: Services): Batcher<IngestItem, Row | undefined> {
  let batcher = batchers.get(services.database)
  if (!batcher) {
    batcher = new Batcher({
      run: storeBatch(services),
      most: 128,
      // Two: while one waits for the disk the other fills. More would contend for the same accounts' rows.
      flushers: 2,
      beside: 32,
      linger: 2,
      queue: 2_000,
      lane: (item) => item.account_id,
      full: () => new AppError('database_away', { retryAfter: 1 }),
    })
    batchers.set(services.database, batcher)
  }
  return batcher
}

/** Resolves after the commit. @throws client_id_reused, token_invalid (the contact is gone), database_away */
export async function storeIncoming(services: Services, item: IngestItem): Promise<Stored> {
  const row = await batcherOf(services)
    .add(item)
    .catch((error) => {
      // The contact went (to be joined with another, or erased) while the message was on its way.
      throw isOrphan(error) ? new AppError('token_invalid') : error
    })
  if (!row) throw new AppError('token_invalid')
  if (row.outcome === 'conflict') throw new AppError('client_id_reused')
  return {
    outcome: row.outcome,
    id: row.message_id,
    conversationId: row.conversation_id,
    sequence: Number(row.sequence),
    createdAt: row.created_at,
  }
}
