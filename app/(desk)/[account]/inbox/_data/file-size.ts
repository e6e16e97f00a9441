/** How large a file is, in one short word. Pure. */

/** "12 kB", "3.4 MB" in the reader's language. */
export function formatSize(bytes: number, locale: string): string {
  const mega = bytes >= 1_000_000
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: mega ? 'megabyte' : 'kilobyte',
    unitDisplay: 'short',
    maximumFractionDigits: mega ? 1 : 0,
  }).format(mega ? bytes / 1_000_000 : Math.max(1, bytes / 1_000))
}
