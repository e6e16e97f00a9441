/** Tickets: the table, one change for many of them, and the table as a file. */
import { canAssign, canExport, canViewInbox } from '@/lib/features/accounts/permissions'
import { bulkInput, ticketPage, ticketQuery } from '@/lib/features/tickets/input'
import { bulkUpdate } from '@/lib/flows/bulk-update'
import { exportTickets } from '@/lib/flows/export-tickets'
import { listTickets } from '@/lib/flows/list-tickets'
import { defineRoute, Raw } from '../route'

export const ticketsRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/tickets',
  who: { member: canViewInbox },
  limits: { body: 0, rate: [300, 60] },
  input: ticketPage,
  handle: listTickets,
})

export const bulkRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/:account/tickets/bulk',
  who: { member: canAssign },
  limits: { body: 65_536, rate: [60, 60] },
  input: bulkInput,
  handle: bulkUpdate,
})

export const exportRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/tickets/export.csv',
  who: { member: canExport },
  limits: { body: 0, rate: [20, 60] },
  input: ticketQuery,
  handle: (ctx, input, call) => {
    const day = ctx.now().toISOString().slice(0, 10)
    call.set('content-disposition', `attachment; filename="tickets-${day}.csv"`)
    return new Raw(exportTickets(ctx, input), 'text/csv; charset=utf-8')
  },
})

export const ticketRoutes = [ticketsRoute, bulkRoute, exportRoute]
