/** Text colour that reads on an accent: white or near-black, whichever contrasts more (WCAG luminance, gamma 2.2). */

/** `accent` is #rrggbb; anything else counts as dark and gets white. */
export function ink(accent: string): string {
  const bits = Number.parseInt(accent.slice(1), 16)
  const part = (shift: number, weight: number) => (((bits >> shift) & 255) / 255) ** 2.2 * weight
  // 0.183: where white and #16181d contrast alike.
  return part(16, 0.2126) + part(8, 0.7152) + part(0, 0.0722) > 0.183 ? '#16181d' : '#fff'
}

/** A colour we accept from a page or an inbox. */
export function isColour(value: unknown): value is string {
  return typeof value === 'string' && /^#[\da-f]{6}$/i.test(value)
}
