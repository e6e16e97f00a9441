/** How soon a conversation should be answered. */
import { canAssign, requireMember } from '@/lib/features/accounts/permissions'
import type { Priority } from '@/lib/features/conversations/activity'
import { applyChange, type Changed, lockConversation } from '@/lib/features/conversations/change'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** @throws not_found */
export async function setPriority(ctx: Ctx, { id, priority }: { id: string; priority: Priority }): Promise<Changed> {
  requireMember(ctx, canAssign)
  return inAccount(ctx, async (tx) => {
    const now = await lockConversation(tx, ctx, id)
    return applyChange(tx, ctx, now, { priority }, { type: 'priority', from: now.priority, to: priority })
  })
}
