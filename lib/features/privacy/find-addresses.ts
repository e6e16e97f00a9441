/** Network addresses: IPv4 that are no versions, IPv6 that are no times. Pure. */
import { byPattern, type Finder } from './finder'

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'

/** What stands before four numbers that say how new a program is, or where a rule stands. */
const versioned =
  /(?:\b(?:versions?|ver|v|release|build|firmware|software|app|sdk|driver|plugin|client|ios|android|windows|macos|updated?|upgraded?|section|chapter|clause|article)|版本号?|版|固件|软件|系统|客户端|升级|更新|第)[\s.:]*(?:is|to|no\.?|from|number|到|至|为|是|了|:)?\s*(?:v\.?)?$/i

/** `the 1.2.3.4 release`: small numbers, with that word behind them and no other number. */
const isRelease = (what: string, behind: string): boolean =>
  /^ ?(?:releases?\b|versions?\b|版)(?! ?v?\d)/i.test(behind) &&
  what.split('.').every((part) => Number(part) < 100 && part !== '10')

const group = '[\\da-f]{1,4}'

function isIpv6(text: string): boolean {
  const [first = '', second, third] = text.split('::')
  if (third !== undefined) return false
  const groups = (part: string) => (part ? part.split(':') : [])
  const all = [...groups(first), ...groups(second ?? '')]
  if (!all.every((one) => /^[\da-f]{1,4}$/i.test(one) || /^\d+\.\d+\.\d+\.\d+$/.test(one))) return false
  if (second === undefined) return all.length === 8
  // `a::b` may be a program's word.
  return all.length <= 7 && /\d/.test(text) && (all.length > 1 || text.length > 3)
}

export const addressFinders: readonly Finder[] = [
  byPattern(
    'ip',
    new RegExp(
      `(?<=^|[^\\w:.]|[g-z]:|ipv6:)(?:${group})?(?::(?:${group})?){1,7}:(?:${octet}(?:\\.${octet}){3}|${group})(?!\\w|:\\w)`,
      'gi',
    ),
    {
      holds: isIpv6,
    },
  ),
  byPattern('ip', new RegExp(`(?<![\\w.])(?:${octet}\\.){3}${octet}(?!\\.?\\d|[A-Za-z_])`, 'g'), {
    holds: (what, from, text) =>
      !versioned.test(text.slice(Math.max(0, from - 30), from)) &&
      !isRelease(what, text.slice(from + what.length, from + what.length + 20)),
  }),
]
