/**
 * Invoices of demo billing: what the plan would have cost, by period. No money moves, so none is ever paid or due. What comes up within a
 * period (people, changes, messages beyond the plan) waits in a draft.
 */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { addLine, billedDays, close, type Line, linesAt, prorated, type Terms } from './demo-lines'
import { hasEnded } from './from-stripe'
import { type Beyond, putDown } from './metering'
import type { AddOn, Currency } from './plans'
import { asStored, countSeats } from './read'
import { advance, type Subscription } from './rules'

const draftOf = ({ accountId }: Ctx) => ({ accountId, provider: 'demo', state: 'draft' })

/** Lines that wait for the next invoice. */
export async function readDraft(tx: Tx, ctx: Ctx): Promise<Line[]> {
  const draft = await tx.invoice.findFirst({ where: draftOf(ctx), select: { lines: true } })
  // Written below, and nowhere else.
  return (draft?.lines ?? []) as unknown as Line[]
}

async function write(tx: Tx, ctx: Ctx, currency: Currency, lines: readonly Line[], made: object): Promise<void> {
  const { accountId } = ctx
  const row = { state: 'draft', currency, total: 0, paid: 0, createdAt: ctx.now(), lines: lines as object[], ...made }
  await tx.invoice.create({
    data: { accountId, stripeId: `demo_${ctx.newId()}`, provider: 'demo', ...row },
    select: { stripeId: true },
  })
}

async function writeDraft(tx: Tx, ctx: Ctx, currency: Currency, lines: readonly Line[]): Promise<void> {
  await tx.invoice.deleteMany({ where: draftOf(ctx) })
  if (lines.length) await write(tx, ctx, currency, lines, {})
}

/** For the next invoice. */
export async function addLines(tx: Tx, ctx: Ctx, currency: Currency, more: readonly Line[]): Promise<void> {
  if (more.length) await writeDraft(tx, ctx, currency, more.reduce(addLine, await readDraft(tx, ctx)))
}

const numbered = (number: number): string => `DEMO-${String(number).padStart(4, '0')}`

/** Makes an invoice of what waits and of these lines; none of nothing. */
export async function issue(tx: Tx, ctx: Ctx, at: Date, currency: Currency, more: readonly Line[]): Promise<boolean> {
  const waiting = await readDraft(tx, ctx)
  if (waiting.length + more.length === 0) return false
  const { lines, total, kinds, rest } = close([...more, ...waiting])
  await writeDraft(tx, ctx, currency, rest)
  const before = await tx.invoice.count({ where: { ...draftOf(ctx), state: { not: 'draft' } } })
  await write(tx, ctx, currency, lines, { state: 'paid', number: numbered(before + 1), total, kinds, createdAt: at })
  return true
}

/** Messages beyond the plan that were put down: no meter is told of them, now or when Stripe comes, so they are set aside with their line. */
async function takeUse(tx: Tx, ctx: Ctx, currency: Currency): Promise<void> {
  const where = { accountId: ctx.accountId, sentAt: null, lostAt: null }
  const reports = await tx.usageReport.findMany({ where, select: { count: true, price: true } })
  const lines = reports.map(({ count, price }): Line => {
    return { what: 'overage', kind: 'overage', amount: (count * (price ?? 0)) / 1_000, messages: count }
  })
  await addLines(tx, ctx, currency, lines)
  await tx.usageReport.updateMany({ where, data: { lostAt: ctx.now() } })
}

/** When an account's periods begin. */
export const anchorOf = ({ trialEnd, periodStart }: Subscription): Date => trialEnd ?? periodStart

export interface Settled {
  beyond: Beyond[]
  /** An invoice was made. */
  made: boolean
}

/**
 * Brings the invoices up to now, under the terms that hold until now: before each change, and by the worker. People who joined or left
 * within a period are billed, or given back, for the rest of it.
 */
export async function settleDemo(tx: Tx, ctx: Ctx): Promise<Settled> {
  const beyond = await putDown(tx, ctx)
  const { accountId } = ctx
  const now = ctx.now()
  const row = await tx.subscription.findUnique({ where: { accountId } })
  if (row?.provider !== 'demo' || hasEnded(row.state)) return { beyond, made: false }
  const stored = asStored(row)
  const stands = advance(stored, now)
  const { currency } = stored
  await takeUse(tx, ctx, currency)
  const terms: Terms = { ...stored, addOns: row.addOns as AddOn[], seats: Math.max(1, await countSeats(tx, ctx)) }
  const last = await tx.invoice.findFirst({
    where: { accountId, provider: 'demo', state: { not: 'draft' } },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  })
  // What held before the terms of now was billed when they changed.
  const since = last && last.createdAt > row.updatedAt ? last.createdAt : row.updatedAt
  const end = stands.state === 'canceled' ? stored.periodEnd : null
  const anchor = anchorOf(stored)
  let made = false
  for (const { at, month } of billedDays(anchor, since, now, end))
    made = (await issue(tx, ctx, at, currency, linesAt(terms, anchor, month))) || made
  const keep = (data: { state: string } | { seats: number }) =>
    tx.subscription.update({ where: { accountId }, data, select: { accountId: true } })
  if (end) {
    made = (await issue(tx, ctx, end, currency, [])) || made
    await keep({ state: stands.state })
  } else if (terms.seats !== stored.seats) {
    if (!made && stands.state === 'active')
      await addLines(tx, ctx, currency, prorated({ ...terms, seats: stored.seats }, terms, anchor, now))
    await keep({ seats: terms.seats })
  }
  return { beyond, made }
}
