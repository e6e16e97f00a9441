/** The review queue: what to label next, and what to leave out of it. Labels themselves are corrections. */
import type { ReviewedState, ReviewReason } from '@/lib/core/learning'
import { canCorrect, requireMember } from '@/lib/features/accounts/permissions'
import { discardFromReview, listReview, type ReviewItem, restoreToReview } from '@/lib/features/learning/review'
import { type Answered, answeredByOthers, listReviewed, type Reviewed } from '@/lib/features/learning/reviewed'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

/** A sitting. */
const most = 60

/** All of it, or one reason alone, or what the model takes for one intent. */
export async function readReview(
  ctx: Ctx,
  { reason, intent }: { reason?: ReviewReason | undefined; intent?: string | undefined } = {},
): Promise<{ items: ReviewItem[]; left: number }> {
  requireMember(ctx, canCorrect)
  const vault = await accountVault(ctx)
  return inAccount(ctx, (tx) => listReview(tx, ctx, vault, { most, reason, said: intent }))
}

/** What people have labelled or put aside, the newest first. */
export async function readReviewed(
  ctx: Ctx,
  { state, skip = 0 }: { state: ReviewedState; skip?: number },
): Promise<{ items: Reviewed[]; more: boolean }> {
  requireMember(ctx, canCorrect)
  const vault = await accountVault(ctx)
  return inAccount(ctx, (tx) => listReviewed(tx, ctx, vault, { state, skip, most }))
}

/** @returns what others had answered meanwhile, which stays as they said it */
export async function discardReview(
  ctx: Ctx,
  { messageIds, unlessAnswered = false }: { messageIds: readonly string[]; unlessAnswered?: boolean },
): Promise<{ answered: Answered[] }> {
  const { membershipId: authorId } = requireMember(ctx, canCorrect)
  return inAccount(ctx, async (tx) => {
    const answered = unlessAnswered ? await answeredByOthers(tx, ctx, { messageIds, authorId }) : []
    const left = messageIds.filter((id) => !answered.some(({ messageId }) => messageId === id))
    await discardFromReview(tx, ctx, { messageIds: left, authorId })
    return { answered }
  })
}

export async function restoreReview(ctx: Ctx, { messageIds }: { messageIds: readonly string[] }): Promise<void> {
  requireMember(ctx, canCorrect)
  await inAccount(ctx, (tx) => restoreToReview(tx, ctx, messageIds))
}
