/** Takes out of a text what says who somebody is, before the text leaves the account. Pure; English and Chinese. */
import { isCard, isIban, isResidentId } from './checks'

export const maskedKinds = [
  'secret',
  'handle',
  'email',
  'iban',
  'resident_id',
  'card',
  'ip',
  'phone',
  'address',
  'name',
] as const
export type MaskedKind = (typeof maskedKinds)[number]

export interface Found {
  kind: MaskedKind
  /** UTF-16 offsets. */
  from: number
  to: number
}

interface Finder {
  kind: MaskedKind
  pattern: RegExp
  /** Which group is the thing itself; the whole match without it. */
  group?: number
  holds?: (text: string) => boolean
}

const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** A mainland mobile number, or an international one, or one in the usual groups with area code. */
function isPhone(text: string): boolean {
  const digits = digitsOf(text)
  if (/^(?:0086|86)?1[3-9]\d{9}$/.test(digits)) return true
  if (text.trim().startsWith('+')) return digits.length >= 8 && digits.length <= 15
  if (/^0\d{2,3}[-\s]?\d{7,8}$/.test(text.trim())) return true
  if (/^400[-\s]?\d{3}[-\s]?\d{4}$/.test(text.trim())) return true
  // Groups as people write them: 020 7946 0958, (212) 555-0134, 415-555-0132.
  if (/^\(?0/.test(text.trim())) return /[()\s.-]/.test(text.trim()) && digits.length >= 9 && digits.length <= 12
  return /^\(?\d{3}\)?[-.\s]\s?\d{3}[-.\s]\d{4}$/.test(text.trim())
}

const surnames =
  '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公'
const han = '\\p{Script=Han}'
/** Two or three signs that begin with a surname, and no word goes on behind them. */
const chineseName = `(?:欧阳|司马|上官|诸葛|[${surnames}])${han}{1,2}(?!${han})`
const title = '(?=先生|女士|小姐|经理)'
const word = "\\p{Lu}[\\p{L}'’-]+"
const englishName = `(${word}(?:\\s+(?:\\p{Lu}\\.|(?:van|von|de|der|da|bin|al)\\s+)?\\s*${word}){0,2})`

const finders: readonly Finder[] = [
  // Keys by the shapes their issuers document, and what an address or a sentence calls a secret.
  { kind: 'secret', pattern: /\b(?:sk|pk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}/g },
  { kind: 'secret', pattern: /\bsk-[A-Za-z0-9_-]{20,}/g },
  { kind: 'secret', pattern: /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bglpat-[\w-]{20,}/g },
  { kind: 'secret', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bLTAI[A-Za-z0-9]{12,24}\b|\bAKID[A-Za-z0-9]{20,}\b/g },
  { kind: 'secret', pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[\w-]{30,}|\bnpm_[A-Za-z0-9]{30,}/g },
  { kind: 'secret', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g },
  { kind: 'secret', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { kind: 'secret', pattern: /\/\/([^\s/:@]+:[^\s/@]+)@/g, group: 1 },
  {
    kind: 'secret',
    pattern:
      /[?&#](?:access_?token|token|api_?key|key|secret|sig|signature|password|passwd|pwd|auth|session|sid|code)=([^&#\s"'<>]{4,})/gi,
    group: 1,
  },
  {
    kind: 'secret',
    pattern:
      /\b(?:password|passcode|passwd|api[ _-]?key|secret key|pin code)\s*(?:is|:|=)\s*["'“]?([^\s"'”，。,;]{4,})/gi,
    group: 1,
    // `is wrong` is no password.
    holds: (text) => /[^\p{L}.!?]/u.test(text),
  },
  {
    kind: 'secret',
    pattern: /(?:密码|口令|验证码|密钥)\s*(?:是|为|：|:)\s*([^\s，。,;；]{4,})/g,
    group: 1,
    holds: (text) => /[A-Za-z\d]/.test(text),
  },
  {
    kind: 'handle',
    pattern: /(?:微信|wechat|weixin|telegram|line id)(?:号|id)?\s*(?:是|为|is|:|：)?\s*@?([A-Za-z][\w-]{4,31})/gi,
    group: 1,
    holds: (text) => /[\d_-]/.test(text),
  },
  { kind: 'handle', pattern: /QQ号?\s*(?:是|为|is|:|：)?\s*([1-9]\d{4,10})(?!\d)/gi, group: 1 },
  { kind: 'email', pattern: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu },
  {
    kind: 'email',
    pattern: /[\w.+-]+\s*(?:\(at\)|\[at\]| at )\s*[\w-]+\s*(?:\(dot\)|\[dot\]| dot )\s*(?:com|cn|net|org|io)\b/gi,
  },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){2,7}(?:\s?[A-Z\d]{1,4})?\b/gi, holds: isIban },
  { kind: 'resident_id', pattern: /(?<!\d)\d{17}[\dXx](?![\dXx])/g, holds: isResidentId },
  { kind: 'card', pattern: /(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])/g, holds: (text) => isCard(digitsOf(text)) },
  {
    kind: 'ip',
    pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)/g,
    // Versions are written alike, but seldom with a part above 20 in front.
    holds: (text) => Number(text.split('.')[0]) > 9,
  },
  {
    kind: 'ip',
    pattern: /(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,6}(?![\w:])/gi,
    holds: (text) => /[a-f]|::/i.test(text) || text.split(':').length === 8,
  },
  { kind: 'phone', pattern: /(?<![\w.-])(?:\+\s?\d|\(?0?\d)[\d\s().-]{6,17}\d(?![\d.]*\d)/g, holds: isPhone },
  { kind: 'phone', pattern: /(?:phone|mobile|cell|tel|电话|手机)[^\d\n]{0,15}(\d{7,12})(?!\d)/gi, group: 1 },
  { kind: 'phone', pattern: /(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g },
  // 省 市 区 … 路 … 号: a street with a number, with whatever stands before and behind it.
  {
    kind: 'address',
    pattern: new RegExp(
      `(?:${han}{2,8}?(?:省|自治区|特别行政区))?(?:${han}{2,7}?(?:市|自治州))?(?:${han}{1,6}?(?:区|县|旗))?(?:${han}{1,6}?(?:街道|镇|乡|村))?${han}{1,10}?(?:路|街|大道|巷|弄|胡同)(?:[东西南北中一二三四五六七八九十]段)?\\s*[\\d一二三四五六七八九十百]+\\s*(?:号|弄)(?:院|楼)?(?:${han}{1,8}?(?:大厦|小区|花园|公寓|广场|中心))?(?:\\s*[\\dA-Za-z一二三四五六七八九十]+\\s*(?:号楼|栋|幢|座|单元|层|楼|室|号))*(?:\\s*\\d+\\s*室?)?`,
      'gu',
    ),
  },
  {
    kind: 'address',
    pattern: new RegExp(
      `${han}{2,12}(?:小区|花园|公寓|大厦|家园|新村|苑)\\s*\\d+\\s*(?:号楼|栋|幢|座|号)(?:\\s*\\d+\\s*(?:单元|层|楼|室|号))*(?:\\s*\\d+)?`,
      'gu',
    ),
  },
  {
    kind: 'address',
    pattern: new RegExp(
      `\\b\\d{1,5}[A-Za-z]?\\s+(?:${word}\\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Way|Terrace|Close|Place|Crescent)\\b\\.?(?:,?\\s+(?:Apt|Apartment|Flat|Unit|Suite|Ste)\\.?\\s*#?\\w+)?`,
      'gu',
    ),
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `(?:I am|I['’]m|[Mm]y (?:full )?name(?:'s|’s| is)|[Tt]his is|[Ss]igned|[Rr]egards,?|[Ss]incerely,?|[Cc]heers,?|[Aa]ddressed to|[Nn]ame on (?:the )?(?:card|order|account)(?: is|:)?|[Nn]ame:|[Rr]ecipient:?|[Aa]ttn:?|[Ii]n the name of)\\s+${englishName}`,
      'gu',
    ),
    group: 1,
    holds: (text) =>
      !/^(?:The|A|An|My|Your|Our|Not|It|That|This|Order|Please|Where|What|Why|How|Is|Regarding|About|Urgent|Sorry|Looking|From|In|On|At|So|Very|Still|Trying|Happy|Unable|Using)\b/.test(
        text,
      ),
  },
  { kind: 'name', pattern: new RegExp(`\\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\\.?\\s+${englishName}`, 'gu'), group: 1 },
  {
    kind: 'name',
    pattern: new RegExp(
      `(?:我叫|我的名字(?:是|叫)|本人|姓名|收件人|收货人|联系人|户名|持卡人|签收人|我是)\\s*[：:是为]?\\s*(${chineseName})`,
      'gu',
    ),
    group: 1,
    // What people are, not what they are called.
    holds: (text) => !/[员人生家客户者店长的了吗]$/.test(text),
  },
  { kind: 'name', pattern: new RegExp(`(?<!${han})(?!谢谢)([${surnames}]${han}{1,2})${title}`, 'gu'), group: 1 },
  { kind: 'name', pattern: new RegExp(`[${surnames}]${title}`, 'gu') },
]

/** Everything found, in order, without overlaps: what is looked for first wins. */
export function findPersonal(text: string): Found[] {
  const found: Found[] = []
  for (const { kind, pattern, group, holds } of finders) {
    for (const match of text.matchAll(pattern)) {
      const what = group === undefined ? match[0] : (match[group] ?? '')
      const from = match.index + (group === undefined ? 0 : match[0].lastIndexOf(what))
      const to = from + what.trimEnd().length
      if (!what.trim() || (holds && !holds(what))) continue
      if (found.some((one) => from < one.to && one.from < to)) continue
      found.push({ kind, from, to })
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

function replaced(text: string, by: (kind: MaskedKind) => string): string {
  let out = ''
  let at = 0
  for (const { kind, from, to } of findPersonal(text)) {
    out += text.slice(at, from) + by(kind)
    at = to
  }
  return out + text.slice(at)
}

/** `call me on 138…` → `call me on [phone]`. */
export const maskText = (text: string): string => replaced(text, (kind) => `[${kind}]`)

/**
 * What stands in for something personal in a text that a model learns from. Where the models' own preprocessing (models/text/clean)
 * keeps no value anyway, it is something that cleans to the same sign, so that learning reads what answering will read; names, addresses
 * and secrets leave a gap, as words do that a model does not know.
 */
const learned: Record<MaskedKind, string> = {
  email: 'x@x.xx',
  phone: '000',
  card: '000',
  resident_id: '000',
  ip: '000',
  iban: ' ',
  secret: ' ',
  handle: ' ',
  address: ' ',
  name: ' ',
}

/** The text as a model may learn it. Masking again changes nothing. */
export const forLearning = (text: string): string => replaced(text, (kind) => learned[kind])
