/** Demo billing: subscriptions that begin, change and end like paid ones, while no money moves. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import type { PlanChoice } from './input'
import { type AddOn, includesAddOn, trialDays } from './plans'
import type { Provider } from './provider'
import { countSeats, readSubscription } from './read'
import { periodAfter, type Subscription, waitsForTrial } from './rules'

const day = 86_400_000

/** One change of an account's billing at a time. */
export async function lockBilling(tx: Tx, ctx: Ctx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('plan ' || ${ctx.accountId}, 0))`
}

async function keep(tx: Tx, ctx: Ctx, subscription: Subscription): Promise<void> {
  const { accountId } = ctx
  // What a message beyond the plan, or a person, cost elsewhere is no matter here.
  const row = await tx.subscription.findUnique({ where: { accountId }, select: { addOns: true } })
  const addOns = (row?.addOns ?? []).filter((one) => !includesAddOn(subscription.plan, one as AddOn))
  const data = { provider: 'demo', ...subscription, overage: null, each: null, addOns, updatedAt: ctx.now() }
  await tx.subscription.upsert({
    where: { accountId },
    create: { accountId, ...data, createdAt: ctx.now() },
    update: data,
    select: { accountId: true },
  })
}

const over = (subscription: Subscription | null) => !subscription || subscription.state === 'canceled'

/** The first subscription of an account begins with a trial; another plan later holds at once and keeps the period's end. */
export async function choosePlan(tx: Tx, ctx: Ctx, choice: PlanChoice, seats: number): Promise<void> {
  await lockBilling(tx, ctx)
  const [now, current] = [ctx.now(), await readSubscription(tx, ctx)]
  const fresh = { ...choice, seats, cancelAtPeriodEnd: false, pastDueSince: null, periodStart: now }
  if (!current) {
    const trialEnd = new Date(now.getTime() + trialDays * day)
    return keep(tx, ctx, { ...fresh, state: 'trialing', periodEnd: trialEnd, trialEnd })
  }
  if (!over(current) && (current.state === 'trialing' || current.interval === choice.interval))
    return keep(tx, ctx, { ...current, ...choice, seats, cancelAtPeriodEnd: false })
  await keep(tx, ctx, { ...fresh, state: 'active', trialEnd: null, periodEnd: periodAfter(now, choice.interval, 1) })
}

async function endAtPeriod(tx: Tx, ctx: Ctx, ends: boolean): Promise<void> {
  await lockBilling(tx, ctx)
  const current = await readSubscription(tx, ctx)
  if (!current || over(current)) throw new AppError('not_found')
  await keep(tx, ctx, { ...current, cancelAtPeriodEnd: ends })
}

/**
 * Where money moves now, what was taken while none did ends, after as long as a trial. Null: there is none, or it ends already.
 */
export async function endUnpaidFor(tx: Tx, ctx: Ctx): Promise<Subscription | null> {
  await lockBilling(tx, ctx)
  const row = await tx.subscription.findUnique({ where: { accountId: ctx.accountId }, select: { provider: true } })
  const current = await readSubscription(tx, ctx)
  if (!current || row?.provider !== 'demo' || over(current) || current.cancelAtPeriodEnd) return null
  const ends = { ...current, cancelAtPeriodEnd: true, periodEnd: new Date(ctx.now().getTime() + trialDays * day) }
  await keep(tx, ctx, ends)
  return ends
}

export const demoProvider: Provider = {
  name: 'demo',
  choose: (ctx, choice, note) =>
    inAccount(ctx, async (tx) => {
      await choosePlan(tx, ctx, choice, await countSeats(tx, ctx))
      await note(tx)
      return null
    }),
  end: (ctx, ends, note) =>
    inAccount(ctx, async (tx) => {
      await endAtPeriod(tx, ctx, ends)
      await note(tx)
    }),
  addOn: (ctx, name, on, note) =>
    inAccount(ctx, async (tx) => {
      await lockBilling(tx, ctx)
      const current = await readSubscription(tx, ctx)
      if (over(current)) throw new AppError('not_found')
      if (on && waitsForTrial(name, current?.state)) throw new AppError('service_trial')
      const where = { accountId: ctx.accountId }
      const { addOns } = await tx.subscription.findUniqueOrThrow({ where, select: { addOns: true } })
      const rest = addOns.filter((one) => one !== name)
      await tx.subscription.update({ where, data: { addOns: on ? [...rest, name] : rest } })
      await note(tx)
    }),
  // There is no page where one could pay.
  portal: async () => {
    throw new AppError('not_found')
  },
}
