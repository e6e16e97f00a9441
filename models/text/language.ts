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
/** Everyday English words that no other language in Latin script shares: enough of them decide without statistics. */
const ENGLISH_ONLY = new Set(
  (
    'the you your my have has not with what where how this that please when why which would could should been they ' +
    'their there thanks thank want need help get order refund package delivery shipping account password because about ' +
    'does did dont cant wont isnt didnt im ive youre its just still never always very much many again today tomorrow ' +
    'yesterday day week good great bad worst best service customer flight time money back change cancel phone number ' +
    'hello hey ok okay who will out from love work working works broken late item price buy bought know card pay check ' +
    'and are but any had here got being make now than after before one two really even through only other another some ' +
    'more most keep going trying tried waiting told said someone anyone people first last next thing things right thx pls u'
  ).split(' '),
)
/** Words that English shares with others: they count only in texts too short for statistics. */
const ENGLISH_TOO = new Set(
  (
    'a am an at be can do for go hi i in is it late link login me no of on open or see so to us was we ' +
    'chat card email support app test stop start fee bye agent bot human invoice track tracking'
  ).split(' '),
)
/** Greetings and thanks that are often a whole message, too short for statistics. */
const SHORT_WORDS: Record<string, string> = {
  hola: 'es',
  gracias: 'es',
  ayuda: 'es',
  bonjour: 'fr',
  salut: 'fr',
  merci: 'fr',
  bonsoir: 'fr',
  hallo: 'de',
  danke: 'de',
  hilfe: 'de',
  moin: 'de',
  ciao: 'it',
  grazie: 'it',
  obrigado: 'pt',
  obrigada: 'pt',
  olá: 'pt',
  hoi: 'nl',
  bedankt: 'nl',
}
/** Statistics settle within this many characters. */
const SAMPLE = 120

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
    // A single kana in a Chinese text is a picture, not Japanese.
    if (language === 'ja' && found * 8 < han) continue
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

/** Shares of words that are surely English, and that may be. */
function englishShares(text: string): { sure: number; maybe: number } {
  const words = text.split(/[^a-z]+/)
  let total = 0
  let sure = 0
  let maybe = 0
  for (const word of words) {
    if (word === '') continue
    total++
    if (ENGLISH_ONLY.has(word)) sure++
    else if (ENGLISH_TOO.has(word)) maybe++
  }
  return total ? { sure: sure / total, maybe: (sure + maybe) / total } : { sure: 0, maybe: 0 }
}

function sample(text: string): string {
  if (text.length <= SAMPLE) return text
  const end = text.lastIndexOf(' ', SAMPLE)
  return text.slice(0, end > 40 ? end : SAMPLE)
}

/** Works on cleaned text. */
export function detectLanguage(cleaned: string): Language {
  const text = sample(cleaned)
  if (NOT_LATIN.test(text)) {
    const found = byScript(text)
    if (found) return found
  }
  if (!LETTER.test(text)) return NOTHING
  const short = text.length <= 12 ? SHORT_WORDS[text.replace(/[^\p{L}]+/gu, '')] : undefined
  if (short) return { language: short, probability: 0.9 }
  const english = englishShares(text)
  if (english.sure >= 0.2 || english.maybe >= 0.75) {
    return { language: 'en', probability: Math.min(0.99, 0.85 + 0.15 * Math.max(english.sure, english.maybe)) }
  }
  const result = eld.detect(text)
  if (!result.language) return english.maybe > 0 ? { language: 'en', probability: 0.5 } : NOTHING
  const scores = result.getScores()
  const best = scores[result.language] ?? 0
  if (result.language !== 'en' && english.maybe >= 0.4 && (scores.en ?? 0) > best * 0.8) {
    return { language: 'en', probability: 0.6 }
  }
  const probability = result.isReliable() ? Math.min(0.99, 0.55 + best) : Math.min(0.6, best + 0.2)
  return { language: result.language, probability }
}
