/** Tickets as a CSV that spreadsheets open as it is (RFC 4180, UTF-8 with a mark) and that never runs as a formula. */
import { stringify } from 'csv-stringify/sync'

/** Byte order mark: without it Excel reads UTF-8 as something else. */
export const csvMark = '\ufeff'

/**
 * Lines of a CSV. A cell that a spreadsheet would take for a formula (= + - @, tab, carriage return, line feed, and the
 * full-width forms that some spreadsheets fold) gets an apostrophe in front, which they show as text. So does one that begins that way
 * behind apostrophes of its own: whoever takes one away again has the text as it was.
 */
export const csvLines = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(harmless)),
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  )

/** A cell as text that stays text. */
export const harmless = (cell: string): string =>
  /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell

/** `2026-11-23 14:05:09` in a time zone: a form that spreadsheets take for a date. */
export function csvTime(iso: string | null, timeZone: string): string {
  if (!iso) return ''
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return format.format(new Date(iso))
}
