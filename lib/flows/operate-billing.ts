/** The operator looks at who pays and what was earned, and has an event acted on once more. */
import { type Operation, readOperation, replayStripeEvent } from '@/lib/features/billing/operator'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { requireOperator } from '@/lib/features/identity/operator'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export interface OperatedBilling extends Operation {
  provider: 'demo' | 'stripe'
}

/** @throws forbidden */
export function readOperatedBilling(ctx: Ctx): Promise<OperatedBilling> {
  return asSystem(ctx.services, 'billing for the operator', async (tx) => {
    await requireOperator(tx, ctx)
    return { provider: stripeOf(ctx.services) ? 'stripe' : 'demo', ...(await readOperation(tx, ctx.now())) }
  })
}

/** @throws forbidden, not_found */
export function replayEvent(ctx: Ctx, { id }: { id: string }): Promise<void> {
  return asSystem(ctx.services, 'operator replays an event', async (tx) => {
    await requireOperator(tx, ctx)
    await replayStripeEvent(tx, id, ctx.now())
  })
}
