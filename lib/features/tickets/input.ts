/** What may be asked of the ticket table: filters, order, page; as it stands in an address, so that it can be shared. */
import { z } from 'zod'
import { sentiments } from '@/lib/core/ports'
import { mostAtOnce, priorities, sorts, statuses } from './rules'

const id = z.uuid().toLowerCase()
/** `a,b,c` in an address. */
const list = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .max(4_000)
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(z.array<T>(item).max(100) as unknown as z.ZodType<z.output<T>[], string[]>)
    .optional()

export const ticketFilter = z.object({
  status: list(z.enum(statuses)),
  priority: list(z.enum(priorities)),
  team: list(z.union([id, z.literal('none')])),
  /** `me` is the person who asks. */
  owner: list(z.union([id, z.literal('none'), z.literal('me')])),
  label: list(id),
  intent: list(z.string().min(1).max(80)),
  sentiment: list(z.enum(sentiments)),
  /** Words in messages, names and addresses, or a ticket's number. */
  q: z.string().max(200).optional(),
})
export type TicketFilter = z.output<typeof ticketFilter>

export const ticketQuery = ticketFilter.extend({
  sort: z.enum(sorts).default('activity'),
  direction: z.enum(['asc', 'desc']).optional(),
})
export type TicketQuery = z.output<typeof ticketQuery>

export const ticketPage = ticketQuery.extend({
  /** Only these, when the filter finds them: how an open table asks which news concern it. */
  ids: list(id),
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
})
export type TicketPage = z.output<typeof ticketPage>

export const bulkChange = z
  .strictObject({
    assigneeId: id.nullable(),
    teamId: id.nullable(),
    priority: z.enum(priorities),
    status: z.enum(['open', 'pending', 'resolved']),
    addLabelIds: z.array(id).min(1).max(20),
    removeLabelIds: z.array(id).min(1).max(20),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0)
export type BulkChange = z.output<typeof bulkChange>

export const bulkInput = z.object({ ids: z.array(id).min(1).max(mostAtOnce), change: bulkChange })
