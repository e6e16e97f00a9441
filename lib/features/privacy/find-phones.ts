/** Phone numbers: by plan of their country, by the way they are parted, or by what stands around them. Pure. */

import { type Group, runsOf } from './find-numbers'
import type { Finder } from './finder'

/** What is called an order is one, however it is written. */
const ordered =
  /(?:order|tracking|ticket|invoice|parcel|shipment|ref(?:erence)?|serial|item|barcode|sku|isbn|ean|model|part|case|booking|error|code|coupon|id|订单|单号|编号|条码|运单|快递|货号|型号|发票|流水|工单|序列|商品|单)\s*(?:number|no\.?|nr\.?|num|id|code|号码?)?\s*(?:is|was|:|#|=|是|为)?\s*[#(]?$/i
const called =
  /(?:phone|mobile|cell|tel|telephone|landline|fax|whats ?app|\b(?:call|text|ring|dial|reach|contact)(?: (?:me|us|him|her|them|back))?(?: (?:at|on|under|by|via))?|my (?:new |old )?number|number (?:changed|is now)|contact number|电话|手机|座机|固话|号码|致电|拨打?|打|联系(?:方式|我)?|微信|短信)[^\d\n]{0,15}$/i
const calledAfter =
  /^\s*(?:is|was)? ?(?:my|our|her|his|the)? ?(?:phone|mobile|cell|landline|number)\b|^\s*(?:是我的|这个)?(?:号码|电话|手机|打不通)/i
const dated = /(?:^|\D)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)/

interface Candidate {
  digits: string
  /** How many digits stand together. */
  sizes: string
  /** As it is written, a plus or a bracket in front included. */
  written: string
  before: string
  after: string
}

const mobileInChina = /^(?:00)?(?:86)?1[3-9]\d{9}$/
/** Country calling codes (ITU-T E.164) of one and two digits, and those of three by their beginnings. */
const country =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[058]\d|9[679]\d)/
const inNorthAmerica = /^1?[2-9]\d\d[2-9]\d{6}$/
const landlineInChina = /^0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}$/

/** Numbers that begin with a plus or two noughts and a country. */
function isInternational({ digits, sizes, written }: Candidate): boolean {
  const alone = !sizes.includes('-')
  if (written[0] === '+' || written.startsWith('(+')) return digits.length >= 8 && digits.length <= (alone ? 15 : 14)
  if (!digits.startsWith('00') || !country.test(digits.slice(2))) return false
  return digits.length >= 11 && digits.length <= (alone ? 14 : 15)
}

/** Numbers as they are dialled inside a country. */
function isNational({ digits, sizes: parted, written }: Candidate): boolean {
  // (0)20 7946 0111: the nought belongs to what follows.
  const sizes = written.startsWith('(0)') ? parted.replace(/^1-(\d)/, (_, next) => String(Number(next) + 1)) : parted
  if (/\d\s?\(/.test(written) && !inNorthAmerica.test(digits)) return false
  if (mobileInChina.test(digits)) return /^(?:[24]-)?(?:11|3-4-4|3-3-5|4-3-4|4-4-3|3-8|7-4)$|^1[135]$/.test(sizes)
  if (landlineInChina.test(digits)) return /^(?:1[0-2]|[34]-[78]|[34]-[34]-4)$/.test(sizes)
  if (/^[48]00\d{7}$/.test(digits)) return /^(?:3-3-4|3-4-3|3-7)$/.test(sizes)
  if (inNorthAmerica.test(digits)) return /^(?:1-)?3-3-4$/.test(sizes)
  if (!/^0[1-9]/.test(digits) || /^\d\.|\//.test(written)) return false
  if (sizes === '10' || sizes === '11') return true
  return digits.length >= 9 && digits.length <= 12 && /^(?:[2-5]-)+\d+$/.test(sizes) && sizes !== '4-4-4'
}

function isPhone(candidate: Candidate): boolean {
  const { digits, written, before, after } = candidate
  if (digits.length < 7 || dated.test(written)) return false
  if (ordered.test(before) && !written.includes('+')) return false
  if (isInternational(candidate) || isNational(candidate)) return true
  return digits.length <= 12 && !/^\d+\.\d+$/.test(written) && (called.test(before) || calledAfter.test(after))
}

const shape = (run: readonly Group[]): string => run.map(({ from, to }) => to - from).join('-')

/** The longest number that begins with this group, if there is one. */
function longestAt(text: string, run: readonly Group[], first: number): readonly [number, number] | undefined {
  const start = (run[first] as Group).from
  const [front = ''] = /(?:\(?\+ ?\(?|\()$/.exec(text.slice(Math.max(0, start - 4), start)) ?? []
  const from = start - front.length
  // It goes on from no word, from no sign of a model and from no other number.
  if (/[A-Za-z\d_]$|[\w)][-./]$|^[-.]$/.test(text.slice(Math.max(0, from - 2), from))) return undefined
  for (let last = Math.min(run.length, first + 6) - 1; last >= first; last--) {
    const to = (run[last] as Group).to
    if (to - from > 26 || /^(?:[A-Za-z_]|[-./:]\d|%)/.test(text.slice(to, to + 2))) continue
    const written = text.slice(from, to)
    const groups = run.slice(first, last + 1)
    const candidate = {
      digits: written.replace(/\D/g, ''),
      sizes: shape(groups),
      written,
      before: text.slice(Math.max(0, from - 36), from),
      after: text.slice(to, to + 24),
    }
    if (isPhone(candidate)) return [from, to]
  }
  return undefined
}

const chineseDigits = /[一幺][三四五六七八九][零〇一幺二两三四五六七八九]{9}(?![零〇一幺二三四五六七八九十百千万])/g

export const phones: Finder = {
  kind: 'phone',
  *find(text) {
    for (const run of runsOf(text)) {
      for (let first = 0; first < run.length; first++) {
        const found = longestAt(text, run, first)
        if (!found) continue
        const [from, to] = found
        const [extension = ''] = /^ ?(?:ext\.? ?|x|转|分机)\d{1,5}(?!\d)/i.exec(text.slice(to, to + 12)) ?? []
        yield [from, to + extension.length]
        while (first + 1 < run.length && (run[first + 1] as Group).from < to) first++
      }
    }
    for (const { 0: said, index } of text.matchAll(chineseDigits)) yield [index, index + said.length]
  },
}
