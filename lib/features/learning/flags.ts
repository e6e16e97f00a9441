/** Messages that people sent to the review themselves; a label that is given afterwards settles it. */
import type { FlagReason } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

/** What was taken out of the review is asked about again; the later reason holds. */
export async function addFlag(
  tx: Tx,
  ctx: Ctx,
  { messageId, reason, authorId }: { messageId: string; reason: FlagReason; authorId: string },
): Promise<void> {
  const { accountId } = ctx
  const said = { reason, authorId, createdAt: ctx.now() }
  await tx.reviewFlag.upsert({
    where: { accountId_messageId: { accountId, messageId } },
    create: { accountId, messageId, ...said },
    update: said,
  })
  await tx.reviewDiscard.deleteMany({ where: { accountId, messageId } })
}

export async function removeFlag(tx: Tx, ctx: Ctx, messageId: string): Promise<void> {
  await tx.reviewFlag.deleteMany({ where: { accountId: ctx.accountId, messageId } })
}
