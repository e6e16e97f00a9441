/** How long somebody waits, in one short word. Pure. */

/** "<1m", "12m", "3h", "2d" in the reader's language. */
export function formatWait(minutes: number, locale: string): string {
  const [value, unit] =
    minutes < 60
      ? [Math.max(1, minutes), 'minute']
      : minutes < 60 * 24
        ? [minutes / 60, 'hour']
        : [minutes / 1_440, 'day']
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: String(unit),
    unitDisplay: 'narrow',
    maximumFractionDigits: 0,
  }).format(Math.floor(value))
}
