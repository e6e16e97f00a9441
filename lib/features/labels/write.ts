/** Makes, changes and removes labels; a removed one can come back with its conversations. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { sameText } from '@/lib/platform/db/same-text'
import type { LabelChange, LabelDraft } from './input'

/** Most labels of an account: more are no help to anyone who has to choose one. */
const most = 200

/** What brings a removed label back. */
export interface RemovedLabel {
  id: string
  name: string
  colour: string
  createdAt: string
  conversationIds: string[]
}

/** "VIP" and "vip" would be two labels that nobody can tell apart. */
async function refuseSameName(tx: Tx, ctx: Ctx, name: string, own?: string): Promise<void> {
  const same = await tx.label.findFirst({
    where: {
      accountId: ctx.accountId,
      name: sameText(name),
      ...(own ? { id: { not: own } } : {}),
    },
    select: { id: true },
  })
  if (same) throw new AppError('name_taken', { field: 'name' })
}

export async function addLabel(tx: Tx, ctx: Ctx, draft: LabelDraft): Promise<string> {
  await refuseSameName(tx, ctx, draft.name)
  if ((await tx.label.count({ where: { accountId: ctx.accountId } })) >= most)
    throw new AppError('too_many', { limit: most })
  const id = ctx.newId()
  await tx.label.create({
    data: { accountId: ctx.accountId, id, ...draft, createdAt: ctx.now() },
    select: { id: true },
  })
  return id
}

export async function changeLabel(tx: Tx, ctx: Ctx, id: string, change: LabelChange): Promise<void> {
  if (change.name) await refuseSameName(tx, ctx, change.name, id)
  const data = { ...(change.name ? { name: change.name } : {}), ...(change.colour ? { colour: change.colour } : {}) }
  const { count } = await tx.label.updateMany({ where: { accountId: ctx.accountId, id }, data })
  if (count !== 1) throw new AppError('not_found')
}

export async function removeLabel(tx: Tx, ctx: Ctx, id: string): Promise<RemovedLabel> {
  const { accountId } = ctx
  const label = await tx.label.findFirst({ where: { accountId, id } })
  if (!label) throw new AppError('not_found')
  const carried = await tx.conversationLabel.findMany({
    where: { accountId, labelId: id },
    select: { conversationId: true },
  })
  await tx.label.deleteMany({ where: { accountId, id } })
  return {
    id,
    name: label.name,
    colour: label.colour,
    createdAt: label.createdAt.toISOString(),
    conversationIds: carried.map((row) => row.conversationId),
  }
}

/** Brings a label back, on those of its conversations that still exist. */
export async function restoreLabel(tx: Tx, ctx: Ctx, label: RemovedLabel): Promise<void> {
  const { accountId } = ctx
  await refuseSameName(tx, ctx, label.name)
  const { id, name, colour } = label
  await tx.label.create({
    data: { accountId, id, name, colour, createdAt: new Date(label.createdAt) },
    select: { id: true },
  })
  await tx.$executeRaw`INSERT INTO conversation_label (account_id, conversation_id, label_id)
    SELECT c.account_id, c.id, ${id}::uuid FROM conversation c
    WHERE c.account_id = ${accountId}::uuid AND c.id = ANY(${label.conversationIds}::uuid[]) ON CONFLICT DO NOTHING`
}
