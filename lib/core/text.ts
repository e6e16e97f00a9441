/** What a message text may be: any Unicode that PostgreSQL and JSON can give back unchanged. */
import { z } from 'zod'
import { mostFiles } from './attachment'

/** Most characters of a message: Unicode code points, so that an emoji outside the first plane is one and not two. */
export const longestText = 8_000

export const charactersOf = (text: string): number => [...text].length

/** A message text; the failure's message is the error code. NUL and lone surrogates cannot be stored or sent back equal. */
export const messageText = z
  .string()
  .refine((text) => text.trim().length > 0, 'text_empty')
  .refine((text) => text.length <= longestText || charactersOf(text) <= longestText, 'text_too_long')
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'text_invalid')

/** Words of any number of lines, or none. */
export const textOfAtMost = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'text_invalid')

/** What something or somebody is called: one line, without signs that cannot be seen or stored. */
export const nameOfAtMost = (most: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim())
    .pipe(z.string().min(1).max(most))
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'text_invalid')

/** What a person sends: a text, files by their ids, or both. */
export const sentMessage = z
  .object({
    clientId: z.uuid().toLowerCase(),
    text: z.string(),
    attachments: z.array(z.uuid().toLowerCase()).max(mostFiles, 'too_many_attachments').optional(),
  })
  .superRefine(({ text, attachments }, issues) => {
    const parsed = messageText.safeParse(text)
    const only = text === '' && attachments?.length
    if (!parsed.success && !only)
      issues.addIssue({ code: 'custom', path: ['text'], message: parsed.error.issues[0]?.message ?? 'text_invalid' })
    if (attachments && new Set(attachments).size < attachments.length)
      issues.addIssue({ code: 'custom', path: ['attachments'], message: 'twice' })
  })

/** Largest number of a conversation, as the database keeps it. */
const largestNumber = 2_147_483_647

/** The number that a search asks for: "325", "#325"; null for other texts. */
export function numberIn(text: string): number | null {
  const number = Number(/^\s*[#＃]?(\d{1,10})\s*$/.exec(text)?.[1] ?? Number.NaN)
  return number <= largestNumber ? number : null
}
