/** What a team is called and who belongs to it. */
import { z } from 'zod'
import { nameOfAtMost } from '@/lib/core/text'

const name = nameOfAtMost(60)
const memberIds = z.array(z.uuid()).max(500)

export const teamDraft = z.object({ name, memberIds: memberIds.default([]) })
export type TeamDraft = z.output<typeof teamDraft>
export const teamChange = z
  .object({ name, memberIds })
  .partial()
  .refine((change) => Object.keys(change).length > 0)
export type TeamChange = z.output<typeof teamChange>
