/** A person sends a message to the review: its label is wrong, or somebody should look. */

import type { FlagReason } from '@/lib/core/learning'
import { canCorrect, requireMember } from '@/lib/features/accounts/permissions'
import { addFlag, removeFlag } from '@/lib/features/learning/flags'
import { findCorrectable } from '@/lib/features/predictions/corrections'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** @throws not_found */
export async function flagMessage(
  ctx: Ctx,
  { messageId, reason }: { messageId: string; reason: FlagReason },
): Promise<void> {
  const { membershipId } = requireMember(ctx, canCorrect)
  await inAccount(ctx, async (tx) => {
    const { conversationId } = await findCorrectable(tx, messageId)
    await addFlag(tx, ctx, { messageId, reason, authorId: membershipId })
    await flagged(tx, ctx, { conversationId, messageId })
  })
}

/** Takes it back. @throws not_found */
export async function unflagMessage(ctx: Ctx, { messageId }: { messageId: string }): Promise<void> {
  requireMember(ctx, canCorrect)
  await inAccount(ctx, async (tx) => {
    const { conversationId } = await findCorrectable(tx, messageId)
    await removeFlag(tx, ctx, messageId)
    await flagged(tx, ctx, { conversationId, messageId })
  })
}

/** Whoever has the conversation open sees the mark come and go. */
const flagged = (tx: Tx, ctx: Ctx, message: { conversationId: string; messageId: string }) =>
  tell(tx, ctx, { type: 'conversation.updated', ...message, data: { because: 'flagged' } })
