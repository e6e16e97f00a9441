/** Labels that a model doubted and a person stood by. One that changes afterwards may be doubted again. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

/** Of a corrected message, or of an example. */
export interface LabelOf {
  id: string
  intent: string
}

/** @throws not_found */
export async function addKeep(tx: Tx, ctx: Ctx, { id, intent }: LabelOf, authorId: string): Promise<void> {
  const { accountId } = ctx
  const place = { accountId_id: { accountId, id } }
  const message = await tx.message.findUnique({ where: place, select: { id: true } })
  const example = message ? null : await tx.example.findUnique({ where: place, select: { id: true } })
  if (!message && !example) throw new AppError('not_found')
  await removeKeep(tx, ctx, id)
  await tx.labelKeep.create({
    data: {
      accountId,
      id: ctx.newId(),
      messageId: message?.id ?? null,
      exampleId: example?.id ?? null,
      intent,
      authorId,
      createdAt: ctx.now(),
    },
    select: { id: true },
  })
}

/** Taking back what was not kept is no failure. */
export async function removeKeep(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  await tx.labelKeep.deleteMany({ where: { accountId: ctx.accountId, OR: [{ messageId: id }, { exampleId: id }] } })
}

/** What a person said of an example's label, as it is kept while the example is away. */
export type Kept = { id: string; intent: string; authorId: string; createdAt: string }

export async function findKeep(tx: Tx, ctx: Ctx, exampleId: string): Promise<Kept | null> {
  const row = await tx.labelKeep.findFirst({
    where: { accountId: ctx.accountId, exampleId },
    select: { id: true, intent: true, authorId: true, createdAt: true },
  })
  return row && { ...row, createdAt: row.createdAt.toISOString() }
}

export async function putBackKeep(tx: Tx, ctx: Ctx, exampleId: string, kept: Kept): Promise<void> {
  await tx.labelKeep.create({ data: { accountId: ctx.accountId, exampleId, ...kept }, select: { id: true } })
}

/** Which labels were stood by: `has` of the id and the intent that it had then. */
export async function readKeeps(tx: Tx, ctx: Ctx): Promise<(label: LabelOf) => boolean> {
  const rows = await tx.labelKeep.findMany({
    where: { accountId: ctx.accountId },
    select: { messageId: true, exampleId: true, intent: true },
  })
  const kept = new Map(rows.map(({ messageId, exampleId, intent }) => [messageId ?? exampleId, intent]))
  return ({ id, intent }) => kept.get(id) === intent
}
