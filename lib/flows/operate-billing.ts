/** The operator looks at who pays and what was earned, whether all is set up for it, and has an event acted on once more. */
import { stringify } from 'csv-stringify/sync'
import { publicUrl } from '@/lib/core/env'
import { listMonths } from '@/lib/features/billing/months'
import { type Operation, readOperation } from '@/lib/features/billing/operator'
import {
  type AccountPage,
  type EventPage,
  listAccounts,
  listStripeEvents,
  replayStripeEvent,
  type StripeEventRow,
  type Wanted,
} from '@/lib/features/billing/operator-lists'
import { currencies } from '@/lib/features/billing/plans'
import { noRevenue, ways } from '@/lib/features/billing/revenue'
import { readSetUp, type SetUp } from '@/lib/features/billing/set-up'
import { isBilled, isTestMode, stripeForPerson } from '@/lib/features/billing/stripe-client'
import { requireOperator } from '@/lib/features/identity/operator'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import type { Tx } from '@/lib/platform/db/in-account'

export interface OperatedBilling extends Operation {
  provider: 'demo' | 'stripe'
  /** Stripe's test mode: its pages are others. */
  testMode: boolean
}

const asOperator = <T>(ctx: Ctx, reason: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  asSystem(ctx.services, reason, async (tx) => {
    await requireOperator(tx, ctx)
    return work(tx)
  })

/** @param month any time in the month whose money is shown @throws forbidden */
export function readOperatedBilling(ctx: Ctx, { month }: { month?: Date } = {}): Promise<OperatedBilling> {
  const provider = isBilled(ctx.services) ? 'stripe' : 'demo'
  return asOperator(ctx, 'billing for the operator', async (tx) => ({
    provider,
    testMode: isTestMode(ctx.services),
    ...(await readOperation(tx, ctx.now(), month)),
  }))
}

/** Months that the file of revenue goes back. */
const most = 24

/** What was paid in each month, by way and currency, and the plans that began and ended, as CSV; the newest first. @throws forbidden */
export async function exportRevenue(ctx: Ctx): Promise<string> {
  const months = await asOperator(ctx, 'revenue as a file', (tx) => listMonths(tx, ctx.now(), most))
  const rows = months.flatMap(({ month, paid, began, ended }) =>
    currencies.map((currency) => {
      const by = paid[currency] ?? noRevenue()
      const total = ways.reduce((sum, way) => sum + by[way], 0)
      const money = [...ways.map((way) => by[way]), total].map((amount) => (amount / 100).toFixed(2))
      return [month.toISOString().slice(0, 7), currency.toUpperCase(), ...money, began, ended]
    }),
  )
  return stringify([['month', 'currency', ...ways, 'total', 'plans_begun', 'plans_ended'], ...rows])
}

/** Whether customers can pay: asks Stripe, and changes nothing there. @throws forbidden */
export async function checkSetUp(ctx: Ctx): Promise<SetUp> {
  await asOperator(ctx, 'how billing is set up', async () => {})
  const { services } = ctx
  const stripe = stripeForPerson(services)
  return stripe ? readSetUp(stripe, services, publicUrl(services.env)) : { troubles: [], changes: [], lacks: [] }
}

/** @throws forbidden */
export function findAccounts(ctx: Ctx, { before, ...wanted }: Wanted & { before?: string }): Promise<AccountPage> {
  return asOperator(ctx, 'accounts for the operator', (tx) => listAccounts(tx, ctx.now(), wanted, before ?? null))
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
