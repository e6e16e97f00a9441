/** A person says what a message is about, how it sounds or how urgent it is; the conversation's label follows. */

import { AppError } from '@/lib/core/errors'
import { sentiments, urgencies } from '@/lib/core/ports'
import { canCorrect, requireMember } from '@/lib/features/accounts/permissions'
import { type LockedConversation, lockConversation } from '@/lib/features/conversations/change'
import { followLabel } from '@/lib/features/conversations/follow-label'
import { intentsInPlaceOf, isUsed, listIntents } from '@/lib/features/intents/read'
import { buryUnsaid } from '@/lib/features/learning/erase'
import {
  addCorrection,
  type CorrectedField,
  type CorrectedMessage,
  findCorrectable,
  findCorrection,
  readEffective,
  retractCorrection,
} from '@/lib/features/predictions/corrections'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

export interface Corrected {
  conversationId: string
  messageId: string
  field: CorrectedField
  /** For taking it back; null when a person's word said so already. */
  correctionId: string | null
  previous: string | null
  value: string | null
}

/** @throws invalid_input for a word that is none of the field's */
export async function refuseUnknown(tx: Tx, ctx: Ctx, field: CorrectedField, value: string): Promise<void> {
  const known =
    field === 'intent'
      ? isUsed(await listIntents(tx, ctx), value)
      : (field === 'sentiment' ? (sentiments as readonly string[]) : (urgencies as readonly string[])).includes(value)
  if (!known) throw new AppError('invalid_input', { field: 'value' })
}

/** The conversation is locked before its message is read again: the order every writer keeps. */
async function lockMessage(tx: Tx, ctx: Ctx, messageId: string): Promise<[LockedConversation, CorrectedMessage]> {
  const message = await findCorrectable(tx, messageId)
  return [await lockConversation(tx, ctx, message.conversationId), message]
}

/** The conversation shows what holds for the message now. */
export async function follow(
  tx: Tx,
  ctx: Ctx,
  now: LockedConversation,
  message: CorrectedMessage,
  field: CorrectedField,
) {
  const label = await readEffective(tx, message.id, field)
  // What a model said before an intent was merged is called by its new name, as in every list.
  if (field === 'intent' && label.value && !label.corrected)
    label.value = (await intentsInPlaceOf(tx, ctx, [label.value]))(label.value)
  await followLabel(tx, now, message, { field, ...label })
  await tell(tx, ctx, {
    type: 'conversation.updated',
    conversationId: now.id,
    messageId: message.id,
    data: { because: 'corrected' },
  })
  return label.value
}

/** Saying what the model said already confirms it: that is stored too. @throws not_found, invalid_input */
export async function correctLabel(
  ctx: Ctx,
  { messageId, field, value }: { messageId: string; field: CorrectedField; value: string },
): Promise<Corrected> {
  const { membershipId } = requireMember(ctx, canCorrect)
  return inAccount(ctx, async (tx) => {
    await refuseUnknown(tx, ctx, field, value)
    const [now, message] = await lockMessage(tx, ctx, messageId)
    const before = await readEffective(tx, messageId, field)
    const answer = { conversationId: now.id, messageId, field, previous: before.value, value }
    if (before.corrected && before.value === value) return { ...answer, correctionId: null }
    const what = { messageId, field, was: before.value, now: value, authorId: membershipId }
    const correctionId = await addCorrection(tx, ctx, what)
    await follow(tx, ctx, now, message, field)
    return { ...answer, correctionId }
  })
}

/** Takes back a correction of one's own. @throws not_found, conflict */
export async function undoCorrection(ctx: Ctx, { correctionId }: { correctionId: string }): Promise<Corrected> {
  const { membershipId } = requireMember(ctx, canCorrect)
  return inAccount(ctx, async (tx) => {
    const { messageId, field } = await findCorrection(tx, correctionId, membershipId)
    const [now, message] = await lockMessage(tx, ctx, messageId)
    const before = await readEffective(tx, messageId, field)
    await retractCorrection(tx, ctx, correctionId)
    // Nobody learns what was taken back: datasets that hold that word have a gap from now on.
    if (field === 'intent') await buryUnsaid(tx, ctx, [messageId])
    const value = await follow(tx, ctx, now, message, field)
    return { conversationId: now.id, messageId, field, correctionId: null, previous: before.value, value }
  })
}
