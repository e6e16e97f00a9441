/** Demo billing: subscriptions that begin, change, end and are invoiced like paid ones, while no money moves. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { addLines, anchorOf, issue, settleDemo } from './demo-invoices'
import { linesAt, prorated, type Terms, trialLine } from './demo-lines'
import { previewDemo } from './demo-preview'
import type { PlanChoice } from './input'
import { lockBilling } from './lock'
import { type AddOn, includesAddOn, trialDays } from './plans'
import type { Provider } from './provider'
import { addOnsOf, countSeats, readSubscription } from './read'
import { periodAfter, type Subscription, waitsForTrial } from './rules'

const day = 86_400_000

async function keep(tx: Tx, ctx: Ctx, subscription: Subscription, addOns: readonly AddOn[]): Promise<void> {
  const { accountId } = ctx
  // What a message beyond the plan, or a person, cost elsewhere is no matter here.
  const bought = { addOns: [...addOns], ownAddOns: [] }
  const data = { provider: 'demo', ...subscription, overage: null, each: null, ...bought, updatedAt: ctx.now() }
  await tx.subscription.upsert({
    where: { accountId },
    create: { accountId, ...data, createdAt: ctx.now() },
    update: data,
    select: { accountId: true },
  })
}

const over = (subscription: Subscription | null) => !subscription || subscription.state === 'canceled'

/**
 * The first subscription of an account begins with a trial; another plan later holds at once and keeps the period's end, or, where the
 * interval changes, begins a new one. True: the plan was to end, and the change has taken that back.
 * @throws plan_currency
 */
export async function choosePlan(tx: Tx, ctx: Ctx, choice: PlanChoice, seats: number): Promise<boolean> {
  await lockBilling(tx, ctx)
  await settleDemo(tx, ctx)
  const [now, current] = [ctx.now(), await readSubscription(tx, ctx)]
  const { currency } = choice
  const bought = (await addOnsOf(tx, ctx)).addOns
  const addOns = bought.filter((one) => !includesAddOn(choice.plan, one))
  const terms: Terms = { ...choice, seats: Math.max(1, seats), addOns }
  const fresh = { ...choice, seats: terms.seats, cancelAtPeriodEnd: false, pastDueSince: null, periodStart: now }
  if (!current) {
    const trialEnd = new Date(now.getTime() + trialDays * day)
    await keep(tx, ctx, { ...fresh, state: 'trialing', periodEnd: trialEnd, trialEnd }, addOns)
    await issue(tx, ctx, now, currency, [trialLine(terms, now, trialEnd)])
    return false
  }
  const runs = !over(current)
  if (runs && current.currency !== currency) throw new AppError('plan_currency')
  const [before, anchor] = [{ ...current, addOns: bought }, anchorOf(current)]
  if (runs && (current.state === 'trialing' || current.interval === choice.interval)) {
    await keep(tx, ctx, { ...current, ...choice, seats: terms.seats, cancelAtPeriodEnd: false }, addOns)
    if (current.state === 'active') await addLines(tx, ctx, currency, prorated(before, terms, anchor, now))
    return current.cancelAtPeriodEnd
  }
  const periodEnd = periodAfter(now, choice.interval, 1)
  await keep(tx, ctx, { ...fresh, state: 'active', trialEnd: null, periodEnd }, addOns)
  const back = runs ? prorated(before, null, anchor, now) : []
  await issue(tx, ctx, now, currency, [...back, ...linesAt(terms, now, 0)])
  return runs && current.cancelAtPeriodEnd
}

async function endAtPeriod(tx: Tx, ctx: Ctx, ends: boolean): Promise<void> {
  await lockBilling(tx, ctx)
  await settleDemo(tx, ctx)
  const current = await readSubscription(tx, ctx)
  if (!current || over(current)) throw new AppError('not_found')
  await keep(tx, ctx, { ...current, cancelAtPeriodEnd: ends }, (await addOnsOf(tx, ctx)).addOns)
}

async function changeAddOn(tx: Tx, ctx: Ctx, name: AddOn, on: boolean): Promise<void> {
  await lockBilling(tx, ctx)
  await settleDemo(tx, ctx)
  const current = await readSubscription(tx, ctx)
  if (!current || over(current)) throw new AppError('not_found')
  if (on && waitsForTrial(name, current.state)) throw new AppError('service_trial')
  const before = (await addOnsOf(tx, ctx)).addOns
  const rest = before.filter((one) => one !== name)
  const after = on ? [...rest, name] : rest
  await tx.subscription.update({ where: { accountId: ctx.accountId }, data: { addOns: after } })
  if (current.state !== 'active') return
  const lines = prorated({ ...current, addOns: before }, { ...current, addOns: after }, anchorOf(current), ctx.now())
  await addLines(tx, ctx, current.currency, lines)
}

/**
 * Where money moves now, what was taken while none did ends, after as long as a trial. Null: there is none, or it ends by then already;
 * a year that somebody had ended would be free until its last day.
 */
export async function endUnpaidFor(tx: Tx, ctx: Ctx): Promise<Subscription | null> {
  await lockBilling(tx, ctx)
  const row = await tx.subscription.findUnique({ where: { accountId: ctx.accountId }, select: { provider: true } })
  const current = await readSubscription(tx, ctx)
  if (!current || row?.provider !== 'demo' || over(current)) return null
  const periodEnd = new Date(ctx.now().getTime() + trialDays * day)
  if (current.cancelAtPeriodEnd && current.periodEnd <= periodEnd) return null
  const ends = { ...current, cancelAtPeriodEnd: true, periodEnd }
  await keep(tx, ctx, ends, (await addOnsOf(tx, ctx)).addOns)
  return ends
}

export const demoProvider: Provider = {
  name: 'demo',
  choose: (ctx, choice, note) =>
    inAccount(ctx, async (tx) => {
      await note(tx, await choosePlan(tx, ctx, choice, await countSeats(tx, ctx)))
      return null
    }),
  end: (ctx, ends, note) =>
    inAccount(ctx, async (tx) => {
      await endAtPeriod(tx, ctx, ends)
      await note(tx)
    }),
  addOn: (ctx, name, on, note) =>
    inAccount(ctx, async (tx) => {
      await changeAddOn(tx, ctx, name, on)
      await note(tx)
    }),
  preview: (ctx, wish) => inAccount(ctx, (tx) => previewDemo(tx, ctx, wish)),
  // There is no page where one could pay.
  portal: async () => {
    throw new AppError('not_found')
  },
}
