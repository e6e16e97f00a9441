/** A conversation gets exactly these labels. */
import { AppError } from '@/lib/core/errors'
import { canLabel, requireMember } from '@/lib/features/accounts/permissions'
import { applyChange, type Changed, lockConversation } from '@/lib/features/conversations/change'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export interface Labelled extends Changed {
  labelIds: string[]
  previousLabelIds: string[]
}

/** @throws not_found, invalid_input when a label does not exist */
export async function setLabels(ctx: Ctx, { id, labelIds }: { id: string; labelIds: string[] }): Promise<Labelled> {
  requireMember(ctx, canLabel)
  const wanted = [...new Set(labelIds)].sort()
  return inAccount(ctx, async (tx) => {
    const now = await lockConversation(tx, ctx, id)
    const had = (
      await tx.conversationLabel.findMany({
        where: { conversationId: id },
        select: { labelId: true },
        orderBy: { labelId: 'asc' },
      })
    ).map((each) => each.labelId)
    const adding = wanted.filter((each) => !had.includes(each))
    const removing = had.filter((each) => !wanted.includes(each))
    const answer = { labelIds: wanted, previousLabelIds: had }
    if (!adding.length && !removing.length) return { ...(await applyChange(tx, ctx, now, {}, null)), ...answer }
    const labels = await tx.label.findMany({
      where: { id: { in: [...adding, ...removing] } },
      select: { id: true, name: true },
      orderBy: { name: 'asc' },
    })
    const added = labels.filter((label) => adding.includes(label.id))
    if (added.length !== adding.length) throw new AppError('invalid_input', { field: 'labelIds' })
    await tx.conversationLabel.deleteMany({ where: { conversationId: id, labelId: { in: removing } } })
    await tx.conversationLabel.createMany({
      data: adding.map((labelId) => ({ accountId: ctx.accountId, conversationId: id, labelId })),
      skipDuplicates: true,
    })
    const removed = labels.filter((label) => removing.includes(label.id))
    return { ...(await applyChange(tx, ctx, now, {}, { type: 'labels', added, removed })), ...answer }
  })
}
