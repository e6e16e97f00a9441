/** The operator looks at who pays and what was earned, whether all is set up for it, and has an event acted on once more. */
import { publicUrl } from '@/lib/core/env'
import { type Operation, readOperation } from '@/lib/features/billing/operator'
import {
  type AccountPage,
  type EventPage,
  listAccounts,
  listStripeEvents,
  replayStripeEvent,
  type StripeEventRow,
} from '@/lib/features/billing/operator-lists'
import { readSetUp, type SetUp } from '@/lib/features/billing/set-up'
import { isBilled, stripeForPerson } from '@/lib/features/billing/stripe-client'
import { requireOperator } from '@/lib/features/identity/operator'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import type { Tx } from '@/lib/platform/db/in-account'

export interface OperatedBilling extends Operation {
  provider: 'demo' | 'stripe'
}

const asOperator = <T>(ctx: Ctx, reason: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  asSystem(ctx.services, reason, async (tx) => {
    await requireOperator(tx, ctx)
    return work(tx)
  })

/** @throws forbidden */
export function readOperatedBilling(ctx: Ctx): Promise<OperatedBilling> {
  const provider = isBilled(ctx.services) ? 'stripe' : 'demo'
  return asOperator(ctx, 'billing for the operator', async (tx) => ({
    provider,
    ...(await readOperation(tx, ctx.now())),
  }))
}

/** Whether customers can pay: asks Stripe, and changes nothing there. @throws forbidden */
export async function checkSetUp(ctx: Ctx): Promise<SetUp> {
  await asOperator(ctx, 'how billing is set up', async () => {})
  const { services } = ctx
  const stripe = stripeForPerson(services)
  return stripe ? readSetUp(stripe, services, publicUrl(services.env)) : { troubles: [], changes: [] }
}

/** @throws forbidden */
export function findAccounts(ctx: Ctx, { search, before }: { search: string; before?: string }): Promise<AccountPage> {
  return asOperator(ctx, 'accounts for the operator', (tx) => listAccounts(tx, ctx.now(), search, before ?? null))
}

/** @throws forbidden */
export function findEvents(
  ctx: Ctx,
  { state, before }: { state?: StripeEventRow['state']; before?: string },
): Promise<EventPage> {
  return asOperator(ctx, 'events of Stripe for the operator', (tx) =>
    listStripeEvents(tx, state ?? null, before ?? null),
  )
}

/** @throws forbidden, not_found */
export function replayEvent(ctx: Ctx, { id }: { id: string }): Promise<void> {
  return asOperator(ctx, 'operator replays an event', (tx) => replayStripeEvent(tx, id, ctx.now()))
}
