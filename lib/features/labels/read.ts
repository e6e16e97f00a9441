/** The account's labels, with how many conversations carry each. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export interface ListedLabel {
  id: string
  name: string
  colour: string
  conversations: number
}

/** By name, as a reader of the language expects. */
export async function listLabels(tx: Tx, ctx: Ctx): Promise<ListedLabel[]> {
  const { accountId } = ctx
  const labels = await tx.label.findMany({ where: { accountId }, select: { id: true, name: true, colour: true } })
  const counts = await tx.conversationLabel.groupBy({ by: ['labelId'], where: { accountId }, _count: { _all: true } })
  const count = new Map(counts.map((row) => [row.labelId, row._count._all]))
  const order = new Intl.Collator(ctx.locale, { numeric: true })
  return labels
    .map((label) => ({ ...label, conversations: count.get(label.id) ?? 0 }))
    .sort((a, b) => order.compare(a.name, b.name))
}
