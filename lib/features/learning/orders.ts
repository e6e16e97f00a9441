/** Models made to order: an account's consent that the operator trains for it, and what it says to the versions that came of it. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export interface Consent {
  id: string
  givenBy: string
  givenAt: Date
}

export type Decision = 'accepted' | 'declined'

export interface Order {
  runId: string
  /** Null: the account has not said yet. */
  decision: Decision | null
  createdAt: Date
}

/** The consent that holds now; null when none was given, or it was withdrawn. */
export async function readConsent(tx: Tx, ctx: Ctx): Promise<Consent | null> {
  return tx.trainingConsent.findFirst({
    where: { accountId: ctx.accountId, withdrawnAt: null },
    select: { id: true, givenBy: true, givenAt: true },
  })
}

/** Giving and withdrawing, and what rests on a consent, wait for each other. */
export async function lockConsent(tx: Tx, ctx: Ctx): Promise<Consent | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('consent ' || ${ctx.accountId}, 0))`
  return readConsent(tx, ctx)
}

export async function addConsent(tx: Tx, ctx: Ctx, givenBy: string): Promise<void> {
  await tx.trainingConsent.create({
    data: { accountId: ctx.accountId, id: ctx.newId(), givenBy, givenAt: ctx.now() },
    select: { id: true },
  })
}

/** Its record stays. */
export async function endConsent(tx: Tx, ctx: Ctx, id: string, withdrawnBy: string): Promise<void> {
  await tx.trainingConsent.updateMany({
    where: { accountId: ctx.accountId, id, withdrawnAt: null },
    data: { withdrawnBy, withdrawnAt: ctx.now() },
  })
}

export async function addOrder(
  tx: Tx,
  ctx: Ctx,
  { runId, consentId, operatorId }: { runId: string; consentId: string; operatorId: string },
): Promise<void> {
  await tx.trainingOrder.create({
    data: { accountId: ctx.accountId, runId, consentId, operatorId, createdAt: ctx.now() },
    select: { runId: true },
  })
}

/** The newest first. */
export async function listOrders(tx: Tx, ctx: Ctx, most = 50): Promise<Order[]> {
  const rows = await tx.trainingOrder.findMany({
    where: { accountId: ctx.accountId },
    orderBy: [{ createdAt: 'desc' }, { runId: 'desc' }],
    take: most,
    select: { runId: true, decision: true, createdAt: true },
  })
  return rows.map((row) => ({ ...row, decision: row.decision as Decision | null }))
}

/** @throws not_found when the version was not made to order */
export async function decideOrder(
  tx: Tx,
  ctx: Ctx,
  { runId, decision, by }: { runId: string; decision: Decision | null; by: string },
): Promise<void> {
  const { count } = await tx.trainingOrder.updateMany({
    where: { accountId: ctx.accountId, runId },
    data: { decision, decidedBy: decision && by, decidedAt: decision && ctx.now() },
  })
  if (!count) throw new AppError('not_found')
}

/** Nobody is answered, not even silently, by what was made to order and not accepted. @throws not_accepted */
export async function refuseUnaccepted(tx: Tx, ctx: Ctx, runId: string): Promise<void> {
  const order = await tx.trainingOrder.findFirst({
    where: { accountId: ctx.accountId, runId },
    select: { decision: true },
  })
  if (order && order.decision !== 'accepted') throw new AppError('not_accepted')
}
