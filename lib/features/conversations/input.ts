/** What the desk may ask of conversations, as schemas. */
import { z } from 'zod'
import { priorities, statuses } from './activity'

export const tabs = ['mine', 'unassigned', 'all', 'pending', 'snoozed', 'resolved'] as const
export type Tab = (typeof tabs)[number]

const id = z.uuid().toLowerCase()
const word = z.string().trim().min(1).max(100)
/** `a,b,c` in an address. */
const idList = z
  .string()
  .max(4_000)
  .transform((text) => text.split(',').filter(Boolean))
  .pipe(z.array(id).max(100))

/** `mine`, `unassigned` and `all` look at open conversations unless `status` says otherwise. */
export const listInput = z.object({
  tab: z.enum(tabs).default('all'),
  status: z.enum([...statuses, 'any']).optional(),
  priority: z.enum(priorities).optional(),
  assignee: z.union([id, z.literal('none')]).optional(),
  team: z.union([id, z.literal('none')]).optional(),
  label: id.optional(),
  intent: word.optional(),
  sentiment: z.enum(['negative', 'neutral', 'positive']).optional(),
  needsPerson: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  /** Words to search for, in messages and in contacts' names and addresses. */
  q: z.string().max(200).optional(),
  /** Only these, when they belong to the list: how a live list asks what became of its rows. */
  ids: idList.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
})
export type ListInput = Partial<z.output<typeof listInput>>

export const transcriptInput = z.object({
  /** Only messages below this sequence: an older page. */
  before: z.coerce.number().int().positive().optional(),
  /** Only messages above this sequence: what a reader missed. */
  after: z.coerce.number().int().min(0).optional(),
  ids: idList.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(40),
})
export type TranscriptInput = Partial<z.output<typeof transcriptInput>>

export const assignInput = z.object({ assigneeId: id.nullable() })
export const teamInput = z.object({ teamId: id.nullable() })
export const priorityInput = z.object({ priority: z.enum(priorities) })
export const statusInput = z.object({ status: z.enum(['open', 'pending', 'resolved']) })
export const snoozeInput = z.object({ until: z.iso.datetime({ offset: true }).transform((text) => new Date(text)) })
export const labelsInput = z.object({ labelIds: z.array(id).max(50) })
/** `back`: what follows is to be unread again. */
export const readInput = z.object({ sequence: z.number().int().min(0), back: z.boolean().optional() })
export const undoInput = z.object({ changeId: id })
