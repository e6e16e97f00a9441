/** An owner says who works where the plan includes fewer people than the account has: one gets a place, and the last one gives way. */
import { AppError } from '@/lib/core/errors'
import { canManageBilling, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { lockBilling } from '@/lib/features/billing/lock'
import { beyond, givesWay, keepPlace, readPlaced } from '@/lib/features/billing/places'
import { readSubscription } from '@/lib/features/billing/read'
import { toEntitlements } from '@/lib/features/billing/rules'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { forgetStanding } from './standing'

/** @throws not_found (nobody of that id waits), seat_none */
export async function givePlace(ctx: Ctx, { id }: { id: string }): Promise<void> {
  requireMember(ctx, canManageBilling)
  await inAccount(ctx, async (tx) => {
    await lockBilling(tx, ctx)
    const { limits } = toEntitlements(await readSubscription(tx, ctx), ctx.now())
    const members = await readPlaced(tx, ctx)
    if (limits.seats === null || !beyond(members, limits.seats).some((one) => one.id === id))
      throw new AppError('not_found')
    const other = givesWay(members, limits.seats, id)
    if (!other) throw new AppError('seat_none')
    await keepPlace(tx, ctx, id)
    await tell(tx, ctx, { type: 'member.updated', data: { memberId: id, change: 'place' } })
    await record(tx, ctx, { act: 'member.place_given', thingId: id, facts: { other: other.id } })
  })
  forgetStanding(ctx.accountId)
}
