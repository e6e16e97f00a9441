/** Whether a row of an account's file may be kept: its fields, and values that the product's own forms would take. */

import { largestFile } from '@/lib/core/attachment'
import { AppError, type ErrorCode } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'
import { locales } from '@/lib/core/locale'
import { nameOfAtMost } from '@/lib/core/text'
import type { PortableTable } from '@/lib/features/accounts/portable'
import type { FileLine } from '@/lib/features/accounts/portable-lines'
import { preferencesInput } from '@/lib/features/accounts/preferences'
import { fileName } from '@/lib/features/attachments/names'
import { beginsAs } from '@/lib/features/attachments/sniff'
import { parseEmail } from '@/lib/features/identity/email'
import { inboxSettings } from '@/lib/features/inboxes/input'
import { labelDraft } from '@/lib/features/labels/input'
import { ruleConditions } from '@/lib/features/routing/input'

export type Values = Record<string, unknown>

export const refuse = (code: ErrorCode, line: number, what: string): AppError => new AppError(code, { line, what })

const id = /^(id|.*_(id|by))$/
/** Of the business and of the sender's program, and the number that people see. */
const notOurs = new Set(['external_id', 'client_id', 'display_id'])
const times = /_(at|since|until)$/
/** As the database writes them: its other spellings (`now`, `infinity`) are words that a file of ours never has. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?\+00:00$/

function fits(field: string, value: unknown): boolean {
  if (value === null) return true
  if (id.test(field) && !notOurs.has(field)) return isId(value)
  if (times.test(field)) return typeof value === 'string' && time.test(value)
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  // Nesting that is too deep to be written again ends here.
  return typeof value !== 'object' || JSON.stringify(value).length > 0
}

/** True unless it throws an AppError. */
function holds(check: () => unknown): boolean {
  try {
    return check() !== false
  } catch {
    return false
  }
}

const oneLine = (most: number) => (value: unknown) => nameOfAtMost(most).safeParse(value).success
const address = (value: unknown) => parseEmail(String(value)) === value

/** What the forms of the desk would refuse; shapes that pages rely on, and whatever reaches a style, a header or a mail. */
const values: Record<string, (row: Values) => unknown> = {
  person: ({ email, name, locale }) => address(email) && oneLine(300)(name) && locales.some((one) => one === locale),
  membership: ({ preferences }) => preferencesInput.safeParse(preferences).success,
  invitation: ({ email }) => address(email),
  team: ({ name }) => oneLine(60)(name),
  label: (row) => labelDraft.safeParse(row).success,
  inbox: ({ name, allowed_origins, accent, texts, reopen_days, disclosure }) =>
    inboxSettings.safeParse({
      name,
      allowedOrigins: allowed_origins,
      accent,
      texts,
      reopenDays: reopen_days,
      disclosure,
    }).success,
  routing_rule: ({ name, when }) => oneLine(80)(name) && ruleConditions.safeParse(when).success,
  intent: ({ name }) => name === null || oneLine(60)(name),
  contact: ({ former_ids }) => Array.isArray(former_ids) && former_ids.every(isId),
  attachment: ({ kind, name, content }) => {
    const safe = fileName(String(name), kind as 'png') === name || name === kind
    const bytes = Buffer.from(String(content), 'base64')
    // What an upload would refuse or cut by now was taken once, and is handed out sandboxed: it keeps no account out.
    return safe && (content === null || (bytes.length <= largestFile && beginsAs(bytes) === kind))
  },
}

/** @throws import_row, import_file */
export function checkRow({ name, fields }: Pick<PortableTable, 'name' | 'fields'>, line: FileLine): void {
  const { row, number } = line
  const same = Object.keys(row).length === fields.length && fields.every((field) => Object.hasOwn(row, field))
  if (!same || !holds(() => fields.every((field) => fits(field, row[field])))) throw refuse('import_row', number, name)
  const check = values[name]
  if (check && !holds(() => check(row)))
    throw refuse(name === 'attachment' ? 'import_file' : 'import_row', number, name)
}
