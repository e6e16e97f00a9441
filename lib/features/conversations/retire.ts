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
  resolvedAt: Date
}

/** A place in the order in which they go: by when they were resolved, then by id. */
export type Place = Pick<Retired, 'resolvedAt' | 'id'>
export const first: Place = { resolvedAt: new Date(0), id: '00000000-0000-0000-0000-000000000000' }

const isBehind = (a: Place, b: Place): boolean =>
  a.resolvedAt > b.resolvedAt || (a.resolvedAt.getTime() === b.resolvedAt.getTime() && a.id > b.id)

export const lastOf = (places: readonly Place[]): Place => places.reduce((a, b) => (isBehind(b, a) ? b : a), first)

/**
 * Takes some out of use: nobody writes into them any more, and a visitor's next message begins a new conversation. What was reopened
 * meanwhile stays; what was taken out and left behind by a crash is returned again.
 */
export async function retireSome(tx: Tx, ctx: Ctx, before: Date, take: number, after: Place): Promise<Retired[]> {
  // Locked in id order, as the visitor's path does.
  return tx.$queryRaw<Retired[]>`
    UPDATE conversation c SET superseded_by = coalesce(c.superseded_by, c.id) FROM (
      SELECT id FROM conversation WHERE account_id = ${ctx.accountId}::uuid AND status = 'resolved' AND resolved_at < ${before}
        AND id = ANY (ARRAY(SELECT id FROM conversation WHERE account_id = ${ctx.accountId}::uuid AND status = 'resolved'
          AND resolved_at < ${before} AND (resolved_at, id) > (${after.resolvedAt}, ${after.id}::uuid) ORDER BY resolved_at, id LIMIT ${take}))
      ORDER BY id FOR UPDATE
    ) chosen WHERE c.account_id = ${ctx.accountId}::uuid AND c.id = chosen.id
    RETURNING c.id, c.contact_id AS "contactId", c.resolved_at AS "resolvedAt"`
}
