/** Words and limits of the ticket table that pages need, too. Pure: browsers load it. */

export const statuses = ['open', 'pending', 'snoozed', 'resolved'] as const
export const priorities = ['urgent', 'high', 'normal', 'low'] as const
export const sorts = ['activity', 'created', 'waiting', 'number', 'priority'] as const
export type TicketSort = (typeof sorts)[number]

/** What a table shows when nobody said which: everything that is still work. */
export const unresolved = ['open', 'pending', 'snoozed'] as const

/** What a person expects of a first click on a head: the newest, the most urgent, the longest wait. */
export const usualDirection = (sort: TicketSort): 'asc' | 'desc' => (sort === 'waiting' ? 'asc' : 'desc')

/** Most tickets of one bulk action. */
export const mostAtOnce = 500
