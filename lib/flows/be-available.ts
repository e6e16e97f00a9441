/** A member with an open desk says whether new work may be given to them. */
import { requireMember } from '../features/accounts/permissions'
import { forgetRouting } from '../features/routing/read'
import type { Ctx } from '../platform/context'
import { inAccount } from '../platform/db/in-account'
import { tell } from '../platform/events/tell'

export type Availability = 'online' | 'away'

export async function beAvailable(ctx: Ctx, { availability }: { availability: Availability }): Promise<void> {
  const { membershipId: id } = requireMember(ctx)
  await inAccount(ctx, async (tx) => {
    await tx.membership.updateMany({ where: { id }, data: { availability } })
    await tell(tx, ctx, { type: 'member.updated', data: { memberId: id, change: 'availability' } })
  })
  forgetRouting(ctx.accountId)
}
