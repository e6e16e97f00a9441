/** Names of people in Chinese, by the words that lead to them and by titles; one that nothing leads to stays. Pure. */
import type { Finder, Span } from './finder'
import { doubleSurnames, noChineseNames, rareSurnames, usualSurnames } from './name-words'

const lead =
  /(?:((?:我|免贵|敝|鄙人)姓)|(我(?:的名字|名)?(?:叫做?|的?名字是)|我的名字|姓名|名字(?=[是叫:])|收件人|收货人|收貨人|寄件人|联系人|聯繫人|户名|持卡人|签收人|开户人|预订人|入住人|乘客|本人|机主|车主|抬头|署名|经办人|负责人|申请人|投保人|监护人|法人代表)|(我是|我就是|这里是|这边是|名字|改成|改为|(?:寄|发|交|送|转)给|客户|顾客|我?(?:老公|老婆|爱人|妈妈|爸爸|太太|朋友|同事|女儿|儿子)(?:叫|是)?))(?:改成|改为|换成|写的是|应该是|填的是|叫做|名字|名)?\s{0,2}[:是为叫]?\s{0,2}/g
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
  /^(?:电话|手机|身份|地址|住址|邮|收|打|和|跟|与|有|从|到|对|会|可以|能|需要|希望|昨|今|明天|上周|上次|先生|女士|小姐|经理|老师|已|确认|签|申请|投诉|联系|再|快|谢|麻烦|下单|号|卡|账|之前|来|的|我|你|您|他|她|在|是|要|想|请|了|吗|呢|吧|啊|不|没|也|都|就|把|被|给|让|去|买|退|换|改|订|查|问|说|这|那|刚|还|又|为|用|：|，)/

/** Where a Chinese name that begins here ends; `from` when none does. */
function endOf(text: string, from: number, certainty: 'sure' | 'seldom'): number {
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
    !/^(?:电话|手机|身份|地址|先生|女士|小姐|经理|老师|收到|申请|联系|确认|投诉|签收|下单|号码|昨天|今天|明天|上周|麻烦)/.test(
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

function* led(text: string): Generator<Span> {
  for (const match of text.matchAll(lead)) {
    const from = match.index + match[0].length
    const [, family, sure] = match
    if (family) {
      const size = double.test(text.slice(from, from + 2)) ? 2 : surname.has(text[from] ?? '') ? 1 : 0
      if (size) yield [from, from + size]
      continue
    }
    const to = endOf(text, from, sure ? 'sure' : 'seldom')
    // A form's field holds whatever it is called to hold: 收件人：阿依古丽.
    const [field = ''] = sure && match[0].includes(':') ? (written.exec(text.slice(from, from + 20)) ?? []) : []
    const far = /^·\p{Script=Han}{1,8}/u.exec(text.slice(to, to + 9))?.[0] ?? ''
    if (to > from || field) yield [from, Math.max(to + far.length, from + field.length)]
  }
}

const titleAt = /先生|女士|小姐(?!姐)|经理|老师|师傅|主任|医生|律师|主管|总监|阿姨|总(?=[,。!?\s]|$)/g
/** Surnames that stand before a title as another word: 向经理投诉, 和经理说, 时间经理. */
const notTitled = new Set('向和时安关全应常单明解查连成')

/** 王经理, 王小明先生: from the surname on. */
function* titled(text: string): Generator<Span> {
  for (const { index } of text.matchAll(titleAt)) {
    const before = text.slice(Math.max(0, index - 4), index)
    for (let size = Math.min(4, before.length); size > 0; size--) {
      const name = before.slice(before.length - size)
      const sign = name[0] as string
      const twice = double.test(name)
      if (size === 4 && !twice) continue
      // 谢谢经理, 感谢快递师傅.
      if (sign === '谢' && /[感谢多致鸣答]$/.test(before.slice(0, before.length - size))) continue
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

function* receiving(text: string): Generator<Span> {
  for (const { 0: all, index } of text.matchAll(received)) {
    const name = all.slice(0, -1)
    if (endOf(name, 0, 'sure') === name.length) yield [index, index + name.length]
  }
}

export const chineseNames: Finder = {
  kind: 'name',
  *find(text) {
    if (!/\p{Script=Han}/u.test(text)) return
    yield* led(text)
    yield* titled(text)
    yield* receiving(text)
  },
}
