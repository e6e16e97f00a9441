/** By what a person is found in texts of others: name, address, numbers; whole, and as they write them or not. Pure. */
import { knownNames } from './find-known-names'
import type { MaskedKind } from './finder'
import { fold } from './folded'
import { findPersonal } from './mask'

/** What a value says alone, whoever writes it. */
const telling = new Set<MaskedKind>(['email', 'phone', 'card', 'iban', 'resident_id', 'handle', 'address'])

/** Without what people put between: +86 138-0013-8000 is 8613800138000. */
const bare = (value: string): string =>
  fold(value)
    .text.toLowerCase()
    .replace(/[^\p{L}\p{N}@]/gu, '')
/** The last ten figures: a number goes with its country's code or without. */
const keyOf = (value: string): string => {
  const whole = bare(value)
  return /^\d{10,}$/.test(whole) ? whole.slice(-10) : whole
}

const valuesIn = (text: string): string[] =>
  findPersonal(text).flatMap(({ kind, from, to }) => (telling.has(kind) ? [keyOf(text.slice(from, to))] : []))

/** Numbers as they stand, without a word that leads to them. */
const numbersIn = (text: string): string[] =>
  (fold(text).text.match(/\d[\d ().-]{5,}\d/g) ?? []).map(keyOf).filter((value) => value.length > 6)

/** One word alone is anybody's, and two Chinese signs without a surname are as likely another word. */
const isWhole = (name: string): boolean =>
  /\S\s+\S/.test(name) || (/\p{Script=Han}/u.test(name) && knownNames({ names: [name] }) !== null)

/** Above this many, asking for each costs more than looking for values in the text. */
const fewValues = 2_000

export class Signs {
  readonly #names: string[]
  readonly #values = new Set<string>()

  constructor(names: readonly string[], emails: readonly string[]) {
    this.#names = names.map((name) => fold(name).text.trim().toLowerCase()).filter(isWhole)
    for (const email of emails) this.#values.add(keyOf(email))
  }

  /** A text of theirs: the numbers and addresses in it are theirs, too. @returns whether it holds new ones */
  add(text: string): boolean {
    const before = this.#values.size
    for (const value of [...valuesIn(text), ...numbersIn(text)]) if (value.length > 6) this.#values.add(value)
    return this.#values.size > before
  }

  /** How many there are. */
  get size(): number {
    return this.#names.length + this.#values.size
  }

  /** Which of them a text holds. */
  in(text: string): string[] {
    const plain = fold(text).text.toLowerCase()
    const held = this.#names.filter((name) => stands(plain, name))
    // Looking for values costs more than all the rest, and most texts hold none of their signs in a row.
    const run = bare(text)
    const few = this.#values.size <= fewValues
    if (few && ![...this.#values].some((value) => run.includes(value))) return held
    const values = new Set([...valuesIn(text), ...numbersIn(text)])
    return [...held, ...[...values].filter((value) => this.#values.has(value))]
  }
}

const isLetter = (sign: string | undefined): boolean => !!sign && /[\p{L}\p{N}]/u.test(sign)

/** As words of its own, where words are parted. */
function stands(text: string, name: string): boolean {
  const han = /\p{Script=Han}/u.test(name)
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (han || !(isLetter(text[at - 1]) || isLetter(text[at + name.length]))) return true
  return false
}
