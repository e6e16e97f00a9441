/** A conversation gets an owner, or none. */
import { AppError } from '@/lib/core/errors'
import { canAssign, canReply, requireMember } from '@/lib/features/accounts/permissions'
import type { Named } from '@/lib/features/conversations/activity'
import { applyChange, type Changed, lockConversation } from '@/lib/features/conversations/change'
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { isWaiting } from './standing'

async function memberNamed(tx: Tx, id: string | null): Promise<(Named & { works: boolean }) | null> {
  if (!id) return null
  const row = await tx.membership.findFirst({
    where: { id },
    select: { role: true, disabledAt: true, user: { select: { name: true } } },
  })
  return row && { id, name: row.user.name, works: !row.disabledAt && canReply({ role: row.role as Role }) }
}

const named = (member: Named | null): Named | null => member && { id: member.id, name: member.name }

/** @throws not_found, invalid_input when the member cannot answer visitors, or is beyond the people that the plan includes */
export async function assignConversation(
  ctx: Ctx,
  { id, assigneeId }: { id: string; assigneeId: string | null },
): Promise<Changed> {
  requireMember(ctx, canAssign)
  const waits = assigneeId !== null && (await isWaiting(ctx, assigneeId))
  return inAccount(ctx, async (tx) => {
    const now = await lockConversation(tx, ctx, id)
    if (now.assigneeId === assigneeId) return applyChange(tx, ctx, now, {}, null)
    const to = await memberNamed(tx, assigneeId)
    if (assigneeId && (waits || !to?.works)) throw new AppError('invalid_input', { field: 'assigneeId' })
    const from = await memberNamed(tx, now.assigneeId)
    const set = { assigneeId, ...(assigneeId ? { needsPerson: false } : {}) }
    return applyChange(tx, ctx, now, set, { type: 'assigned', from: named(from), to: named(to) })
  })
}
