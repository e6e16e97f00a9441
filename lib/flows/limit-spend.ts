/** An owner says what messages beyond the plan may cost a month, and when to be told. */

import { canManageBilling, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { settleDemo } from '@/lib/features/billing/demo-invoices'
import { putDown, saveSpend } from '@/lib/features/billing/metering'
import type { Spend } from '@/lib/features/billing/rules'
import { isBilled } from '@/lib/features/billing/stripe-client'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { type Billing, readBilling } from './read-billing'
import { forgetStanding } from './standing'

export async function limitSpend(ctx: Ctx, spend: Spend): Promise<Billing> {
  requireMember(ctx, canManageBilling)
  await inAccount(ctx, async (tx) => {
    // What was used before counts under the cap that held before.
    await (isBilled(ctx.services) ? putDown(tx, ctx) : settleDemo(tx, ctx))
    await saveSpend(tx, ctx, spend)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
    await record(tx, ctx, { act: 'billing.spend_limited', facts: { ...spend } })
  })
  forgetStanding(ctx.accountId)
  return readBilling(ctx)
}
