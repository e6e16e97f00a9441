/** Says of each UTF-16 unit whether it belongs to a word, to unspaced writing, is a sign of its own, or separates. */

export const SEPARATOR = 0
export const WORD = 1
export const UNSPACED = 2
export const SIGN_MARK = 3
const HIGH_SURROGATE = 4

const UNSPACED_SCRIPT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD_UNIT = /[\p{L}\p{M}\p{N}_]/u
const EXPRESSIVE = /[!?%$€£¥&+=*#\ue000-\ue003]|\p{Extended_Pictographic}/u

let table: Uint8Array | undefined

function build(): Uint8Array {
  const kinds = new Uint8Array(65536)
  for (let unit = 0x21; unit < 65536; unit++) {
    if (unit >= 0xd800 && unit < 0xdc00) kinds[unit] = HIGH_SURROGATE
    else if (unit >= 0xdc00 && unit < 0xe000) kinds[unit] = SEPARATOR
    else {
      const letter = String.fromCharCode(unit)
      if (UNSPACED_SCRIPT.test(letter)) kinds[unit] = UNSPACED
      else if (WORD_UNIT.test(letter)) kinds[unit] = WORD
      else if (EXPRESSIVE.test(letter)) kinds[unit] = SIGN_MARK
    }
  }
  return kinds
}

/** Built once (a few milliseconds), then one array read per character. */
export function characterKinds(): Uint8Array {
  table ??= build()
  return table
}

/** The kind of the character at `at`; rare characters beyond the first plane are either ideographs or pictures. */
export function kindAt(kinds: Uint8Array, text: string, at: number): number {
  const unit = text.charCodeAt(at)
  const kind = kinds[unit] as number
  if (kind !== HIGH_SURROGATE) return kind
  if (unit >= 0xd840 && unit <= 0xd8c3) return UNSPACED
  return unit >= 0xd83c && unit <= 0xd83e ? SIGN_MARK : WORD
}
