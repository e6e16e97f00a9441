/** Turns any message into the one clean form that every feature is read from. */

/** Raised whenever the same text would come out differently; it travels in the bundle. */
export const CLEAN_VERSION = 1

/** Longer messages are read up to here: what a person wants is said by then, and the cost stays bounded. */
export const MAX_CHARACTERS = 1500

/** Private-use signs stand for things whose exact value must not be learned (and may be personal). */
export const SIGN = { url: '\uE000', email: '\uE001', number: '\uE002', mention: '\uE003' } as const

const SIGN_NAMES: Record<string, string> = {
  [SIGN.url]: '‹url›',
  [SIGN.email]: '‹e-mail›',
  [SIGN.number]: '‹number›',
  [SIGN.mention]: '‹mention›',
}

const NOT_ASCII = /[^\x20-\x7e]/
/** Soft hyphens, joiners, direction marks, variation selectors, and private-use signs that a sender made up. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\p{Co}/gu
const APOSTROPHE = /[’‘`´]/g
const FULL_STOP = /[。．]/g
const COMMA = /[、﹑]/g
const EMAIL = /[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/g
const URL_LIKE = /(?:https?:\/\/|www\.)[^\s\u3000-\u9fff]+/g
const MENTION = /(^|[^a-z0-9_])@[a-z0-9_]+/g
/** Three digits and more are an order, a price, a phone, a date: never learned by value. One or two stay ("2 days", "5 stars"). */
const NUMBER = /\d(?:[\d.,:/-]*\d){2,}|\d{3,}/g
const IN_WORD_APOSTROPHE = /(?<=[a-z])'(?=[a-z])/g
const REPEATED = /([^\d\s])\1{2,}/gu
const SPACES = /\s+/g

/** NFKC, lower case, placeholders, no repeated letters beyond two, single spaces. */
export function cleanText(raw: string): string {
  let text = raw.length > MAX_CHARACTERS * 2 ? raw.slice(0, MAX_CHARACTERS * 2) : raw
  if (NOT_ASCII.test(text)) {
    // Before NFKC, which takes a lone accent apart into a space and a mark.
    text = text.replace(APOSTROPHE, "'").normalize('NFKC').replace(INVISIBLE, '')
    text = text.replace(FULL_STOP, '.').replace(COMMA, ',')
  }
  text = text.toLowerCase()
  if (text.includes('@')) text = text.replace(EMAIL, SIGN.email).replace(MENTION, `$1${SIGN.mention}`)
  if (text.includes('http') || text.includes('www.')) text = text.replace(URL_LIKE, SIGN.url)
  text = text
    .replace(NUMBER, SIGN.number)
    .replace(IN_WORD_APOSTROPHE, '')
    .replace(REPEATED, '$1$1')
    .replace(SPACES, ' ')
    .trim()
  return text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text
}

/** A cleaned piece as a person may read it: placeholders get their names back. */
export function readable(piece: string): string {
  return piece.replace(/[\ue000-\ue003]/g, (sign) => SIGN_NAMES[sign] ?? '')
}
