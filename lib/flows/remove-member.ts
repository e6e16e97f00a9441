/** Takes a member out of the account (or lets them leave): their desk closes within a second, their open work is free again. */

import { AppError } from '@/lib/core/errors'
import { canManage, requireMember } from '@/lib/features/accounts/permissions'
import { endMember } from '@/lib/features/accounts/write'
import { record } from '@/lib/features/audit/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { forgetStanding, requirePaid } from './standing'

/** Fewer people cost less, so an account that owes may have them. @throws forbidden, seat_waits, not_found, last_owner */
export async function removeMember(ctx: Ctx, input: { id: string }): Promise<void> {
  const actor = requireMember(ctx)
  if (input.id !== actor.membershipId) await requirePaid(ctx, { whileUnpaid: true })
  await inAccount(ctx, async (tx) => {
    await endMember(tx, ctx, input.id, (member) => {
      if (member.id !== actor.membershipId && !canManage(actor, member)) throw new AppError('forbidden')
    })
    await tx.conversation.updateMany({
      where: { assigneeId: input.id, status: { not: 'resolved' } },
      data: { assigneeId: null },
    })
    await tell(tx, ctx, { type: 'member.updated', data: { memberId: input.id, change: 'removed' } })
    await record(tx, ctx, { act: 'member.removed', thingId: input.id })
  })
  // Somebody who waited may have the place now.
  forgetStanding(ctx.accountId)
}
