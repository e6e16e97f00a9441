/** People's word on what a model said: stored beside it, never over it, so that both can be learned from. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export const correctedFields = ['intent', 'sentiment', 'urgency'] as const
export type CorrectedField = (typeof correctedFields)[number]

/** The label of one field as it holds now. */
export interface Effective {
  value: string | null
  /** Null where a person's word holds. */
  probability: number | null
  corrected: boolean
}

export interface CorrectedMessage {
  id: string
  conversationId: string
  sequence: bigint
}

/** The visitor's message to correct. @throws not_found, for messages of agents too: nobody labelled those */
export async function findCorrectable(tx: Tx, messageId: string): Promise<CorrectedMessage> {
  const row = await tx.message.findFirst({
    where: { id: messageId, kind: 'incoming' },
    select: { id: true, conversationId: true, sequence: true },
  })
  if (!row) throw new AppError('not_found')
  return row
}

/** Those of them that are there and are a visitor's. */
export async function findManyCorrectable(tx: Tx, ids: readonly string[]): Promise<CorrectedMessage[]> {
  return tx.message.findMany({
    where: { id: { in: [...ids] }, kind: 'incoming' },
    select: { id: true, conversationId: true, sequence: true },
  })
}

const said = {
  intent: true,
  intentProbability: true,
  sentiment: true,
  sentimentProbability: true,
  urgency: true,
} as const

/** The newest standing correction wins over the prediction. */
export async function readEffective(tx: Tx, messageId: string, field: CorrectedField): Promise<Effective> {
  const correction = await tx.correction.findFirst({
    where: { messageId, field, undoneAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { now: true },
  })
  if (correction) return { value: correction.now, probability: null, corrected: true }
  const prediction = await tx.prediction.findFirst({ where: { messageId }, select: said })
  if (!prediction) return { value: null, probability: null, corrected: false }
  const probability = field === 'urgency' ? null : prediction[`${field}Probability`]
  return { value: prediction[field], probability, corrected: false }
}

/** What holds as the intent of each message. */
export async function readManyEffective(
  tx: Tx,
  messageIds: readonly string[],
): Promise<Map<string, Pick<Effective, 'value' | 'corrected'>>> {
  const where = { messageId: { in: [...messageIds] } }
  const predictions = await tx.prediction.findMany({ where, select: { messageId: true, intent: true } })
  const corrections = await tx.correction.findMany({
    where: { ...where, field: 'intent', undoneAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { messageId: true, now: true },
  })
  const held = new Map<string, { value: string; corrected: boolean }>()
  for (const { messageId, intent } of predictions) held.set(messageId, { value: intent, corrected: false })
  // A person's later word wins over an earlier one, and any over the model's.
  for (const { messageId, now } of corrections) held.set(messageId, { value: now, corrected: true })
  return held
}

interface CorrectionDraft {
  messageId: string
  field: CorrectedField
  was: string | null
  now: string
  authorId: string
}

/** Stores corrections and returns their ids. */
export async function addCorrections(tx: Tx, ctx: Ctx, drafts: readonly CorrectionDraft[]): Promise<string[]> {
  const rows = drafts.map((what) => ({ accountId: ctx.accountId, id: ctx.newId(), createdAt: ctx.now(), ...what }))
  if (rows.length) await tx.correction.createMany({ data: rows })
  return rows.map(({ id }) => id)
}

/** Stores a correction and returns its id. */
export async function addCorrection(tx: Tx, ctx: Ctx, what: CorrectionDraft): Promise<string> {
  const [id] = await addCorrections(tx, ctx, [what])
  return id as string
}

/** Which message and field a standing correction of the author is about. @throws not_found */
export async function findCorrection(
  tx: Tx,
  id: string,
  authorId: string,
): Promise<{ messageId: string; field: CorrectedField }> {
  const row = await tx.correction.findFirst({
    where: { id, authorId, undoneAt: null },
    select: { messageId: true, field: true },
  })
  if (!row) throw new AppError('not_found')
  return { messageId: row.messageId, field: row.field as CorrectedField }
}

/** Those corrections of the author that still stand. */
export async function findManyStanding(
  tx: Tx,
  ids: readonly string[],
  authorId: string,
): Promise<{ id: string; messageId: string }[]> {
  return tx.correction.findMany({
    where: { id: { in: [...ids] }, authorId, undoneAt: null },
    select: { id: true, messageId: true },
  })
}

/** Takes a correction back; what held before it holds again. @throws conflict when somebody else just did */
export async function retractCorrection(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const { count } = await tx.correction.updateMany({ where: { id, undoneAt: null }, data: { undoneAt: ctx.now() } })
  if (count !== 1) throw new AppError('conflict')
}
