/** An agent is there while a desk of theirs is open: routing gives work to people who are there. */
import type { Ctx } from '../platform/context'
import { inAccount } from '../platform/db/in-account'
import { isWaiting } from './standing'

/** How long a sign of life holds, and what a closed desk leaves (a reload must not make anyone absent), seconds. */
export const presenceHolds = 45
const presenceLingers = 10

/** Writes that the acting member is there; `leaving` lets the sign run out soon. */
export async function bePresent(ctx: Ctx, leaving = false): Promise<void> {
  if (ctx.actor.kind !== 'member') return
  // Who may only read is not there for work, not even for a moment.
  const waits = await isWaiting(ctx, ctx.actor.membershipId)
  const until = waits ? null : new Date(ctx.now().getTime() + (leaving ? presenceLingers : presenceHolds) * 1_000)
  await inAccount(ctx, (tx) =>
    tx.membership.updateMany({
      where: { id: ctx.actor.kind === 'member' ? ctx.actor.membershipId : '' },
      data: { onlineUntil: until },
    }),
  )
}
