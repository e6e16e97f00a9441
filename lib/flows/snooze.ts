/** A conversation leaves the list until a moment, or until the visitor writes again. */
import { AppError } from '@/lib/core/errors'
import { canChangeStatus, requireMember } from '@/lib/features/accounts/permissions'
import { applyChange, type Changed, lockConversation, refuseSuperseded } from '@/lib/features/conversations/change'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** @throws not_found, snooze_in_past, conversation_superseded */
export async function snoozeConversation(ctx: Ctx, { id, until }: { id: string; until: Date }): Promise<Changed> {
  requireMember(ctx, canChangeStatus)
  if (until.getTime() <= ctx.now().getTime()) throw new AppError('snooze_in_past')
  return inAccount(ctx, async (tx) => {
    const now = await lockConversation(tx, ctx, id)
    refuseSuperseded(now)
    const set = { status: 'snoozed', snoozedUntil: until.toISOString(), resolvedAt: null } as const
    return applyChange(tx, ctx, now, set, { type: 'snoozed', from: now.status, until: until.toISOString() })
  })
}
