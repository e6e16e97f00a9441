/** What an inbox may be set to, without a database: website addresses and colours that can be read. */

/** Hosts that are safe inside a content policy: letters, digits, dots and hyphens, or an IPv6 address. */
const plainHost = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/

/**
 * `https://shop.example:8443` out of what a person typed, or null. A path, query or sign-in part is refused rather than
 * dropped: whoever wrote one believes that it limits something.
 */
export function normalOrigin(typed: string): string | null {
  const text = typed.trim()
  if (!/^https?:\/\//i.test(text)) return null
  try {
    const url = new URL(text)
    const bare =
      url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password && !/[?#@]/.test(text)
    // The URL standard lets ';' and ',' stand in a host: they would end a directive of the policy this goes into.
    return bare && plainHost.test(url.hostname) && url.origin !== 'null' ? url.origin : null
  } catch {
    return null
  }
}

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** Relative luminance of `#rrggbb` (WCAG 2.2), 0..1. */
export function luminance(colour: string): number {
  const bits = Number.parseInt(colour.slice(1), 16)
  const part = (shift: number) => channel(((bits >> shift) & 255) / 255)
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

/** Contrast of two colours (WCAG 2.2), 1..21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Least contrast of a control against the page (WCAG 2.2, 1.4.11) and of text (1.4.3). */
export const leastOnPage = 3
export const leastForText = 4.5

/** The text colour that reads on an accent: at least 4.5 : 1, whatever it is. */
export const inkOn = (accent: string): string =>
  contrast(accent, '#ffffff') >= contrast(accent, '#000000') ? '#ffffff' : '#000000'

/** How an accent does: as a button on white and on dark pages, and as the ground of the better of two text colours. */
export function judgeAccent(accent: string): { onLight: number; onDark: number; text: number } {
  return {
    onLight: contrast(accent, '#ffffff'),
    onDark: contrast(accent, '#16181d'),
    text: Math.max(contrast(accent, '#ffffff'), contrast(accent, '#16181d')),
  }
}
