/** The review queue: what to label next, and what to leave out of it. Labels themselves are corrections. */
import type { ReviewedState, ReviewReason } from '@/lib/core/learning'
import { canCorrect, requireMember } from '@/lib/features/accounts/permissions'
import { discardFromReview, listReview, type ReviewItem, restoreToReview } from '@/lib/features/learning/review'
import { listReviewed, type Reviewed } from '@/lib/features/learning/reviewed'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

/** A sitting. */
const most = 60

/** All of it, or one reason alone. */
export async function readReview(
  ctx: Ctx,
  { reason }: { reason?: ReviewReason | undefined } = {},
): Promise<{ items: ReviewItem[] }> {
  requireMember(ctx, canCorrect)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => ({ items: await listReview(tx, ctx, vault, { most, reason }) }))
}

/** What people have labelled or put aside lately. */
export async function readReviewed(ctx: Ctx, { state }: { state: ReviewedState }): Promise<{ items: Reviewed[] }> {
  requireMember(ctx, canCorrect)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => ({ items: await listReviewed(tx, ctx, vault, { state, most }) }))
}

export async function discardReview(ctx: Ctx, { messageIds }: { messageIds: readonly string[] }): Promise<void> {
  const { membershipId } = requireMember(ctx, canCorrect)
  await inAccount(ctx, (tx) => discardFromReview(tx, ctx, { messageIds, authorId: membershipId }))
}

export async function restoreReview(ctx: Ctx, { messageIds }: { messageIds: readonly string[] }): Promise<void> {
  requireMember(ctx, canCorrect)
  await inAccount(ctx, (tx) => restoreToReview(tx, ctx, messageIds))
}
