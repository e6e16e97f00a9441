/** Keeps what a change replaced for a day, and hands it out once to take the change back. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export type UndoKind =
  | 'tickets'
  | 'label'
  | 'team'
  | 'identity_secret'
  | 'labelled'
  | 'moved'
  | 'merged'
  | 'builtin'
  | 'removed'
  | 'imported'

export interface TakenBack {
  /** What was restored, and what stayed because somebody changed it since. */
  restored: number
  kept: number
}

/** How long a change can be taken back, milliseconds. */
const keep = 86_400_000

/** Stores what is needed to take a change back; the id is given to the person who made it. */
export async function keepUndo(tx: Tx, ctx: Ctx, kind: UndoKind, data: object): Promise<string> {
  if (ctx.actor.kind !== 'member') throw new AppError('forbidden')
  const id = ctx.newId()
  await tx.undo.create({
    data: { accountId: ctx.accountId, id, kind, data, authorId: ctx.actor.membershipId, createdAt: ctx.now() },
    select: { id: true },
  })
  return id
}

/** What whoever asks can still take back. */
const mine = (ctx: Ctx) => ({
  accountId: ctx.accountId,
  authorId: ctx.actor.kind === 'member' ? ctx.actor.membershipId : '',
  usedAt: null,
  createdAt: { gte: new Date(ctx.now().getTime() - keep) },
})

/** What a record holds, before it is handed out. @throws not_found, as `takeUndo` */
export async function readUndo(tx: Tx, ctx: Ctx, id: string): Promise<{ kind: UndoKind; data: unknown }> {
  if (ctx.actor.kind !== 'member') throw new AppError('forbidden')
  const row = await tx.undo.findFirst({ where: { ...mine(ctx), id }, select: { kind: true, data: true } })
  if (!row) throw new AppError('not_found')
  return { kind: row.kind as UndoKind, data: row.data }
}

/** The newest record of this kind in which `field` says so; null when there is none. */
export async function findUndo(
  tx: Tx,
  ctx: Ctx,
  kind: UndoKind,
  field: string,
  equals: string,
): Promise<string | null> {
  const row = await tx.undo.findFirst({
    where: { ...mine(ctx), kind, data: { path: [field], equals } },
    orderBy: { id: 'desc' },
    select: { id: true },
  })
  return row?.id ?? null
}

/** A change that goes on has more to take back. @returns false when the record is used, old or gone */
export async function extendUndo<T extends object>(
  tx: Tx,
  ctx: Ctx,
  id: string,
  more: (data: T) => T,
): Promise<boolean> {
  // Of two who extend it at once, the second sees the first.
  await tx.$executeRaw`SELECT FROM undo WHERE account_id = ${ctx.accountId}::uuid AND id = ${id}::uuid FOR UPDATE`
  const where = { ...mine(ctx), id }
  const row = await tx.undo.findFirst({ where, select: { data: true } })
  if (!row) return false
  return (await tx.undo.updateMany({ where, data: { data: more(row.data as T) } })).count === 1
}

/** Hands out a part of a record and removes it; null when it is gone: then it was taken back. */
export async function spendUndo(tx: Tx, ctx: Ctx, id: string): Promise<unknown> {
  const where = { accountId: ctx.accountId, id }
  const row = await tx.undo.findFirst({ where, select: { data: true } })
  const { count } = await tx.undo.deleteMany({ where })
  return count ? (row?.data ?? null) : null
}

/** Hands out a record for good; of many tries at once one gets it. @throws not_found when it is used, old or someone else's */
export async function takeUndo(tx: Tx, ctx: Ctx, id: string): Promise<{ kind: UndoKind; data: unknown }> {
  if (ctx.actor.kind !== 'member') throw new AppError('forbidden')
  const { count } = await tx.undo.updateMany({
    where: {
      accountId: ctx.accountId,
      id,
      authorId: ctx.actor.membershipId,
      usedAt: null,
      createdAt: { gte: new Date(ctx.now().getTime() - keep) },
    },
    data: { usedAt: ctx.now() },
  })
  if (count !== 1) throw new AppError('not_found')
  const row = await tx.undo.findFirstOrThrow({ where: { accountId: ctx.accountId, id } })
  // What it brings back is there again, or somebody decided otherwise: of a text that goes once more nothing is to be left here.
  await tx.undo.updateMany({ where: { accountId: ctx.accountId, id }, data: { data: {} } })
  return { kind: row.kind as UndoKind, data: row.data }
}

/** What one of these would bring back is not to come back. @param hashes where only what has one of them goes */
export async function dropUndos(tx: Tx, ctx: Ctx, kind: UndoKind, hashes?: readonly string[]): Promise<void> {
  if (!hashes) await tx.undo.deleteMany({ where: { accountId: ctx.accountId, kind } })
  else
    await tx.$executeRaw`
      DELETE FROM undo WHERE account_id = ${ctx.accountId}::uuid AND kind = ${kind} AND data->>'hash' = ANY(${hashes})`
}

/** Nobody can take them back any more. System role. */
export const removeOldUndos = (tx: Tx, now: Date): Promise<{ count: number }> =>
  tx.undo.deleteMany({ where: { createdAt: { lt: new Date(now.getTime() - keep) } } })
