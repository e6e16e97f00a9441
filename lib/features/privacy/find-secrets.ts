/** Keys by the shapes that their issuers document, and what an address or a sentence calls a secret; names on other networks. Pure. */
import { byPattern, type Finder } from './finder'

const issued: readonly RegExp[] = [
  /\b(?:sk|pk|rk|whsec)_(?:live_|test_)?[A-Za-z\d]{16,}|\bsk-[\w-]{20,}/g,
  /\bgh[pousr]_[A-Za-z\d]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z\d]{16}\b|\bLTAI[A-Za-z\d]{12,24}\b|\bAKID[A-Za-z\d]{20,}\b/g,
  /\bxox[abeprs]-[A-Za-z\d-]{10,}|\bxapp-[A-Za-z\d-]{10,}|\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}/g,
  /\b(?:npm|hf|dop_v1|shpat|shpss|shpca|shppa|lin_api|glsa)_[A-Za-z\d]{20,}|\bpypi-[\w-]{30,}|\bATATT[\w-]{20,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}|\bsq0[a-z]{3}-[\w-]{20,}|\bkey-[\da-f]{32}\b|\b(?:AC|SK)[\da-f]{32}\b|\bEAA[A-Za-z\d]{30,}/g,
  /\b\d{8,10}:[\w-]{35}(?![\w-])|(?<=hooks\.slack\.com\/services\/)[\w/]{20,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]{0,8000}(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?/g,
]

const secretName =
  /token|secret|sign(?:ature)?$|passw(?:or)?d|passcode|^pw?d$|api[_.-]?key|access[_.-]?key|credential|session|^auth|otp|jwt|^(?:key|sig|sid|code|pin)$/i

/** An address with one of these carries nothing else: however short, it opens something. */
const openly =
  /(?:^|[_.-])(?:passw(?:or)?d|passphrase|passcode|pwd|pw|secret|token|auth|(?:api|access|secret|private)[_.-]?key|accesstoken)$/i

const value = '["\'`]?((?![&#"\'`,;)])[!-~][!#-&(-+.-:=?-_a-~-]{3,200})'
/** \`is wrong\` is no password: a digit, a sign, or a capital inside. */
const isMade = (what: string): boolean => /\d|[^\p{L}.!?:]|\p{Ll}\p{Lu}/u.test(what)
const isCode = (what: string): boolean => /[A-Za-z]/.test(what) && /\d/.test(what)

/** What a parameter of an address begins with, itself or as an address inside another one has it, and its name. */
const named = '(?:[?&#;]|%(?:25){0,2}(?:3F|26|23|3B))([\\w.-]{1,40})(?:=|%(?:25){0,2}3D)'
/** Up to the next one: a sign that begins none is a part of the value. */
const parameter = new RegExp(`(?<=${named})(?:(?!${named})[^&#\\s"'<>])+`, 'gi')
const nameBefore = new RegExp(`${named}$`, 'i')

/** Words that come before a secret in programs' settings: any name with one of these in it. */
const setting =
  '(?:[\\w-]{0,30}[_-])?(?:secret|token|passw(?:or)?d|pwd|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|account[_-]?key|session(?:[_-]?id)?|credentials?)(?:[_-][\\w-]{0,20})?'

