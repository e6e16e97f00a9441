/** Takes back a change of one's own: the columns and labels it replaced return, its line goes. */
import { canAssign, requireMember } from '@/lib/features/accounts/permissions'
import type { Changed } from '@/lib/features/conversations/change'
import { undoChange as undo } from '@/lib/features/conversations/undo'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** @throws not_found, conflict when somebody changed the same since, conversation_superseded */
export async function undoChange(ctx: Ctx, { id, changeId }: { id: string; changeId: string }): Promise<Changed> {
  requireMember(ctx, canAssign)
  return inAccount(ctx, (tx) => undo(tx, ctx, id, changeId))
}
