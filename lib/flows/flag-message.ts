/** A person sends a message to the review: its label is wrong, or somebody should look. */

import type { FlagReason } from '@/lib/core/learning'
import { canCorrect, requireMember } from '@/lib/features/accounts/permissions'
import { addFlag, removeFlag } from '@/lib/features/learning/flags'
import { findCorrectable } from '@/lib/features/predictions/corrections'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** @throws not_found */
export async function flagMessage(
  ctx: Ctx,
  { messageId, reason }: { messageId: string; reason: FlagReason },
): Promise<void> {
  const { membershipId } = requireMember(ctx, canCorrect)
  await inAccount(ctx, async (tx) => {
    await findCorrectable(tx, messageId)
    await addFlag(tx, ctx, { messageId, reason, authorId: membershipId })
  })
}

/** Takes it back. */
export async function unflagMessage(ctx: Ctx, { messageId }: { messageId: string }): Promise<void> {
  requireMember(ctx, canCorrect)
  await inAccount(ctx, (tx) => removeFlag(tx, ctx, messageId))
}
