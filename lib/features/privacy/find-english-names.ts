/** Names of people in English, by the words that lead to them; one that nothing leads to stays. Pure. */
import type { Finder, Span } from './finder'
import { givenNames, isState, notNames, wordNames } from './name-words'

interface Named {
  /** The first word of what may be a name. */
  first: string
  /** More words go on like it. */
  several: boolean
  after: string
}

const capital = (word: string): boolean => /^\p{Lu}/u.test(word)
const plain = (word: string): string =>
  word
    .toLowerCase()
    .replace(/^(?:\p{L}\. ?)+/u, '')
    .replace(/'s$/, '')
const isGiven = (word: string): boolean => givenNames.has(plain(word)) || (capital(word) && wordNames.has(plain(word)))
const isNone = (word: string): boolean =>
  word.length < 2 || /'(?:ve|ll|d|m|re|t)$/i.test(word) || notNames.has(plain(word).replaceAll("'", ''))
const latin = (word: string): boolean => /^[\p{Script=Latin}\p{Script=Cyrillic}\p{M}'. -]+$/u.test(word)
/** I'm Siobhan, / I am Siobhan from …: a capital alone is little. */
const standsOut = ({ first, several, after }: Named): boolean =>
  capital(first) &&
  (several ||
    (!isState(first) && /\p{Ll}/u.test(first) && /^(?:[,.!\n]|\s*$| (?:from|and|here|calling|with)\b)/.test(after)))
const ends = (after: string): boolean => /^[.!\s]*$/.test(after)

/** Words that lead to names, and what has to be true of a word behind them that is no known given name and none of those that are no names. */
const leads: readonly { pattern: RegExp; given?: (named: Named) => boolean; other: (named: Named) => boolean }[] = [
  // A name is sure to follow.
  {
    pattern:
      /\b(?:(?:my|our|her|his|their|whose)(?: [\w-]{2,20}'s)? (?:full |first |last |real |sur)?name(?:'s| is| was)?|the name(?:'s| is)|name on (?:the |my )?(?:card|order|account|invoice|parcel|label)(?: (?:is|was))?|(?:i am|i'm|he is|she is) called|(?:in|under) the name(?: of)?)(?:\s?:\s{0,2}|\s{1,2})|\b(?:(?:sur)?name|recipient)\s?:\s{0,2}/gi,
    other: ({ first }) => capital(first) || !isState(first),
  },
  {
    pattern:
      /\b(?:(?:kind |best |warm )?regards|sincerely|yours(?: truly| faithfully| sincerely)?|signed(?: by)?|addressed to|made out to|payable to|on behalf of|c\/o|attn|call me)\b[,:]?\s{1,2}/gi,
    other: ({ first, several }) => capital(first) && (several || !isState(first)),
  },
  { pattern: /\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|MR|MRS|MS|DR)\b\.?\s{1,2}/g, other: ({ first }) => capital(first) },
  { pattern: /\b(?:mr|mrs|dr)\b\.?\s{1,2}/g, other: ({ first }) => first.length > 2 },
  // Something else follows as often.
  {
    pattern:
      /\b(?:i am|i'm|im|this is|cheers|attention|mein name ist|deliver(?:ed)? to|(?:placed|made|ordered|sent|paid|booked|collected) by|(?:change|correct) (?:the|my) name (?:from|to)|ask for|(?:speak|spoke|talk|talked) (?:to|with)|(?:hi|hello|hey)(?: there| again)?|dear|(?:(?:account |card ?)(?:holder|owner)|contact(?: person)?|guest|passenger|patient|payee|sender|receiver|addressee|recipient)(?: is)?|(?:my|our|his|her) (?:husband|wife|partner|son|daughter|mother|father|mum|mom|dad|brother|sister|friend|colleague|boss|neighbou?r|assistant|flatmate|roommate))\b[,:]?\s{1,2}/gi,
    other: standsOut,
  },
  { pattern: /\b(?:it's|its|it is|here is|here's)\s{1,2}/gi, other: () => false },
  // The last words of a message.
  {
    pattern:
      /\b(?:(?:many )?thanks(?: in advance| again| a lot| so much)?|thank you(?: in advance| again| so much)?|thx|best|br)\b[,.!]{0,2}\s{1,2}/gi,
    given: ({ first, after }) => capital(first) && ends(after),
    other: (named) => standsOut(named) && ends(named.after),
  },
  {
    pattern: /(?<=[\n.!?] ?|^)[~-]{1,2} ?/g,
    given: ({ first, after }) => capital(first) && ends(after),
    other: (named) => standsOut(named) && ends(named.after),
  },
]

/** With initials in front: A. Pemberton. */
const wordAt = /(?:\p{Lu}\. ?){0,2}\p{L}[\p{L}\p{M}'-]*/uy
const gapAt = /(?: |\t)(?:\p{Lu} |\p{L}\. )?(?:(?:van|von|de|der|den|da|di|del|la|bin|al|el|le|ter|mc) ){0,2}/uy

function at(pattern: RegExp, text: string, from: number): string {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? ''
}

/** Where a name ends that begins with `first` at `from`: up to two words more that go on like it. */
function endOf(text: string, from: number, first: string): number {
  let to = from + first.length
  const great = capital(first)
  for (let more = 0; more < 2; more++) {
    const gap = at(gapAt, text, to)
    const next = gap ? at(wordAt, text, to + gap.length) : ''
    if (!next || !latin(next) || isNone(next)) break
    if (great ? !capital(next) : capital(next) || more > 0 || (isState(next) && !isGiven(next))) break
    to += gap.length + next.length
  }
  return to
}

/** Anna Lindqvist, wherever it stands: a known given name with a capital behind it; Laura here. */
function* fullNames(text: string): Generator<Span> {
  for (const { 0: first, index: from } of text.matchAll(
    /(?<![\p{L}\p{N}@#./'-])\p{Lu}\p{Ll}+(?= (?:\p{Lu}|here\b))/gu,
  )) {
    // San Francisco is nobody.
    if (
      !givenNames.has(first.toLowerCase()) ||
      /\b(?:San|St\.?|Saint|Santa|Port|Fort|Lake|Mount) $/.test(text.slice(Math.max(0, from - 7), from))
    )
      continue
    const to = endOf(text, from, first)
    const opens = /(?:^|[.!?\n,]) ?$/.test(text.slice(Math.max(0, from - 2), from))
    if (to > from + first.length || (opens && text.startsWith(' here', to))) yield [from, to]
  }
}

export const englishNames: Finder = {
  kind: 'name',
  *find(text): Generator<Span> {
    yield* fullNames(text)
    for (const { pattern, given = () => true, other } of leads) {
      for (const match of text.matchAll(pattern)) {
        const from = match.index + match[0].length
        const first = at(wordAt, text, from)
        if (!first || !latin(first)) continue
        const to = endOf(text, from, first)
        const named = { first, several: to > from + first.length, after: text.slice(to, to + 60) }
        if (isGiven(first) ? given(named) : !isNone(first) && other(named)) yield [from, to]
      }
    }
  },
}
