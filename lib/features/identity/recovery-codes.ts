/** Recovery codes: ten per person, each signs in once when the authenticator is lost; we keep keyed hashes. */
import { randomInt } from 'node:crypto'

export const codesPerPerson = 10
/** Signs that nobody takes for another: neither 0 and O, nor 1, I and L, nor U and V. */
const signs = '23456789ABCDEFGHJKMNPQRSTWXYZ'
/** 29¹² are 58 bits. */
const length = 12

/** In groups of four, as people copy them: `K7QM-2XPA-9TRB`. */
export const newCode = (): string =>
  Array.from({ length }, (_, at) => (at && at % 4 === 0 ? '-' : '') + signs[randomInt(signs.length)]).join('')

/** What somebody typed or pasted, without spaces and dashes, full-width signs made plain. */
export const plainCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]+/gu, '')
    .toUpperCase()
