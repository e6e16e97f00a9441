/** A label goes, and comes off its conversations; for a day it can come back with all of them. */

import { canManageLabels, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { removeLabel } from '@/lib/features/labels/write'
import { keepUndo } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

export async function deleteLabel(
  ctx: Ctx,
  { id }: { id: string },
): Promise<{ undoId: string; conversations: number }> {
  requireMember(ctx, canManageLabels)
  return inAccount(ctx, async (tx) => {
    const removed = await removeLabel(tx, ctx, id)
    const undoId = await keepUndo(tx, ctx, 'label', removed)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'labels', labelId: id } })
    await record(tx, ctx, { act: 'label.deleted', thingId: id, facts: { name: removed.name } })
    return { undoId, conversations: removed.conversationIds.length }
  })
}
