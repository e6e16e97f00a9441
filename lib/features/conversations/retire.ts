/** Conversations that were resolved long ago: how many there are, and how they are taken out of use before they are erased. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

const due = (ctx: Ctx, before: Date) => ({
  accountId: ctx.accountId,
  status: 'resolved',
  resolvedAt: { lt: before },
})

export const countDue = (tx: Tx, ctx: Ctx, before: Date): Promise<number> =>
  tx.conversation.count({ where: due(ctx, before) })

export interface Retired {
  id: string
  contactId: string
}

/**
 * Takes some out of use: nobody writes into them any more, and a visitor's next message begins a new conversation. What was reopened
 * meanwhile stays; what was taken out and left behind by a crash is returned again.
 *
 * @param but conversations that cannot be emptied today
 */
export async function retireSome(
  tx: Tx,
  ctx: Ctx,
  before: Date,
  take: number,
  but: readonly string[],
): Promise<Retired[]> {
  // Locked in id order, as the visitor's path does.
  return tx.$queryRaw<Retired[]>`
    UPDATE conversation c SET superseded_by = coalesce(c.superseded_by, c.id) FROM (
      SELECT id FROM conversation WHERE account_id = ${ctx.accountId}::uuid AND status = 'resolved' AND resolved_at < ${before}
        AND id = ANY (ARRAY(SELECT id FROM conversation WHERE account_id = ${ctx.accountId}::uuid AND status = 'resolved'
          AND resolved_at < ${before} AND id <> ALL (${but}::uuid[]) ORDER BY resolved_at LIMIT ${take}))
      ORDER BY id FOR UPDATE
    ) chosen WHERE c.account_id = ${ctx.accountId}::uuid AND c.id = chosen.id
    RETURNING c.id, c.contact_id AS "contactId"`
}
