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

/** Stores a correction and returns its id. */
export async function addCorrection(
  tx: Tx,
  ctx: Ctx,
  what: { messageId: string; field: CorrectedField; was: string | null; now: string; authorId: string },
): Promise<string> {
  const id = ctx.newId()
  await tx.correction.create({
    data: { accountId: ctx.accountId, id, createdAt: ctx.now(), ...what },
    select: { id: true },
  })
  return id
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

/** Takes a correction back; what held before it holds again. @throws conflict when somebody else just did */
export async function retractCorrection(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const { count } = await tx.correction.updateMany({ where: { id, undoneAt: null }, data: { undoneAt: ctx.now() } })
  if (count !== 1) throw new AppError('conflict')
}
