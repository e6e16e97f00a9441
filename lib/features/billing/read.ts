/** Reads what an account pays for and what it has used. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { Line } from './demo-lines'
import { endsWithTrial, hasEnded, type InvoiceState } from './from-stripe'
import type { Charge } from './monthly'
import type { AddOn, Currency, Interval, PlanName } from './plans'
import { advance, allows, type Bought, type Entitlements, type State, type Subscription, toEntitlements } from './rules'
import { isBilled } from './stripe-client'

type Row = Omit<Subscription, 'plan' | 'interval' | 'currency' | 'state'> & {
  provider: string
  plan: string
  interval: string
  currency: string
  state: string
}

export const asStored = (row: Row): Subscription => ({
  // Closed lists: the table's checks hold them.
  plan: row.plan as PlanName,
  interval: row.interval as Interval,
  currency: row.currency as Currency,
  state: row.state as State,
  seats: row.seats,
  periodStart: row.periodStart,
  periodEnd: row.periodEnd,
  trialEnd: row.trialEnd,
  cancelAtPeriodEnd: row.cancelAtPeriodEnd,
  pastDueSince: row.pastDueSince,
  overage: row.overage,
  each: row.each,
})

/** A stored row as it stands now: one that no provider renews moves on by the clock. */
export const toSubscription = (row: Row, now: Date): Subscription =>
  row.provider === 'demo' ? advance(asStored(row), now) : asStored(row)

/** The subscription as it stands now; null for an account that never had one. */
export async function readSubscription(tx: Tx, ctx: Ctx): Promise<Subscription | null> {
  const row = await tx.subscription.findUnique({ where: { accountId: ctx.accountId } })
  return row && toSubscription(row, ctx.now())
}

/** False for a plan from the time of demo billing in an installation that bills through Stripe: nothing is paid for it. */
export async function isManaged(tx: Tx, ctx: Ctx): Promise<boolean> {
  const row = await tx.subscription.findUnique({ where: { accountId: ctx.accountId }, select: { provider: true } })
  return row?.provider !== 'demo' || !isBilled(ctx.services)
}

/** Of a stored row: with a plan that has ended only what is paid on its own goes on. */
export function boughtOf(row: Row & { addOns: string[]; ownAddOns: string[] }, now: Date): Bought {
  const own = row.ownAddOns as AddOn[]
  return { addOns: hasEnded(toSubscription(row, now).state) ? own : (row.addOns as AddOn[]), own }
}

/** What the account bought beside its plan. */
export async function addOnsOf(tx: Tx, ctx: Ctx): Promise<Bought> {
  const row = await tx.subscription.findUnique({ where: { accountId: ctx.accountId } })
  return row ? boughtOf(row, ctx.now()) : { addOns: [], own: [] }
}

/** Labels are counted against a plan: always where money moves, and elsewhere once somebody has taken a plan. */
export const holdsLabels = ({ services }: Pick<Ctx, 'services'>, plan: PlanName): boolean =>
  isBilled(services) || plan !== 'free'

/** A desk that is read-only has the Free plan's labels, and none that would be billed. */
export const labelsFor = ({ readOnly, limits }: Entitlements, labels: number): number =>
  readOnly ? Math.min(labels, limits.messages ?? 0) : labels

/** How an account stands with models made to order: not sold here, not bought, bought and in the plan's trial (which may end the plan), or paid. */
export type ServiceStanding = 'unsold' | 'none' | 'trial' | 'trialEnds' | 'paid'

export async function modelStanding(tx: Tx, ctx: Ctx): Promise<ServiceStanding> {
  const [subscription, bought] = [await readSubscription(tx, ctx), await addOnsOf(tx, ctx)]
  if (allows(toEntitlements(subscription, ctx.now(), bought), 'model')) {
    if (subscription?.state !== 'trialing' || bought.own.includes('model')) return 'paid'
    return endsWithTrial(subscription) ? 'trialEnds' : 'trial'
  }
  return ctx.services.env.LINGXI_ADD_ONS.includes('model') ? 'none' : 'unsold'
}

/** The subscriptions of several accounts, as they stand now. System role. */
export async function subscriptionsOf(tx: Tx, accounts: string[], now: Date): Promise<Map<string, Subscription>> {
  const rows = await tx.subscription.findMany({ where: { accountId: { in: accounts } } })
  return new Map(rows.map((row) => [row.accountId, toSubscription(row, now)]))
}

/** Messages that a model labelled from `start` on, before `end`. */
export function countMessages(tx: Tx, ctx: Ctx, { start, end }: { start: Date; end: Date }): Promise<number> {
  return tx.usageRecord.count({ where: { accountId: ctx.accountId, createdAt: { gte: start, lt: end } } })
}

/** Members who may sign in: what is paid for. */
export function countSeats(tx: Tx, { accountId }: Ctx): Promise<number> {
  return tx.membership.count({ where: { accountId, disabledAt: null } })
}

/** Members and invitations that still hold: what a limit of people counts. */
export async function countPlaces(tx: Tx, ctx: Ctx): Promise<number> {
  const open = { acceptedAt: null, revokedAt: null, expiresAt: { gt: ctx.now() } }
  return (await countSeats(tx, ctx)) + (await tx.invitation.count({ where: { accountId: ctx.accountId, ...open } }))
}

/** What Stripe charges next, as it was read; of what is over and what ends nothing. */
export async function readCharges(tx: Tx, { accountId }: Ctx): Promise<Charge[]> {
  const row = await tx.subscription.findUnique({ where: { accountId }, select: { provider: true, charges: true } })
  if (row?.provider !== 'stripe') return []
  return (row.charges as unknown as (Omit<Charge, 'at'> & { at: string })[]).map(({ at, ...charge }) => ({
    ...charge,
    at: new Date(at),
  }))
}

/** Training runs asked for from `start` on, whatever became of them. */
export function countTrainings(tx: Tx, ctx: Ctx, start: Date): Promise<number> {
  return tx.trainingRun.count({ where: { accountId: ctx.accountId, createdAt: { gte: start } } })
}

export interface ListedInvoice {
  id: string
  number: string | null
  state: InvoiceState
  currency: Currency
  /** Hundredths. */
  total: number
  /** Without what credit from before paid. */
  paid: number
  /** Of an open one, what is left to pay. */
  due: number
  refunded: number
  disputed: boolean
  /** Stripe's page of it. */
  url: string | null
  createdAt: Date
  /** Of demo billing: nobody owes or pays it. */
  demo: boolean
  /** Of those, what is on it. */
  lines: Line[]
}

/** Invoices that are no drafts, the newest first. */
export async function listInvoices(tx: Tx, ctx: Ctx): Promise<ListedInvoice[]> {
  const rows = await tx.invoice.findMany({
    where: { accountId: ctx.accountId, state: { not: 'draft' } },
    orderBy: [{ createdAt: 'desc' }, { stripeId: 'desc' }],
    take: 24,
  })
  return rows.map(
    ({ stripeId, number, total, paid, due, refunded, disputed, url, createdAt, provider, lines, ...row }) => ({
      id: stripeId,
      number,
      state: row.state as InvoiceState,
      currency: row.currency as Currency,
      total,
      paid,
      due: due ?? total - paid,
      refunded,
      disputed,
      url,
      createdAt,
      demo: provider === 'demo',
      // Written by demo billing alone.
      lines: lines as unknown as Line[],
    }),
  )
}
