/** Brings conversations back whose snooze has ended. */
import type { Ctx, Services } from '../platform/context'
import { asSystem } from '../platform/db/as-system'
import { inAccount } from '../platform/db/in-account'
import { tell } from '../platform/events/tell'

/** Opens what is due; returns how many. */
export async function wakeSnoozed(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const now = ctxOf('').now()
  const due = await asSystem(services, 'find snoozes that have ended', (tx) =>
    tx.conversation.findMany({
      where: { status: 'snoozed', snoozedUntil: { lte: now } },
      select: { accountId: true, id: true },
      take: 200,
    }),
  )
  let woken = 0
  for (const { accountId, id } of due) {
    const ctx = ctxOf(accountId)
    woken += await inAccount(ctx, async (tx) => {
      const { count } = await tx.conversation.updateMany({
        where: { id, status: 'snoozed', snoozedUntil: { lte: ctx.now() } },
        data: { status: 'open', snoozedUntil: null },
      })
      if (count)
        await tell(tx, ctx, { type: 'conversation.updated', conversationId: id, data: { because: 'snooze_ended' } })
      return count
    })
  }
  return woken
}
