/** Reads pages of a transcript: messages opened with the contact's key, each with what the model and people said about it. */

import type { AttachedFile } from '@/lib/core/attachment'
import { AppError } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'
import type { FlagReason } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { Box } from '@/lib/platform/crypto/vault'
import { callInAccount } from '@/lib/platform/db/in-account'
import { type ActivityLine, lineOf } from './activity'
import type { TranscriptInput } from './input'
import { openOr } from './row'
import { about } from './sealed'

export type CorrectedField = 'intent' | 'sentiment' | 'urgency'

export interface MessagePrediction {
  modelVersion: string
  intent: string
  intentProbability: number
  /** False when the text lies outside what the model knows: it abstains. */
  inScope: boolean
  sentiment: 'negative' | 'neutral' | 'positive'
  sentimentProbability: number
  /** −1 … 1 */
  sentimentScore: number
  language: string
  languageProbability: number
  urgency: 'low' | 'normal' | 'high'
  urgencyProbability: number
  latencyMs: number
}

/** A person's word on one label; the newest of a field is what holds. */
export interface MessageCorrection {
  id: string
  field: CorrectedField
  was: string | null
  now: string
  authorId: string
  createdAt: string
}

export interface DeskMessage {
  id: string
  sequence: number
  kind: 'incoming' | 'outgoing' | 'activity'
  private: boolean
  author: { id: string; name: string } | null
  clientId: string | null
  /** Null for activity lines, and for a text that cannot be opened. */
  text: string | null
  activity: ActivityLine | null
  createdAt: string
  labelState: 'none' | 'pending' | 'labelled'
  prediction: MessagePrediction | null
  corrections: MessageCorrection[]
  /** Why somebody sent it to the review, as long as that is not settled. */
  flag: FlagReason | null
  attachments: AttachedFile[]
}

export interface TranscriptPage {
  /** In sequence order, oldest first. */
  messages: DeskMessage[]
  /** True when there are more in the direction that was asked for. */
  more: boolean
}

interface Stored {
  id: string
  sequence: string
  kind: DeskMessage['kind']
  private: boolean
  author_id: string | null
  author_name: string | null
  client_id: string | null
  body: Uint8Array | null
  activity: unknown
  label_state: DeskMessage['labelState']
  created_at: Date
  prediction: Record<string, unknown> | null
  corrections: MessageCorrection[] | null
  attachments: unknown
  flag: FlagReason | null
}

const pageSql = { name: 'desk_messages', text: 'SELECT * FROM desk_messages($1, $2, $3, $4, $5::uuid[], $6)' }

function predictionOf(stored: Record<string, unknown>): MessagePrediction {
  return {
    modelVersion: String(stored.model_version),
    intent: String(stored.intent),
    intentProbability: Number(stored.intent_probability),
    inScope: Boolean(stored.in_scope),
    sentiment: stored.sentiment as MessagePrediction['sentiment'],
    sentimentProbability: Number(stored.sentiment_probability),
    sentimentScore: Number(stored.sentiment_score),
    language: String(stored.language),
    languageProbability: Number(stored.language_probability),
    urgency: stored.urgency as MessagePrediction['urgency'],
    urgencyProbability: Number(stored.urgency_probability),
    latencyMs: Number(stored.latency_ms),
  }
}

/** Opens the files of a message; how is known to their own feature. */
export type OpenFiles = (stored: unknown, box: Box) => AttachedFile[]

function openMessage(row: Stored, box: Box, openFiles: OpenFiles): DeskMessage {
  const { body } = row
  return {
    id: row.id,
    sequence: Number(row.sequence),
    kind: row.kind,
    private: row.private,
    author: row.author_id ? { id: row.author_id, name: row.author_name ?? '' } : null,
    // A client id is its sender's own: only messages of the desk carry it here.
    clientId: row.kind === 'outgoing' ? row.client_id : null,
    text: body ? openOr(null, () => box.open(body, about.body(row.id))) : null,
    activity: lineOf(row.activity),
    createdAt: row.created_at.toISOString(),
    labelState: row.label_state,
    prediction: row.prediction ? predictionOf(row.prediction) : null,
    corrections: (row.corrections ?? []).map((each) => ({
      ...each,
      createdAt: new Date(each.createdAt).toISOString(),
    })),
    flag: row.flag,
    attachments: openFiles(row.attachments, box),
  }
}

/** The newest page, an older one (`before`), what came later (`after`), or chosen messages (`ids`). */
export async function readMessages(
  ctx: Ctx,
  box: Box,
  openFiles: OpenFiles,
  conversationId: string,
  { before, after, ids, limit = 40 }: TranscriptInput,
): Promise<TranscriptPage> {
  if (!isId(conversationId)) throw new AppError('not_found')
  const rows = await callInAccount<Stored>(ctx.services, pageSql, [
    ctx.accountId,
    conversationId,
    before ?? null,
    after ?? null,
    ids ?? null,
    limit + 1,
  ])
  const more = !ids && rows.length > limit
  const page = !more ? rows : after === undefined ? rows.slice(1) : rows.slice(0, limit)
  return { messages: page.map((row) => openMessage(row, box, openFiles)), more }
}
