/** Says once a month that the plan's labels are used up, and what brings them back: owners by mail, the desk by its banner. */
import { countMessages, isManaged, readSubscription } from '@/lib/features/billing/read'
import { billablePrice, monthOf, moreLabels, toEntitlements } from '@/lib/features/billing/rules'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { tellOwners } from './tell-owners'

export async function tellUsedUp(ctx: Ctx): Promise<void> {
  const month = monthOf(ctx.now())
  await inAccount(ctx, async (tx) => {
    const subscription = await readSubscription(tx, ctx)
    const entitlements = toEntitlements(subscription, ctx.now())
    const more = moreLabels(entitlements, (await isManaged(tx, ctx)) ? billablePrice(subscription) : null)
    const count = await countMessages(tx, ctx, month)
    const cause = `labels used up ${ctx.accountId} ${month.start.toISOString()}`
    if (await tellOwners(tx, ctx, 'labelsUsedUp', cause, { plan: entitlements.plan, count, date: month.end, more }))
      await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
  })
}
