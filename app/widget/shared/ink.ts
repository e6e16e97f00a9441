/** Text colour that reads on an accent: white or black, whichever contrasts more (WCAG luminance, gamma 2.2). */

/** `accent` is #rrggbb, as the server checks; anything else would count as dark and get white. */
export function ink(accent: string): string {
  const bits = Number.parseInt(accent.slice(1), 16)
  const part = (shift: number, weight: number) => (((bits >> shift) & 255) / 255) ** 2.2 * weight
  // 0.179: where white and black contrast alike, 4.6 : 1.
  return part(16, 0.2126) + part(8, 0.7152) + part(0, 0.0722) > 0.179 ? '#000' : '#fff'
}
