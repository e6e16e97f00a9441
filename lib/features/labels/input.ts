/** What a label may be called and which colours it may have. */
import { z } from 'zod'

/** Names of the Okabe–Ito colours that the desk draws dots in (see app/_ui/chip.tsx). */
export const labelColours = ['grey', 'orange', 'sky', 'green', 'yellow', 'blue', 'red', 'pink'] as const
export type LabelColour = (typeof labelColours)[number]

const name = z
  .string()
  .transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim())
  .pipe(z.string().min(1).max(40))
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'text_invalid')

export const labelDraft = z.object({ name, colour: z.enum(labelColours) })
export type LabelDraft = z.output<typeof labelDraft>
export const labelChange = labelDraft.partial().refine((change) => Object.keys(change).length > 0)
export type LabelChange = z.output<typeof labelChange>
