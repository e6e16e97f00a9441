/** What a message text may be: any Unicode that PostgreSQL and JSON can give back unchanged. */
import { z } from 'zod'

/** Most UTF-16 units of a message. */
export const longestText = 8_000

/** A message text; the failure's message is the error code. NUL and lone surrogates cannot be stored or sent back equal. */
export const messageText = z
  .string()
  .refine((text) => text.trim().length > 0, 'text_empty')
  .refine((text) => text.length <= longestText, 'text_too_long')
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'text_invalid')
