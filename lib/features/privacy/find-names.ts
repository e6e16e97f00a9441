/** Names of people, by the words that lead to them; one that nothing leads to stays (k-anonymity hides it in exports). Pure. */
import type { Finder, Span } from './finder'
import {
  doubleSurnames,
  givenNames,
  isState,
  noChineseNames,
  notNames,
  rareSurnames,
  usualSurnames,
  wordNames,
} from './name-words'

/** After these a name is sure to follow, or a word that is none. */
const surely =
  /\b(?:(?:my|our|the|her|his|their|whose)(?: [\w-]{2,20}'s)? (?:full |first |last |real )?name(?:'s| is| was)?|name on (?:the |my )?(?:card|order|account|invoice|parcel|label)(?: (?:is|was))?|name|(?:i am|i'm|he is|she is) called|recipient|(?:in|under) the name(?: of)?)(?:\s?:\s{0,2}|\s{1,2})/gi
/** After these a name follows often: it needs a capital, or to be a known one. */
const often =
  /\b(?:(?:kind |best |warm )?regards|sincerely|cheers|yours(?: truly)?|signed(?: by)?|addressed to|attn|attention|call me|deliver(?:ed)? to|ask for|(?:speak|spoke|talk|talked) (?:to|with)|(?:hi|hello|hey)(?: there| again)?|dear|(?:(?:account |card ?)(?:holder|owner)|contact(?: person)?|guest|passenger|patient|payee|sender|receiver|addressee)(?: is)?)\b[,.:!]?\s{1,2}/gi
/** After these something else follows more often. */
const seldom = /\b(?:i am|i'm|im|this is|it's|its|it is|here is|here's)\s{1,2}/gi
const titles = /\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|mr|mrs|dr|prof|MR|MRS|MS|DR)\b\.?\s{1,2}/g
/** The last words of a message. */
const closing = /\b(?:thanks|thank you|thx|best|love|br)\b[,.!]{0,2}\s{1,2}/gi

const wordAt = /\p{L}[\p{L}\p{M}'-]*/uy
const gapAt = /(?: |\t)(?:\p{Lu} |\p{L}\. )?(?:(?:van|von|de|der|den|da|di|del|la|bin|al|el|le|ter|mc) ){0,2}/uy

function at(pattern: RegExp, text: string, from: number): string {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? ''
}

const capital = (word: string): boolean => /^\p{Lu}/u.test(word)
const plain = (word: string): string => word.toLowerCase().replace(/'s$/, '')
const isGiven = (word: string): boolean => givenNames.has(plain(word)) || (capital(word) && wordNames.has(plain(word)))
const isNone = (word: string): boolean => word.length < 2 || notNames.has(plain(word).replaceAll("'", ''))
const latin = (word: string): boolean => /^[\p{Script=Latin}\p{Script=Cyrillic}\p{M}'-]+$/u.test(word)

/** Where a name ends that begins with `first` at `from`: up to two words more that go on like it. */
function endOf(text: string, from: number, first: string): number {
  let to = from + first.length
  const great = capital(first)
  for (let more = 0; more < 2; more++) {
    const gap = at(gapAt, text, to)
    const next = gap ? at(wordAt, text, to + gap.length) : ''
    if (!next || !latin(next) || isNone(next)) break
    if (great ? !capital(next) : capital(next) || more > 0 || (isState(next) && !isGiven(next))) break
    to += gap.length + next.length
  }
  return to
}

type Certainty = 'sure' | 'often' | 'seldom' | 'title' | 'closing'

function accepts(certainty: Certainty, text: string, from: number, first: string, to: number): boolean {
  if (isGiven(first) && (capital(first) || certainty !== 'closing')) return certainty !== 'closing' || ends(text, to)
  if (isNone(first) || !latin(first)) return false
  const several = to > from + first.length
  if (certainty === 'title')
    return (
      capital(first) ||
      (/^[a-z]/.test(
        text
          .slice(0, from)
          .trimEnd()
          .match(/\w+\.?$/)?.[0] ?? '',
      ) &&
        first.length > 2)
    )
  if (certainty === 'sure') return capital(first) || !isState(first)
  if (!capital(first) || (isState(first) && !several)) return false
  if (certainty === 'closing') return ends(text, to) && !isState(first)
  if (certainty === 'often') return !isState(first) || several
  // I'm Siobhan, / I am Siobhan from …: a capital alone is little.
  return (
    !isState(first) && (several || /^(?:[,.!]|\s*$| (?:from|and|here|calling|with)\b)/.test(text.slice(to, to + 9)))
  )
}

const ends = (text: string, to: number): boolean => /^[.!\s]*$/.test(text.slice(to, to + 200)) && text.length - to < 200

function* english(text: string, lead: RegExp, certainty: Certainty): Generator<Span> {
  for (const match of text.matchAll(lead)) {
    const from = match.index + match[0].length
    const first = at(wordAt, text, from)
    if (!first || !latin(first)) continue
    const to = endOf(text, from, first)
    if (accepts(certainty, text, from, first, to)) yield [from, to]
  }
}

const chineseLead =
  /(?:(我姓)|(我(?:的名字|名)?(?:叫做?|的?名字是)|我的名字|姓名|名字(?=[是叫:])|收件人|收货人|收貨人|寄件人|联系人|聯繫人|户名|持卡人|签收人|开户人|预订人|入住人|乘客|本人|机主|车主|抬头|署名)|(我是|我就是|这里是|这边是))(?:改成|改为|换成|写的是|应该是|填的是|叫做|名字|名)?\s{0,2}[:是为叫]?\s{0,2}/g
const double = new RegExp(`^(?:${doubleSurnames})`)
const usual = new Set(usualSurnames)
const surname = new Set(usualSurnames + rareSurnames)
const han = /^\p{Script=Han}$/u
/** No given name has them. */
const notGiven = new Set(
  '的了是在我你您他她它吗呢吧啊不没也都就要想请已把被给让这那哪还又很太着过个什怎们说去买退换订查问跟与或及写填错',
)
/** What goes on after a name. */
const goesOn =
  /^(?:电话|手机|身份|地址|住址|邮|收|打|和|跟|与|有|从|到|对|会|可以|能|需要|希望|昨|今|明天|上周|上次|先生|女士|小姐|经理|老师|已|确认|签|申请|投诉|联系|再|快|谢|麻烦|下单|号|卡|账|之前|来|的|我|你|您|他|她|在|是|要|想|请|了|吗|呢|吧|啊|不|没|也|都|就|把|被|给|让|去|买|退|换|订|查|问|说|这|那|刚|还|又|为|用|：|，)/

/** Where a Chinese name that begins here ends; `from` when none does. */
function endOfChinese(text: string, from: number, certainty: 'sure' | 'seldom'): number {
  const rest = text.slice(from, from + 8)
  const known = certainty === 'sure' ? surname : usual
  const two = double.test(rest)
  if (!two && (!known.has(rest[0] ?? '') || noChineseNames.test(rest))) return from
  const given = two ? 2 : 1
  const isGivenSign = (place: number) => han.test(rest[place] ?? '') && !notGiven.has(rest[place] as string)
  if (!isGivenSign(given)) return from
  // The longer name, unless words begin there that no name goes on with.
  const longer =
    isGivenSign(given + 1) &&
    !/^(?:电话|手机|身份|地址|先生|女士|小姐|经理|老师|收到|申请|联系|确认|投诉|签收|下单|昨天|今天|明天|上周|麻烦)/.test(
      rest.slice(given + 1),
    )
  const delimited = (to: number) => !han.test(rest[to] ?? '') || goesOn.test(rest.slice(to))
  if (certainty === 'sure') return from + given + (longer ? 2 : 1)
  if (/[员人生家客户者店长方]$/.test(rest.slice(0, given + (longer ? 2 : 1)))) return from
  if (longer && delimited(given + 2)) return from + given + 2
  return delimited(given + 1) ? from + given + 1 : from
}

const written =
  /^(?=[\p{Script=Han}·]{2,12}(?:[,，。;\s]|$))(?!本人|自己|同上|未|无|不|没|见|错|修改|信息|电话|地址)\p{Script=Han}{2,8}(?:·\p{Script=Han}{1,8})?/u

function* chineseLed(text: string): Generator<Span> {
  for (const match of text.matchAll(chineseLead)) {
    const from = match.index + match[0].length
    const [, family, sure] = match
    if (family) {
      const size = double.test(text.slice(from, from + 2)) ? 2 : surname.has(text[from] ?? '') ? 1 : 0
      if (size) yield [from, from + size]
      continue
    }
    const to = endOfChinese(text, from, sure ? 'sure' : 'seldom')
    // A form's field holds whatever it is called to hold: 收件人：阿依古丽.
    const [field = ''] = sure && match[0].includes(':') ? (written.exec(text.slice(from, from + 20)) ?? []) : []
    const far = /^·\p{Script=Han}{1,8}/u.exec(text.slice(to, to + 9))?.[0] ?? ''
    if (to > from || field) yield [from, Math.max(to, from + field.length) + far.length]
  }
}

const titleAt = /先生|女士|小姐(?!姐)|经理|老师|师傅|主任|医生|律师|主管|总监|阿姨/g
/** Surnames that stand before a title as another word: 向经理投诉, 和经理说, 时间经理. */
const notTitled = new Set('向和时安关全应常单明解查连成')

/** 王经理, 王小明先生: from the surname on. */
function* chineseTitled(text: string): Generator<Span> {
  for (const { index } of text.matchAll(titleAt)) {
    const before = text.slice(Math.max(0, index - 4), index)
    for (let size = Math.min(4, before.length); size > 0; size--) {
      const name = before.slice(before.length - size)
      const sign = name[0] as string
      const twice = double.test(name)
      if ((size === 4 && !twice) || (name === '谢' && before.endsWith('谢谢'))) continue
      if (!twice && (!usual.has(sign) || notTitled.has(sign) || noChineseNames.test(name))) continue
      if (![...name.slice(1)].every((one) => han.test(one) && !notGiven.has(one))) continue
      // 谢谢王经理: the surname next to the title is the one.
      if (size > 1 && usual.has(name.at(-1) as string) && /^(?:谢谢|.[叫找让请给跟问和]$)/u.test(name)) continue
      yield [index - size, index]
      break
    }
  }
}

/** 张伟收: whom a parcel is for, at the end of an address. */
const received = /(?<=[,，。:\s号室楼\]])([\p{Script=Han}]{2,4})收(?=[,，。;\s]|$)/gu

function* chineseReceived(text: string): Generator<Span> {
  for (const { 0: all, index } of text.matchAll(received)) {
    const name = all.slice(0, -1)
    if (endOfChinese(name, 0, 'sure') === name.length) yield [index, index + name.length]
  }
}

export const names: Finder = {
  kind: 'name',
  *find(text) {
    if (/[A-Za-z]{2}/.test(text)) {
      yield* english(text, surely, 'sure')
      yield* english(text, often, 'often')
      yield* english(text, titles, 'title')
      yield* english(text, seldom, 'seldom')
      yield* english(text, closing, 'closing')
    }
    if (/\p{Script=Han}/u.test(text)) {
      yield* chineseLed(text)
      yield* chineseTitled(text)
      yield* chineseReceived(text)
    }
  },
}
