/** Numbers with right check digits, made apart from the code that checks them: cards, bank accounts, resident identities. */
import type { Random } from '@/models/train/random'

export const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random.below(items.length)] as Item

export const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.below(10)).join('')

export const signs = (random: Random, count: number, from: string): string =>
  Array.from({ length: count }, () => from[random.below(from.length)]).join('')

/** Groups of the given sizes, whatever is left in the last one. */
export function grouped(text: string, sizes: readonly number[], between: string): string {
  const parts: string[] = []
  let at = 0
  for (const size of sizes) {
    if (at < text.length) parts.push(text.slice(at, at + size))
    at += size
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts.join(between)
}

/** The digit that makes a Luhn number of what stands before it. */
function luhnDigit(body: string): string {
  let sum = 0
  for (let at = body.length - 1, double = true; at >= 0; at--, double = !double) {
    const value = Number(body[at]) * (double ? 2 : 1)
    sum += Math.floor(value / 10) + (value % 10)
  }
  return String((10 - (sum % 10)) % 10)
}

const brands: readonly [prefix: string, length: number][] = [
  ['4', 16],
  ['51', 16],
  ['53', 16],
  ['55', 16],
  ['2221', 16],
  ['2704', 16],
  ['34', 15],
  ['37', 15],
  ['6011', 16],
  ['65', 16],
  ['3528', 16],
  ['3589', 16],
  ['36', 14],
  ['305', 14],
  ['6222', 16],
  ['6217', 19],
  ['6228', 19],
  ['6259', 16],
]

/** A card number of any brand, in any of the usual writings. */
export function card(random: Random): string {
  const [prefix, length] = pick(random, brands)
  const body = prefix + digits(random, length - prefix.length - 1)
  const plain = body + luhnDigit(body)
  const sizes = length === 15 ? [4, 6, 5] : length === 14 ? [4, 6, 4] : [4, 4, 4, 4, 3]
  const between = pick(random, ['', '', ' ', ' ', '-', '.'])
  return length === 19 && random.below(2) ? grouped(plain, [6, 13], between) : grouped(plain, sizes, between)
}

/** What stands where in a bank's part: n digits, a letters, c either (SWIFT's IBAN registry). */
const ibans: Record<string, string> = {
  NO: 'n11',
  BE: 'n12',
  DK: 'n14',
  FI: 'n14',
  FO: 'n14',
  NL: 'a4n10',
  MK: 'n3c10n2',
  SI: 'n15',
  AT: 'n16',
  BA: 'n16',
  EE: 'n16',
  KZ: 'n3c13',
  LT: 'n16',
  LU: 'n3c13',
  CH: 'n5c12',
  HR: 'n17',
  LV: 'a4c13',
  LI: 'n5c12',
  BG: 'a4n6c8',
  DE: 'n18',
  GB: 'a4n14',
  GE: 'a2n16',
  IE: 'a4n14',
  RS: 'n18',
  AE: 'n19',
  IL: 'n19',
  AD: 'n8c12',
  CZ: 'n20',
  ES: 'n20',
  SK: 'n20',
  SE: 'n20',
  PT: 'n21',
  RO: 'a4c16',
  SA: 'n2c18',
  FR: 'n10c11n2',
  GR: 'n7c16',
  IT: 'a1n10c12',
  IS: 'n22',
  TR: 'n6c16',
  PL: 'n24',
  HU: 'n24',
  CY: 'n8c16',
  BR: 'n23a1c1',
  MT: 'a4n5c18',
}

export const ibanCountries = Object.keys(ibans)

export function iban(random: Random, country = pick(random, ibanCountries)): string {
  let bank = ''
  for (const [, kind, count] of (ibans[country] as string).matchAll(/([nac])(\d+)/g))
    bank += signs(
      random,
      Number(count),
      kind === 'n' ? '0123456789' : kind === 'a' ? 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' : 'ABCDEFGHJKMNP0123456789',
    )
  const numbers = [...`${bank}${country}00`].map((sign) => Number.parseInt(sign, 36)).join('')
  const check = String(98n - (BigInt(numbers) % 97n)).padStart(2, '0')
  const plain = country + check + bank
  const written = random.below(6) ? plain : plain.toLowerCase()
  return grouped(written, Array(8).fill(4), pick(random, ['', '', ' ', ' ', ' ', '-']))
}

const regions = ['110105', '310101', '440306', '510107', '330106', '420111', '320106', '610113', '500103', '130102']

/** GB 11643-1999: region, birthday, number, and the sign that makes the weighted sum one modulo eleven. */
export function resident(random: Random): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const born = `${1940 + random.below(70)}${two(1 + random.below(12))}${two(1 + random.below(28))}`
  const body = pick(random, regions) + born + digits(random, 3)
  // Weights are powers of two modulo eleven, from the right.
  let sum = 0
  for (let at = 0; at < 17; at++) sum += Number(body[at]) * (2 ** (17 - at) % 11)
  const rest = (12 - (sum % 11)) % 11
  const plain = body + (rest === 10 ? pick(random, ['X', 'x']) : rest)
  return random.below(3) ? plain : grouped(plain, [6, 8, 4], pick(random, [' ', '-']))
}
