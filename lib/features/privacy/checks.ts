/** Check digits: what tells a card, an identity number or a bank account from any other run of digits. Pure. */

/** Luhn (ISO/IEC 7812-1 annex B). @param digits ASCII digits only */
export function isLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length > 0 && sum % 10 === 0
}

/** First digits and lengths that issuers use (ISO/IEC 7812): a Luhn number of any other kind is a parcel's more often than a card. */
const issuers: readonly RegExp[] = [
  /^4\d{12}(?:\d{3}){0,2}$/, // Visa
  /^(?:5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^3(?:0[0-5]|[689]\d)\d{11}$/, // Diners Club
  /^(?:6011|65\d\d|64[4-9]\d)\d{12}(?:\d{3})?$/, // Discover
  /^35(?:2[89]|[3-8]\d)\d{12}$/, // JCB
  /^62\d{14,17}$/, // UnionPay
  /^(?:9558\d\d|601382|603\d{3})\d{13}$/, // banks in China before UnionPay's numbers
  /^(?:50[1-3]\d|5[6-8]\d\d|63\d\d|67\d\d)\d{12}(?:\d{2,3})?$/, // Maestro
  /^220[0-4]\d{12}$/, // Mir
]

export const isCard = (digits: string): boolean => issuers.some((issuer) => issuer.test(digits)) && isLuhn(digits)

const residentWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Chinese resident identity number: 17 digits and a check sign, ISO 7064 MOD 11-2 (GB 11643-1999). */
export function isResidentId(text: string): boolean {
  if (!/^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/.test(text)) return false
  const sum = residentWeights.reduce((all, weight, at) => all + weight * Number(text[at]), 0)
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase()
}

/** How long an account number is, by country (SWIFT's registry of IBANs). */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  `NO15 BE16 BI27 DK18 FI18 FK18 FO18 GL18 NL18 SD18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 MN20 XK20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22
  GB22 GE22 IE22 ME22 RS22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26
  DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 GT28 HN28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 YE30 MT31
  SC31 LC32 RU33`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** @param country two letters, in any case */
export const ibanLength = (country: string): number | undefined => ibanLengths[country.toUpperCase()]

/** IBAN (ISO 13616): as long as its country's are, and the rearranged number leaves one modulo 97. Blanks and dashes are allowed. */
export function isIban(text: string): boolean {
  const plain = text.replace(/[\s.-]/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z\d]+$/.test(plain) || plain.length !== ibanLength(plain.slice(0, 2))) return false
  let rest = 0
  for (const sign of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
