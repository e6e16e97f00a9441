/** A conversation is resolved, opened again, or left pending. */
import { canChangeStatus, requireMember } from '@/lib/features/accounts/permissions'
import { applyChange, type Changed, lockConversation, refuseSuperseded } from '@/lib/features/conversations/change'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** Snoozing has a flow of its own, since it needs a time. @throws not_found, conversation_superseded */
export async function setStatus(
  ctx: Ctx,
  { id, status }: { id: string; status: 'open' | 'pending' | 'resolved' },
): Promise<Changed> {
  requireMember(ctx, canChangeStatus)
  return inAccount(ctx, async (tx) => {
    const now = await lockConversation(tx, ctx, id)
    if (status !== 'resolved') refuseSuperseded(now)
    if (now.status === status) return applyChange(tx, ctx, now, {}, null)
    const ended = status === 'resolved' ? { waitingSince: null, needsPerson: false } : {}
    const set = {
      status,
      snoozedUntil: null,
      resolvedAt: status === 'resolved' ? ctx.now().toISOString() : null,
      ...ended,
    }
    return applyChange(tx, ctx, now, set, { type: 'status', from: now.status, to: status })
  })
}
