/** A text as patterns read it: full-width signs as ASCII, no invisible ones; and where each sign stands in the text itself. Pure. */

export interface Folded {
  text: string
  /** Where a sign of the folded text begins in the text itself, UTF-16 offsets. */
  start(at: number): number
  /** Where what ends before `at` in the folded text ends in the text itself. */
  end(at: number): number
}

const differs = /[^\0-\x7f\u4e00-\u9fff，。！？：；（）、]/u
const punctuation = /[，！？：；（）]/
const invisible = /^[\p{Cf}\p{Variation_Selector}]$/u
/** `①` in front of a number is no digit of it. */
const otherNumber = /^\p{No}$/u
const alike: Record<string, string> = {
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
}

const known = new Map<string, string>()

function foldSign(sign: string): string {
  let folded = known.get(sign)
  if (folded === undefined) {
    folded = alike[sign] ?? (invisible.test(sign) ? '' : otherNumber.test(sign) ? sign : sign.normalize('NFKC'))
    known.set(sign, folded)
  }
  return folded
}

const same = (at: number): number => at
/** Signs that fold into one sign each keep their places. */
const halfWidth = (text: string): string =>
  punctuation.test(text)
    ? text.replace(/[，！？：；（）]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    : text

/** NFKC sign by sign, with dashes and quotation marks of every kind as the plain ones. */
export function fold(raw: string): Folded {
  if (!differs.test(raw)) return { text: halfWidth(raw), start: same, end: same }
  const starts: number[] = []
  const ends: number[] = []
  let text = ''
  let at = 0
  for (const sign of raw) {
    const code = sign.charCodeAt(0)
    const folded = code < 0x80 || (code >= 0x4e00 && code <= 0x9fff) ? sign : foldSign(sign)
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(at)
      ends.push(at + sign.length)
    }
    text += folded
    at += sign.length
  }
  return {
    text,
    start: (place) => starts[place] ?? raw.length,
    end: (place) => (place > 0 ? (ends[place - 1] as number) : 0),
  }
}
