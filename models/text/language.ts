/** Says which language a text is written in: by script where that decides, by letter statistics (eld) otherwise. */
import { eld } from 'eld/extrasmall'

export interface Language {
  /** BCP 47 primary tag, or "und" when nothing can be said. */
  language: string
  probability: number
}

const NOTHING: Language = { language: 'und', probability: 0 }
const LETTER = /\p{L}/u
const NOT_LATIN = /[^\p{ASCII}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u

/** Scripts that belong to one language in practice. */
const SCRIPTS: ReadonlyArray<[RegExp, string]> = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Hebrew}/gu, 'he'],
]
const HAN = /\p{Script=Han}/gu
const LATIN = /\p{Script=Latin}/gu
/** Very short English chat words on which letter statistics mislead. */
const ENGLISH_WORDS = new Set(
  (
    'a am an and any are at be been but buy can cancel card cant chat check could day delivery did do does dont email for ' +
    'from get go good great have hello help hey hi how human i im in is it item item just late link login me money my ' +
    'need never new no not ok okay on open or order package password pay please price product refund return reset say ' +
    'send service ship shipping sorry still stop support sure thank thanks that the there they thing this to track ' +
    'tracking us want was we what when where which who why will with wont work working would wrong yes you your'
  ).split(' '),
)

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

function byScript(text: string): Language | undefined {
  const han = count(text, HAN)
  // A Chinese character carries about as much as a short word, a Latin letter a fifth of one.
  const latin = count(text, LATIN) / 5
  for (const [pattern, language] of SCRIPTS) {
    const found = count(text, pattern)
    if (found === 0) continue
    const rest = language === 'ja' ? latin : latin + han
    if (found + (language === 'ja' ? han : 0) > rest)
      return { language, probability: share(found + (language === 'ja' ? han : 0), rest) }
  }
  if (han > latin) return { language: 'zh', probability: share(han, latin) }
  return undefined
}

function share(own: number, other: number): number {
  return Math.min(0.999, (own + 0.5) / (own + other + 0.5))
}

/** The share of words that are everyday English: a strong hint where a text has only a few letters. */
function englishShare(text: string): number {
  const words = text.match(/[a-z]+/g)
  if (!words) return 0
  let known = 0
  for (const word of words) if (ENGLISH_WORDS.has(word)) known++
  return known / words.length
}

/** Works on cleaned text. */
export function detectLanguage(cleaned: string): Language {
  if (NOT_LATIN.test(cleaned)) {
    const found = byScript(cleaned)
    if (found) return found
  }
  if (!LETTER.test(cleaned)) return NOTHING
  const english = englishShare(cleaned)
  if (english >= 0.5) return { language: 'en', probability: Math.min(0.99, 0.8 + english * 0.19) }
  const result = eld.detect(cleaned)
  if (!result.language) return english > 0 ? { language: 'en', probability: 0.5 } : NOTHING
  const scores = result.getScores()
  const best = scores[result.language] ?? 0
  if (result.language !== 'en' && english >= 0.25 && (scores.en ?? 0) > best * 0.8)
    return { language: 'en', probability: 0.6 }
  return {
    language: result.language,
    probability: result.isReliable() ? Math.min(0.99, 0.55 + best) : Math.min(0.6, best + 0.2),
  }
}
