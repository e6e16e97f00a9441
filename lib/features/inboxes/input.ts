/** What the settings of an inbox may be. */
import { z } from 'zod'
import { nameOfAtMost, textOfAtMost } from '@/lib/core/text'
import { normalOrigin } from './rules'

const name = nameOfAtMost(60)

const origin = z
  .string()
  .max(300)
  .transform((typed, check) => {
    const normal = normalOrigin(typed)
    if (normal) return normal
    check.addIssue({ code: 'custom', message: 'origin' })
    return z.NEVER
  })

const said = (most: number) => textOfAtMost(most).optional()
/** Words of the widget in one language; an empty one falls back to the widget's own. */
const words = z.strictObject({ greeting: said(300), away: said(300), placeholder: said(100), disclosure: said(300) })

export const inboxSettings = z.object({
  name,
  allowedOrigins: z
    .array(origin)
    .max(50)
    .transform((origins) => [...new Set(origins)]),
  accent: z
    .string()
    .toLowerCase()
    .regex(/^#[\da-f]{6}$/),
  texts: z.strictObject({ en: words.optional(), 'zh-CN': words.optional() }),
  /** 0 begins a new conversation each time. */
  reopenDays: z.number().int().min(0).max(365),
  /** The chat says that a program sorts what is written. */
  disclosure: z.boolean(),
})

export const inboxDraft = inboxSettings.partial().required({ name: true })
export type InboxDraft = z.output<typeof inboxDraft>
export const inboxChange = inboxSettings
  .extend({ archived: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0)
export type InboxChange = z.output<typeof inboxChange>
