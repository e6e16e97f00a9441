/** Finds the links in a text that may safely be pressed. Pure. */
import { webAddress } from '@/app/_ui/web-address'

/** `at`: where the part begins. */
export type TextPart = { at: number; text: string; href?: string }

const pattern = /\bhttps?:\/\/[^\s<>"'`\p{sc=Han}，。！？；：、（）《》【】「」“”‘’]+/giu

/** Signs at the end of a sentence do not belong to the address before them; a closing bracket only with its opening one. */
function trimmed(address: string): string {
  let end = address.length
  for (;;) {
    const last = address[end - 1] ?? ''
    const inside = address.slice(0, end)
    if (/[.,;:!?*_~]/.test(last)) end--
    else if (last === ')' && inside.split('(').length < inside.split(')').length) end--
    else if (last === ']' && !inside.includes('[')) end--
    else return inside
  }
}

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    const shown = trimmed(match[0])
    const href = webAddress(shown)
    if (!href) continue
    if (match.index > at) parts.push({ at, text: text.slice(at, match.index) })
    parts.push({ at: match.index, text: shown, href })
    at = match.index + shown.length
  }
  if (at < text.length) parts.push({ at, text: text.slice(at) })
  return parts
}
