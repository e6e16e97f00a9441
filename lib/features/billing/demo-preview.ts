/** What a change would cost in demo billing: the invoices that it would write, counted and not written. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { anchorOf, readDraft } from './demo-invoices'
import { addLine, close, type Line, linesAt, nextCharges, prorated, type Terms } from './demo-lines'
import { hasEnded } from './from-stripe'
import type { Charge } from './monthly'
import { includesAddOn, trialDays } from './plans'
import type { Preview, Wish } from './preview'
import { addOnsOf, countSeats, readSubscription } from './read'
import { periodAfter, type Subscription, waitsForTrial } from './rules'

/** The next day on which something begins, or the end, and what is asked for then. @param waiting lines that are written already */
export function nextOf(
  terms: Terms,
  anchor: Date,
  now: Date,
  end: Date | null,
  waiting: readonly Line[],
): Preview['next'] {
  for (let month = 0; ; month++) {
    const at = periodAfter(anchor, 'month', month)
    if (at <= now) continue
    if (end && at >= end) return waiting.length ? { at: end, amount: close(waiting).total } : null
    const lines = linesAt(terms, anchor, month)
    if (lines.length) return { at, amount: close([...lines, ...waiting]).total }
  }
}

const nothing = { now: 0, credit: 0, tax: null, page: false }

/** @throws not_found (nothing runs that could change), plan_currency, service_trial */
export async function previewDemo(tx: Tx, ctx: Ctx, wish: Wish): Promise<Preview> {
  const now = ctx.now()
  const current = await readSubscription(tx, ctx)
  const runs = current && !hasEnded(current.state) ? current : null
  const { addOns } = await addOnsOf(tx, ctx)
  const seats = Math.max(1, await countSeats(tx, ctx))
  const draft = await readDraft(tx, ctx)
  if (wish.of === 'plan') {
    if (runs && runs.currency !== wish.currency) throw new AppError('plan_currency')
    const terms: Terms = { ...wish, seats, addOns: addOns.filter((one) => !includesAddOn(wish.plan, one)) }
    if (!current) {
      const end = new Date(now.getTime() + trialDays * 86_400_000)
      return { ...nothing, currency: wish.currency, next: nextOf(terms, end, now, null, draft) }
    }
    if (runs && (runs.state === 'trialing' || runs.interval === wish.interval))
      return later({ ...runs, cancelAtPeriodEnd: false }, { ...runs, addOns }, terms, now, draft)
    // A new period begins, and what is left of the old one is given back.
    const back = runs ? prorated({ ...runs, addOns }, null, anchorOf(runs), now) : []
    const { total, rest } = close([...back, ...linesAt(terms, now, 0), ...draft])
    const credit = -rest.reduce((sum, { amount }) => sum + amount, 0) + 0
    return { ...nothing, currency: wish.currency, now: total, credit, next: nextOf(terms, now, now, null, rest) }
  }
  if (!runs) throw new AppError('not_found')
  const before: Terms = { ...runs, addOns }
  if (wish.of === 'people') return later(runs, before, { ...before, seats: wish.people }, now, draft)
  if (wish.on && waitsForTrial(wish.addOn, runs.state)) throw new AppError('service_trial')
  const rest = addOns.filter((one) => one !== wish.addOn)
  return later(runs, before, { ...before, addOns: wish.on ? [...rest, wish.addOn] : rest }, now, draft)
}

/** What the running plan asks for next. */
export async function readDemoCharges(tx: Tx, ctx: Ctx): Promise<Charge[]> {
  const runs = await readSubscription(tx, ctx)
  if (!runs || hasEnded(runs.state)) return []
  const { addOns } = await addOnsOf(tx, ctx)
  const seats = Math.max(1, await countSeats(tx, ctx))
  const end = runs.cancelAtPeriodEnd ? runs.periodEnd : null
  return nextCharges({ ...runs, addOns, seats }, anchorOf(runs), ctx.now(), end)
}

/** What changes within a period waits for the next invoice. */
function later(runs: Subscription, before: Terms, after: Terms, now: Date, draft: readonly Line[]): Preview {
  const anchor = anchorOf(runs)
  const lines = runs.state === 'active' ? prorated(before, after, anchor, now).reduce(addLine, [...draft]) : draft
  const end = runs.cancelAtPeriodEnd ? runs.periodEnd : null
  return { ...nothing, currency: runs.currency, next: nextOf(after, anchor, now, end, lines) }
}
