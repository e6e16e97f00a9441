/** How long somebody waits, in one short word. Pure. */

type Unit = 'minute' | 'hour' | 'day'

/** A format costs more to make than a row to draw: one for each language and unit. */
const formats = new Map<string, Intl.NumberFormat>()

function formatOf(locale: string, unit: Unit): Intl.NumberFormat {
  const key = `${locale} ${unit}`
  const made =
    formats.get(key) ??
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: 0 })
  formats.set(key, made)
  return made
}

/** "<1m", "12m", "3h", "2d" in the reader's language. */
export function formatWait(minutes: number, locale: string): string {
  if (minutes < 60) return formatOf(locale, 'minute').format(Math.floor(Math.max(1, minutes)))
  if (minutes < 1_440) return formatOf(locale, 'hour').format(Math.floor(minutes / 60))
  return formatOf(locale, 'day').format(Math.floor(minutes / 1_440))
}
