/** Cards, resident identities and bank accounts in a text: numbers with a check of their own. Pure. */
import { ibanLength, isCard, isIban, isResidentId } from './checks'
import { byPattern, type Finder, type Span } from './finder'

/** Digits that stand together. */
export interface Group {
  from: number
  to: number
}

/** Groups of digits with so little between them that they may be one number; each list is as long as it can be. */
export function* runsOf(text: string): Generator<Group[]> {
  let run: Group[] = []
  for (const { 0: digits, index: from } of text.matchAll(/\d+/g)) {
    const last = run.at(-1)
    if (last && !/^[ .()/\u00b7-]{1,3}$/.test(text.slice(last.to, Math.min(from, last.to + 4)))) {
      yield run
      run = []
    }
    run.push({ from, to: from + digits.length })
  }
  if (run.length) yield run
}

/** A number may begin here: it goes on from no word, and from no number but over a blank. */
const begins = (text: string, at: number): boolean =>
  !/[A-Za-z\d_+]$|[\w)][-./]$/.test(text.slice(Math.max(0, at - 2), at))

/** Tries every number of `shortest` to `longest` digits that begins and ends with a group, long ones first. */
function* numbersOf(
  text: string,
  shortest: number,
  longest: number,
  between: RegExp,
  holds: (digits: string, to: number) => number,
) {
  for (const run of runsOf(text)) {
    for (let first = 0; first < run.length; first++) {
      const { from } = run[first] as Group
      if (!begins(text, from)) continue
      let digits = ''
      const tries: [digits: string, to: number][] = []
      for (let last = first; last < run.length; last++) {
        const group = run[last] as Group
        if (last > first && !between.test(text.slice((run[last - 1] as Group).to, group.from))) break
        digits += text.slice(group.from, group.to)
        if (digits.length > longest) break
        if (digits.length >= shortest) tries.push([digits, group.to])
      }
      for (const [number, to] of tries.reverse()) {
        const end = holds(number, to)
        if (!end) continue
        yield [from, end] as Span
        while (first + 1 < run.length && (run[first + 1] as Group).from < end) first++
        break
      }
    }
  }
}

const residentIds: Finder = {
  kind: 'resident_id',
  find: (text) =>
    numbersOf(text, 17, 18, /^[ .\u00b7-]$/, (digits, to) => {
      if (digits.length === 18) return isResidentId(digits) ? to : 0
      const [sign] = /^[ .-]?[Xx](?![A-Za-z\d])/.exec(text.slice(to, to + 3)) ?? []
      return sign && isResidentId(`${digits}X`) ? to + sign.length : 0
    }),
}

const cards: Finder = {
  kind: 'card',
  find: (text) => numbersOf(text, 13, 19, /^(?:[ .-]{1,2}| ?\/ ?)$/, (digits, to) => (isCard(digits) ? to : 0)),
}

const ibans: Finder = {
  kind: 'iban',
  *find(text) {
    for (const { 0: head, index: from } of text.matchAll(/(?<![A-Za-z\d])[A-Za-z]{2}[ -]?\d[ -]?\d/g)) {
      const length = ibanLength(head.slice(0, 2))
      if (!length) continue
      // As many letters and digits as the country has, with at most two blanks or dashes between any of them.
      let plain = ''
      let to = from
      for (let idle = 0; to < text.length && plain.length < length && idle < 3; to++) {
        const sign = text[to] as string
        if (/[A-Za-z\d]/.test(sign)) {
          plain += sign
          idle = 0
        } else if (/[ .-]/.test(sign)) idle++
        else break
      }
      if (plain.length === length && isIban(plain)) yield [from, to]
    }
  },
}

export const numberFinders: readonly Finder[] = [
  ibans,
  residentIds,
  cards,
  // The digits on the back, where they are called so.
  byPattern(
    'card',
    /(?:\b(?:cvv2?|cvc2?|card security code)|安全码|背面三位)\s*(?:is|code|number|是|为|:|=)?\s*(\d{3,4})(?!\d)/gi,
    {
      group: 1,
    },
  ),
]
