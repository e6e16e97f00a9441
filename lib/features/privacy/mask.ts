/** Takes out of a text what says who somebody is, before the text leaves the account. Pure; English and Chinese. */
import { addressFinders } from './find-addresses'
import { chineseNames } from './find-chinese-names'
import { englishNames } from './find-english-names'
import { numberFinders } from './find-numbers'
import { phones } from './find-phones'
import { placeFinders } from './find-places'
import { emailFinders, secretFinders } from './find-secrets'
import type { Finder, MaskedKind } from './finder'
import { fold } from './folded'

export interface Found {
  kind: MaskedKind
  /** UTF-16 offsets. */
  from: number
  to: number
}

/** What is looked for first wins: what a check digit or an issuer's shape makes sure goes before what its surroundings say. */
const finders: readonly Finder[] = [
  ...secretFinders,
  ...emailFinders,
  ...numberFinders,
  ...addressFinders,
  phones,
  ...placeFinders,
]
/** After the names that the account knows: those are sure. */
const byWords: readonly Finder[] = [englishNames, chineseNames]

/**
 * Everything found, in order, without overlaps. Looked for in a folded copy; the places are those of the text itself.
 * @param known names that the account knows (find-known-names.ts)
 */
export function findPersonal(text: string, known: readonly Finder[] = []): Found[] {
  const folded = fold(text)
  const found: Found[] = []
  const taken = new Uint8Array(folded.text.length)
  for (const { kind, find } of [...finders, ...known, ...byWords]) {
    for (const [from, to] of find(folded.text)) {
      if (taken.subarray(from, to).includes(1)) continue
      taken.fill(1, from, to)
      found.push({ kind, from: folded.start(from), to: folded.end(to) })
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

function replaced(text: string, by: (kind: MaskedKind) => string, known?: readonly Finder[]): string {
  let out = ''
  let at = 0
  for (const { kind, from, to } of findPersonal(text, known)) {
    out += text.slice(at, from) + by(kind)
    at = to
  }
  return out + text.slice(at)
}

/** `call me on 138…` → `call me on [phone]`. */
export const maskText = (text: string, known?: readonly Finder[]): string =>
  replaced(text, (kind) => `[${kind}]`, known)

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
export const forLearning = (text: string, known?: readonly Finder[]): string =>
  replaced(text, (kind) => learned[kind], known)
