/** What an intent of an account may be called, and what may be changed about one. */
import { createHash } from 'node:crypto'
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

/** A key may be of 64 signs: there is room for a number behind. */
const longestSlug = 56

/** Its Latin letters and digits, for keys. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, longestSlug)

/** Its slug says all of it: `Card-Arrival` is `card_arrival`, and `C++` is no `c`. */
export const isSlugged = (name: string): boolean =>
  /^[A-Za-z0-9]+(?:[ _-]+[A-Za-z0-9]+)*$/.test(name) && slugOf(name).length < longestSlug

/** A key out of a name: its Latin letters and digits, and a short digest of the name where more than those tells it from others (`发货` → `intent_93d01ca7`). */
export function keyOf(name: string, taken: ReadonlySet<string>): string {
  const latin = slugOf(name)
  const digest = createHash('sha256').update(name.normalize('NFKC').toLowerCase()).digest('hex').slice(0, 8)
  const told = latin && latin.length < longestSlug && /^[\w .,!?'-]+$/.test(name)
  const stem = told ? latin : `${latin.slice(0, longestSlug - 9) || 'intent'}_${digest}`
  for (let n = 1; ; n++) {
    const key = n === 1 ? stem : `${stem}_${n}`
    if (!taken.has(key)) return key
  }
}
