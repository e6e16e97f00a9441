/** What a routing table may hold. */
import { z } from 'zod'
import { sentiments, urgencies } from '@/lib/core/ports'
import { nameOfAtMost } from '@/lib/core/text'
import { leastConfidence, priorities } from './rules'

const some = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(100).optional()

export const ruleConditions = z.strictObject({
  intents: some(nameOfAtMost(80)),
  sentiments: some(z.enum(sentiments)),
  languages: some(nameOfAtMost(20)),
  urgencies: some(z.enum(urgencies)),
  minConfidence: z.number().min(leastConfidence).max(0.99).optional(),
})

export const ruleDraft = z.object({
  /** Of a line that is there already; it keeps its identity over changes. */
  id: z.uuid().optional(),
  name: nameOfAtMost(80),
  enabled: z.boolean().default(true),
  when: ruleConditions,
  teamId: z.uuid().nullable().default(null),
  priority: z.enum(priorities).nullable().default(null),
  assign: z.enum(['round_robin', 'none']).default('none'),
})

export const routingTableDraft = z.object({
  rules: z.array(ruleDraft).max(50),
  /** Of the table this one replaces: somebody else's change in between is not overwritten. */
  version: z.string().max(64).optional(),
})
export type RoutingTableDraft = z.output<typeof routingTableDraft>