export const secretFinders: readonly Finder[] = [
  ...issued.map((pattern) => byPattern('secret', pattern)),
  byPattern('secret', /\/\/([^\s/:@]{1,100}:[^\s/@]{1,200})@/g, { group: 1 }),
  byPattern('secret', parameter, {
    holds: (what, from, text) => {
      const name = nameBefore.exec(text.slice(Math.max(0, from - 60), from))?.[1] ?? ''
      // `sign=1` and `code=SPRING` say nothing about anybody.
      return openly.test(name) || (secretName.test(name) && (what.length >= 12 || (what.length > 3 && /\d/.test(what))))
    },
  }),
  // What is sent by mail to open something once.
  byPattern(
    'secret',
    /(?<=\/\/[^\s?#]{1,200}\/(?:reset|verify|verification|confirm|activate|invite|invitation|magic|login|signin|auth|token|password|unsubscribe|share)[\w-]{0,20}\/)[\w.~-]{8,}/gi,
    { holds: (what) => /\d/.test(what) },
  ),
  byPattern('secret', /\b(?:bearer|basic)\s+([\w.~+/=-]{12,})/gi, { group: 1, holds: isMade }),
  byPattern('secret', new RegExp(`(?<![A-Za-z\\d])${setting}["']?\\s?(?:=>?|:|是|为)\\s?${value}`, 'gi'), {
    group: 1,
    holds: isMade,
  }),
  byPattern(
    'secret',
    new RegExp(
      `\\b(?:password|passcode|passphrase|passwd|pwd|api[ _-]?key|secret key|access key|pass(?=:)|pw(?=:))\\s?(?:(?:is|was|=|:)\\s?)+${value}`,
      'gi',
    ),
    { group: 1, holds: isMade },
  ),
  byPattern('secret', /\b(?:password|passwd|pwd|passcode)\s([^\s"'，。,;]{5,100})/gi, { group: 1, holds: isCode }),
  byPattern(
    'secret',
    /\b(?:(?:verification|security|login|one[- ]time|sms|authentication|2fa) (?:code|password|pin)|otp|passcode|pin(?: code)?)\s?(?:is|was|:|=)?\s?(\d{4,8}|\d{3}[ -]\d{3})(?!\d)/gi,
    { group: 1 },
  ),
  byPattern(
    'secret',
    /(?:密码|口令|验证码|密钥|动态码|校验码)\s?(?:(?:设|改|写)?(?:成|为|置为)|就是|还是|[是为:=])?\s?([\w!@#$%^&*.+-]{4,100})/g,
    {
      group: 1,
      holds: (what) => /\d/.test(what) || /\p{Ll}\p{Lu}/u.test(what),
    },
  ),
  byPattern(
    'handle',
    /(?:微信|wechat|weixin|\b[wv]x(?=[\s:是为号])|加\s?[vw]x?|telegram|line id|skype)\s?(?:号|id)?\s?(?:是|为|is|:)?\s?@?([A-Za-z][\w-]{4,31})/gi,
    { group: 1, holds: (what) => /[\d_-]/.test(what) },
  ),
  byPattern('handle', /(?<![A-Za-z\d])QQ号?\s?(?:是|为|is|:)?\s?([1-9]\d{4,10})(?![\d@])/gi, { group: 1 }),
]

const local = '(?<![\\w.+@-])[\\w.+-]{1,64}'
const label = '[A-Za-z\\d-]{1,63}'
/** (at), [at], {at}, or the word. */
const spoken = (word: string) => `(?:\\(${word}\\)|\\[${word}\\]|\\{${word}\\}| ${word} )`
const ending = '(?:com|cn|net|org|io|de|uk|eu|fr|es|it|nl|co|me|info|example)'

export const emailFinders: readonly Finder[] = [
  byPattern('email', /(?<![\w.%+-])[\w.%+'-]{1,64}@[A-Za-z\d](?:[A-Za-z\d-]{0,62}\.)+[A-Za-z]{2,24}(?![A-Za-z])/g),
  byPattern('email', /"[^"\r\n]{1,64}"@(?:[A-Za-z\d-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z])/g),
  // Names in other letters, before or behind the sign.
  byPattern(
    'email',
    /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,4}(?:[A-Za-z]{2,24}|中国|公司|网络)(?![A-Za-z])/gu,
  ),
  // As people write it so that programs do not read it, and with a blank or a comma too many.
  byPattern(
    'email',
    new RegExp(
      `${local}\\s?${spoken('at')}\\s?${label}(?:\\s?(?:\\.|${spoken('dot')})\\s?${label}){0,3}\\s?(?:\\.|${spoken('dot')})\\s?${ending}\\b`,
      'gi',
    ),
  ),
  byPattern('email', new RegExp(`${local} ?@ ?${label}(?:[.,]${label}){0,3}[.,]${ending}\\b`, 'gi')),
]
