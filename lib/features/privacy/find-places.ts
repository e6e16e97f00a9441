/** Postal addresses: a street or a block of houses with its number, in English, Chinese and the forms of some neighbours. Pure. */
import { byPattern, type Finder } from './finder'

const han = '\\p{Script=Han}'
const counted = '[\\d一二三四五六七八九十百]{1,6}'
const inside = `(?:\\s?[\\dA-Za-z一二三四五六七八九十-]{1,6}\\s?(?:号楼|栋|幢|座|单元|层|楼|室|号|弄|组|户))`
const building = `(?:${han}{1,8}(?:大厦|大楼|写字楼|商厦|小区|花园|公寓|广场|中心|家园|苑|城|阁|轩|庭|园|酒店|宾馆)|${han}{1,8}(?=\\s?\\d{1,5}\\s?(?:号楼|栋|幢|座|单元|层|楼|室)))`

/** From the sign that says "street" on: number, building, flat. */
const chineseStreet = new RegExp(
  `(?:路|街|大道|巷|弄|胡同|里|村|镇|乡|组|道)(?:[东西南北中一二三四五六七八九十]段)?\\s?${counted}(?:[-之]\\d{1,4})?\\s?(?:号|弄|组|巷)(?:院|楼|附\\d{1,4}号)?${building}?${inside}{0,5}(?:\\s?\\d{1,5}\\s?室?)?`,
  'gu',
)
/** A block of houses without a street. */
const chineseBlock = new RegExp(
  `(?:小区|花园|公寓|大厦|家园|新村|苑|广场|社区|府|城)\\s?${inside}{1,5}(?:\\s?\\d{1,5}\\s?室?)?`,
  'gu',
)
/** A street of a named town needs no 号. */
const chineseBare = new RegExp(
  `(?<=(?:省|市|区|县|镇)${han}{1,8})(?:路|街|大道|巷)\\s?\\d{1,5}(?![\\d路元年月分公米千斤天个])`,
  'gu',
)

/** What leads to an address and is no part of it. */
const leads = /(?:地址|住址|[是在到住寄送给址于去]|:|,|，|。)/g
const leftOf = /(?:[\p{Script=Han}]|\s(?=[\p{Script=Han}])){1,32}$/u

function* chinese(text: string, pattern: RegExp) {
  for (const { 0: what, index } of text.matchAll(pattern)) {
    const [left = ''] = leftOf.exec(text.slice(Math.max(0, index - 32), index)) ?? []
    let skip = 0
    for (const lead of left.matchAll(leads)) skip = lead.index + lead[0].length
    const name = left.slice(skip).replace(/^\s+/, '')
    // A line of the underground has a number too: 坐5路, 地铁2号线, 到2号门.
    if (
      !name ||
      (what.endsWith('号') && /^(?:线|门|站|台|机|柜|口|馆|店|桌|色|码)/u.test(text.slice(index + what.length)))
    )
      continue
    yield [index - name.length, index + what.length] as const
  }
}

const surely = 'street|str|road|rd|avenue|ave|lane|ln|boulevard|blvd|terrace|crescent'
const maybe =
  'st|drive|dr|court|ct|square|sq|way|close|place|pl|row|gardens|grove|hill|mews|walk|parkway|pkwy|highway|hwy'
const flat = '(?:,?\\s{1,3}(?:apt|apartment|flat|unit|suite|ste|floor|room)\\b\\.?\\s?#?\\w{1,6})'
const before =
  '(?<![\\w.,-])(?:(?:apt|apartment|flat|unit|suite)\\s?#?\\w{1,6},?\\s{1,3})?\\d{1,5}(?:\\s?[-/]\\s?\\d{1,4})?[a-z]?,?\\s{1,3}'
const ordinary =
  /\b(?!The\b)(?:the|on|of|in|at|to|a|an|my|this|that|your|our|and|or|is|was|for|from|by|per|with|days?|hours?|minutes?|weeks?|months?|years?|times?|km|miles?|items?|pieces?|pcs|people|no|any|each|way|eur|usd)\b/i
const living = /(?:\b(?:at|to|address|live|lives|lived|is|moved|home)\b[\s:]*|:\s*)$/i

export const placeFinders: readonly Finder[] = [
  {
    kind: 'address',
    *find(text) {
      yield* chinese(text, chineseStreet)
      yield* chinese(text, chineseBlock)
      yield* chinese(text, chineseBare)
    },
  },
  byPattern(
    'address',
    new RegExp(
      `${before}(?:(?:[\\p{L}'.-]{1,20}|\\d{1,3}(?:st|nd|rd|th))\\s{1,3}){1,4}?(?:${surely})\\b\\.?${flat}?`,
      'giu',
    ),
    {
      holds: (what) => !ordinary.test(what),
    },
  ),
  byPattern(
    'address',
    new RegExp(
      `${before}(?:(?:[\\p{L}'.-]{1,20}|\\d{1,3}(?:st|nd|rd|th))\\s{1,3}){1,3}?(?:${maybe})\\b\\.?${flat}?`,
      'giu',
    ),
    {
      // `2 close lids` needs no street; written with capitals, or where somebody lives, it is one.
      holds: (what, from, text) =>
        !ordinary.test(what.replace(/\S+\s*$/, '')) &&
        (/\d\S*\s+(?:\p{Lu}\S*\s+)+\p{Lu}/u.test(what) || living.test(text.slice(Math.max(0, from - 16), from))),
    },
  ),
  byPattern('address', /\bP\.?\s?O\.?\s?Box\s?#?\s?\d{1,7}|\bPostfach\s\d[\d ]{1,8}/gi),
  byPattern(
    'address',
    /(?<![\p{L}-])(?:\p{L}{2,20}[ -])?\p{L}{2,24}(?:straße|strasse|str\.|gasse|allee|platz)\s?\d{1,4}\s?[a-z]?(?![\p{L}\d])/giu,
  ),
  byPattern(
    'address',
    /(?<!\w)\d{1,4}(?: bis| ter)?,?\s(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Aa]llée)\s(?:(?:de|du|des|la|le|les|d'|l')\s?){0,3}\p{Lu}[\p{L}'-]{1,24}(?:\s\p{Lu}[\p{L}'-]{1,24}){0,2}/gu,
  ),
  byPattern(
    'address',
    /(?<!\p{L})(?:[Cc]alle|[Aa]venida|[Pp]laza|[Vv]ia|[Pp]iazza|[Vv]iale|[Rr]ua)\s(?:(?:de|del|della|la|las|los|da|do)\s){0,2}\p{Lu}[\p{L}'-]{1,24}(?:\s\p{Lu}[\p{L}'-]{1,24}){0,2},?\s\d{1,4}/gu,
  ),
]
