/** What an intent of an account may be called, and what may be changed about one. */
import { z } from 'zod'
import { intentKey } from '@/lib/core/intent-key'
import { lines } from '@/lib/core/learning'
import { nameOfAtMost } from '@/lib/core/text'

/** Those in use, put aside and changed together: more than any plan includes, so that the plan is what one meets. */
export const mostIntents = 2_000

const name = nameOfAtMost(60)

const description = z
  .string()
  .max(500)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'text_invalid')
const threshold = z.number().min(lines.least).max(lines.most).nullable()

export const intentDraft = z.object({ name, description: description.default('') })
export type IntentDraft = z.output<typeof intentDraft>

export const intentChange = z
  .object({ name: name.nullable(), description, threshold, archived: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0)
export type IntentChange = z.output<typeof intentChange>

/** Lines of many intents in one press. */
export const intentThresholds = z.object({
  thresholds: z
    .array(z.object({ key: intentKey, threshold }))
    .min(1)
    .max(mostIntents)
    .refine((some) => new Set(some.map(({ key }) => key)).size === some.length),
})
export type IntentThresholds = z.output<typeof intentThresholds>['thresholds']

export const intentMerge = z.object({ into: intentKey })

/** Which of the intents that come with the product the account uses at all. */
export const builtinChange = z.object({ used: z.boolean() })

/** Its Latin letters and digits, for keys. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 56)

/** A key out of a name: its Latin letters and digits, or a number where it has none (`发货` → `intent_7`). */
export function keyOf(name: string, taken: ReadonlySet<string>): string {
  const latin = slugOf(name)
  const stem = latin || 'intent'
  for (let n = latin ? 1 : taken.size + 1; ; n++) {
    const key = n === 1 ? stem : `${stem}_${n}`
    if (!taken.has(key)) return key
  }
}
