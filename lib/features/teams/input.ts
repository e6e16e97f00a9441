/** What a team is called and who belongs to it. */
import { z } from 'zod'

const name = z
  .string()
  .transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim())
  .pipe(z.string().min(1).max(60))
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'text_invalid')
const memberIds = z.array(z.uuid()).max(500)

export const teamDraft = z.object({ name, memberIds: memberIds.default([]) })
export type TeamDraft = z.output<typeof teamDraft>
export const teamChange = z
  .object({ name, memberIds })
  .partial()
  .refine((change) => Object.keys(change).length > 0)
export type TeamChange = z.output<typeof teamChange>
