/** Who an account is at Stripe, and what Stripe last told about it. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { Held, Odd, StoredInvoice } from './from-stripe'

/** The account's id at Stripe; null before its first purchase. */
export async function customerOf(tx: Tx, ctx: Ctx): Promise<string | null> {
  const where = { accountId: ctx.accountId }
  return (await tx.billingCustomer.findUnique({ where, select: { stripeId: true } }))?.stripeId ?? null
}

/** The subscription at Stripe that is gone by; null: none. */
export async function subscriptionIdOf(tx: Tx, { accountId }: Ctx): Promise<string | null> {
  return (await tx.subscription.findUnique({ where: { accountId }, select: { stripeId: true } }))?.stripeId ?? null
}

/**
 * A reading begins: the account's id at Stripe, and when. By the database's clock, because those of several machines differ, and one
 * that is ahead would have later readings of the others thrown away. Null before the first purchase.
 */
export async function beginReading(tx: Tx, ctx: Ctx): Promise<{ customer: string; began: Date } | null> {
  const [row] = await tx.$queryRaw<{ customer: string | null; began: Date }[]>`
    SELECT stripe_id AS customer, clock_timestamp() AS began FROM billing_customer WHERE account_id = ${ctx.accountId}::uuid`
  return row?.customer ? { customer: row.customer, began: row.began } : null
}

/** Makes sure of the row, and returns the key under which Stripe is asked for a customer: the same until there is one. */
export async function requestKeyOf(tx: Tx, ctx: Ctx): Promise<string> {
  const { accountId } = ctx
  const row = { accountId, requestKey: ctx.newId(), createdAt: ctx.now() }
  await tx.billingCustomer.createMany({ data: [row], skipDuplicates: true })
  return (await tx.billingCustomer.findUniqueOrThrow({ where: { accountId }, select: { requestKey: true } })).requestKey
}

/** Keeps it where there is none yet; returns the one that is kept. */
export async function keepCustomer(tx: Tx, ctx: Ctx, stripeId: string): Promise<string> {
  await tx.billingCustomer.updateMany({ where: { accountId: ctx.accountId, stripeId: null }, data: { stripeId } })
  return (await customerOf(tx, ctx)) ?? stripeId
}

/** The account's own again, unless it has another one; false then, and for an account that is not of this database. */
export async function adoptCustomer(tx: Tx, ctx: Ctx, stripeId: string): Promise<boolean> {
  if (!(await tx.account.findUnique({ where: { id: ctx.accountId }, select: { id: true } }))) return false
  await requestKeyOf(tx, ctx)
  await keepCustomer(tx, ctx, stripeId)
  return (await customerOf(tx, ctx)) === stripeId
}

/** A change of plan, or its end, is asked for here, by somebody who has read what it costs and takes along. */
export async function noteAsked(tx: Tx, ctx: Ctx): Promise<void> {
  await tx.billingCustomer.updateMany({ where: { accountId: ctx.accountId }, data: { askedAt: ctx.now() } })
}

/** What a reading finds so long after a change was asked for here is that change, milliseconds. */
const asking = 120_000

export async function wasAsked(tx: Tx, ctx: Ctx): Promise<boolean> {
  const where = { accountId: ctx.accountId, askedAt: { gt: new Date(ctx.now().getTime() - asking) } }
  return (await tx.billingCustomer.count({ where })) > 0
}

/** Whose customer this is. System role. */
export async function accountOf(tx: Tx, stripeId: string): Promise<string | null> {
  return (await tx.billingCustomer.findUnique({ where: { stripeId }, select: { accountId: true } }))?.accountId ?? null
}

/** Accounts that are customers at Stripe. System role. */
export async function listCustomers(tx: Tx): Promise<string[]> {
  const rows = await tx.billingCustomer.findMany({ where: { stripeId: { not: null } }, select: { accountId: true } })
  return rows.map(({ accountId }) => accountId)
}

/** Accounts whose plan of demo billing runs, or whose end was not seen yet. System role. */
export async function listDemo(tx: Tx): Promise<string[]> {
  const rows = await tx.subscription.findMany({
    where: { provider: 'demo', state: { in: ['trialing', 'active', 'past_due'] } },
    select: { accountId: true },
  })
  return rows.map(({ accountId }) => accountId)
}

/** Accounts whose plan at Stripe runs. System role. */
export async function listPaying(tx: Tx): Promise<string[]> {
  const rows = await tx.subscription.findMany({
    where: { provider: 'stripe', state: { in: ['trialing', 'active', 'past_due'] } },
    select: { accountId: true },
  })
  return rows.map(({ accountId }) => accountId)
}

export interface Reading {
  /** Before Stripe was asked: of two readings the one that began later holds. */
  began: Date
  subscription: Held | null
  invoices: StoredInvoice[]
  /** The customer was removed at Stripe. */
  gone: boolean
  /** It is to end before what is paid for does, as the portal set it: Stripe did not move the end yet. */
  early: boolean
  odd: Odd[]
}

/** Stores a reading unless a later one is there; false when nothing was stored. */
export async function keepReading(
  tx: Tx,
  ctx: Ctx,
  { began, subscription, invoices, gone, odd }: Reading,
): Promise<boolean> {
  const { accountId } = ctx
  // What the meter counted is no part of a reading.
  const before = await tx.billingCustomer.findUnique({ where: { accountId }, select: { odd: true } })
  const stays = before?.odd.filter((one) => one === 'usage') ?? []
  const { count } = await tx.billingCustomer.updateMany({
    where: { accountId, OR: [{ readAt: null }, { readAt: { lt: began } }] },
    // A removed customer never comes back: the next purchase makes another.
    data: { readAt: began, odd: [...odd, ...stays], ...(gone ? { stripeId: null, requestKey: ctx.newId() } : {}) },
  })
  if (count === 0) return false
  if (subscription) {
    const charges = subscription.charges.map((one) => ({ ...one, at: one.at.toISOString() }))
    const data = { ...subscription, charges, provider: 'stripe', updatedAt: ctx.now() }
    await tx.subscription.upsert({
      where: { accountId },
      create: { accountId, ...data, createdAt: ctx.now() },
      update: data,
      select: { accountId: true },
    })
  }
  // The customer was removed, or what is left at Stripe is none of ours.
  else {
    const nothing = { state: 'canceled', pastDueSince: null, addOns: [], ownAddOns: [], monthly: {}, charges: [] }
    const where = { accountId, provider: 'stripe' }
    // Its end, which the months' figures and the last use go by, unless it had one.
    const running = { ...where, state: { notIn: ['canceled', 'incomplete_expired'] } }
    await tx.subscription.updateMany({ where: running, data: { periodEnd: ctx.now() } })
    await tx.subscription.updateMany({ where, data: nothing })
  }
  for (const { stripeId, ...rest } of invoices)
    await tx.invoice.upsert({
      where: { accountId_stripeId: { accountId, stripeId } },
      create: { accountId, stripeId, ...rest },
      update: rest,
      select: { stripeId: true },
    })
  return true
}

/** Notes whether the meter at Stripe counted what it was told. */
export async function noteCounted(tx: Tx, { accountId }: Ctx, differs: boolean): Promise<void> {
  const usage = differs ? ['usage' satisfies Odd] : []
  await tx.$executeRaw`
    UPDATE billing_customer SET odd = array_remove(odd, 'usage') || ${usage}::text[] WHERE account_id = ${accountId}::uuid`
}
