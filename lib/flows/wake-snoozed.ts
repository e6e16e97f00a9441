/** Brings conversations back whose snooze has ended, with a line in the transcript that says so. */
import { applyChange, lockConversation } from '../features/conversations/change'
import type { Ctx, Services } from '../platform/context'
import { asSystem } from '../platform/db/as-system'
import { inAccount } from '../platform/db/in-account'

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
    const changed = await inAccount(ctx, async (tx) => {
      const now = await lockConversation(tx, ctx, id)
      const over = now.status === 'snoozed' && now.snoozedUntil !== null && new Date(now.snoozedUntil) <= ctx.now()
      // Somebody was quicker: it is awake, or sleeps longer.
      return over ? applyChange(tx, ctx, now, { status: 'open', snoozedUntil: null }, { type: 'awake' }) : null
    }).catch((error) => {
      // The others are woken all the same; this one is tried again with the next round.
      services.log.warn({ accountId, id, reason: String(error) }, 'a snooze that ended could not be opened')
      return null
    })
    if (changed) woken++
  }
  return woken
}
