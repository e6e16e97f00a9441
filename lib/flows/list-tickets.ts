/** A page of the ticket table: conversations as numbered work, in the asked order. */
import { requireMember } from '@/lib/features/accounts/permissions'
import { listPage } from '@/lib/features/conversations/read'
import type { ConversationRow } from '@/lib/features/conversations/row'
import type { TicketPage } from '@/lib/features/tickets/input'
import { countTickets, findTickets } from '@/lib/features/tickets/read'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export type Ticket = Omit<ConversationRow, 'route'>

export interface TicketList {
  tickets: Ticket[]
  next: string | null
  /** Of the whole filter, when it is known without counting; only on the first page. */
  total?: number | null
}

/** @throws invalid_input for a cursor that is none */
export async function listTickets(ctx: Ctx, page: TicketPage): Promise<TicketList> {
  requireMember(ctx)
  const { ids, next, total } = await inAccount(ctx, async (tx) => ({
    ...(await findTickets(tx, ctx, page)),
    ...(page.cursor ? {} : { total: await countTickets(tx, ctx, page) }),
  }))
  return { tickets: await ticketsOf(ctx, ids), next, ...(total === undefined ? {} : { total }) }
}

/** Opened rows in the order of the ids. */
export async function ticketsOf(ctx: Ctx, ids: string[]): Promise<Ticket[]> {
  if (!ids.length) return []
  const { rows } = await listPage(ctx, { status: 'any', ids, limit: ids.length }, null)
  const byId = new Map(rows.map(({ route: _route, ...ticket }) => [ticket.id, ticket]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
