/** Ends plans from the time of demo billing once money moves: nobody keeps for nothing what others pay for. Owners are told the day. */
import { record } from '@/lib/features/audit/write'
import { listDemo } from '@/lib/features/billing/customers'
import { endUnpaidFor } from '@/lib/features/billing/provider.demo'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { tellOwners } from './tell-owners'

async function endDemoPlan(ctx: Ctx): Promise<void> {
  await inAccount(ctx, async (tx) => {
    const ends = await endUnpaidFor(tx, ctx)
    if (!ends) return
    const facts = { plan: ends.plan, date: ends.periodEnd }
    await tellOwners(tx, ctx, 'demoEnds', `demo billing ends ${ctx.accountId} ${ends.periodEnd.toISOString()}`, facts)
    await record(tx, ctx, { act: 'billing.plan_ended' })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
  })
}

/** One account's trouble does not keep the others waiting. */
export async function endDemoPlans(services: Services, ctxOf: (accountId: string) => Ctx): Promise<void> {
  for (const accountId of await asSystem(services, 'plans that nobody pays for', listDemo))
    await endDemoPlan(ctxOf(accountId)).catch((error) =>
      services.log.warn({ accountId, reason: String(error) }, 'a plan of demo billing has no end yet'),
    )
}
