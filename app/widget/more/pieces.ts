/** What the composer's files and those of messages have in common: how large a file is, in words, and how one is drawn. */
import { make } from '../frame/dom'
import { locale } from './words'

/** "12 KB", "3.4 MB" in the frame's language. */
export function sizeOf(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), 'kilobyte'] : [bytes / 1e6, 'megabyte']
  const digits = value < 10 && unit === 'megabyte' ? 1 : 0
  return value.toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits })
}

/** A sheet of paper with the kind of file on it; the name beside it says the same to those who cannot see it. */
export function sheet(name: string): HTMLElement {
  const mark = make('i', {}, name.split('.').at(-1)!.slice(0, 4))
  mark.ariaHidden = 'true'
  return mark
}
