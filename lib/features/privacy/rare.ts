/** Hides what few contacts wrote, words and phrases: it says who they are, even where no pattern knows it. Pure. */

import { type Finder, maskedKinds } from './finder'
import { maskText } from './mask'
import { usualSurnames } from './name-words'

export interface Said {
  text: string
  /** Whose words they are; null for what the account wrote or imported itself. */
  contactId: string | null
}

/** A word or phrase that fewer contacts used does not leave the account (k-anonymity, Sweeney 2002). */
export const fewestContacts = 5
/** A phrase has so many words at most; a longer one holds shorter ones that say as much. */
export const longestPhrase = 3
export const hidden = '▢'

const segmenters = {
  zh: new Intl.Segmenter('zh', { granularity: 'word' }),
  en: new Intl.Segmenter('en', { granularity: 'word' }),
}
/** What masking put in. Any other word in brackets is somebody's. */
const masks = new RegExp(`(\\[(?:${maskedKinds.join('|')})\\])`)

interface Piece {
  piece: string
  /** What a word is counted as; undefined for what stands between words. */
  key?: string
  /** A phrase does not reach over what was masked. */
  ends?: true
}

function piecesOf(text: string): Piece[] {
  return text.split(masks).flatMap((part, at): Piece[] => {
    if (at % 2) return [{ piece: part, ends: true }]
    const segmenter = /\p{Script=Han}/u.test(part) ? segmenters.zh : segmenters.en
    return [...segmenter.segment(part)].map(({ segment }) =>
      // `isWordLike` says no to numbers such as ①.
      /[\p{L}\p{N}]/u.test(segment)
        ? { piece: segment, key: segment.normalize('NFKC').toLowerCase() }
        : { piece: segment },
    )
  })
}

/** Words of one text in order, parted where something was masked. */
function chainsOf(pieces: readonly Piece[]): number[][] {
  const chains: number[][] = [[]]
  for (const [at, { key, ends }] of pieces.entries()) {
    if (ends) chains.push([])
    else if (key !== undefined) chains.at(-1)?.push(at)
  }
  return chains
}

/** Who used a word or a phrase: as many contacts as are needed, or the account itself, whose words are no secret. */
class Users {
  private readonly of = new Map<string, string[] | null>()

  constructor(private readonly least: number) {}

  add(phrase: string, contactId: string | null): void {
    const known = this.of.get(phrase)
    if (contactId === null || known === null) this.of.set(phrase, null)
    else if (!known) this.of.set(phrase, [contactId])
    else if (known.length < this.least && !known.includes(contactId)) known.push(contactId)
  }

  enough(phrase: string): boolean {
    const known = this.of.get(phrase)
    return known === null || (known?.length ?? 0) >= this.least
  }
}

const between = '\u0001'

/** Texts between two looks at what else the process has to do. */
const part = 200

/** One after the other; a long export holds nobody up. */
async function* inTurn<Item>(items: readonly Item[]): AsyncGenerator<[at: number, item: Item]> {
  for (const [at, item] of items.entries()) {
    yield [at, item]
    if (at % part === part - 1) await new Promise(setImmediate)
  }
}

/** Which words and phrases may be read: a longer phrase is counted only where its parts may, so that a long export fits into memory. */
async function countUsers(said: readonly Said[], texts: readonly Piece[][], least: number): Promise<Users> {
  const users = new Users(least)
  for (let length = 1; length <= longestPhrase; length++) {
    for await (const [at, { contactId }] of inTurn(said)) {
      const pieces = texts[at] as Piece[]
      for (const chain of chainsOf(pieces)) {
        const keys = chain.map((place) => pieces[place]?.key as string)
        for (let from = 0; from + length <= keys.length; from++) {
          const phrase = keys.slice(from, from + length)
          const parts =
            length === 1 || [phrase.slice(1), phrase.slice(0, -1)].every((some) => users.enough(some.join(between)))
          if (parts) users.add(phrase.join(between), contactId)
        }
      }
    }
  }
  return users
}

/** Single signs that are hardly ever a part of a name: around a hidden word they stay. */
const particles = new Set('的了是在我你您他她它吗呢吧啊不没有要请就也都很把被给让到对这那么个和与跟')
const surnames = new Set(usualSurnames)
const isSign = (piece: string | undefined): boolean => piece !== undefined && /^\p{Script=Han}$/u.test(piece)
/** A name that the dictionary does not know falls into single signs; what is hidden of it takes the signs beside it along. */
const goesAlong = (piece: string): boolean => isSign(piece) && (!particles.has(piece) || surnames.has(piece))

/** Hides the last word of every phrase that few used, unless one of its words is hidden already. */
function hideIn(pieces: readonly Piece[], users: Users): string {
  const gone = new Set<number>()
  for (const chain of chainsOf(pieces)) {
    for (const [at, place] of chain.entries()) {
      for (let length = 1; length <= Math.min(longestPhrase, at + 1); length++) {
        const places = chain.slice(at + 1 - length, at + 1)
        if (places.some((one) => gone.has(one))) break
        if (!users.enough(places.map((one) => pieces[one]?.key).join(between))) gone.add(place)
      }
    }
  }
  const takeAlong = (places: Iterable<number>, step: number) => {
    for (const place of places) {
      const beside = pieces[place + step]?.piece ?? ''
      if (gone.has(place + step) && goesAlong(pieces[place]?.piece ?? '') && /\p{Script=Han}/u.test(beside))
        gone.add(place)
    }
  }
  takeAlong(pieces.keys(), -1)
  takeAlong([...pieces.keys()].reverse(), 1)
  // One sign for what is hidden side by side: how many words it was is nobody's business.
  return pieces.map(({ piece }, place) => (!gone.has(place) ? piece : gone.has(place - 1) ? '' : hidden)).join('')
}

/** The texts, in order, with ▢ in the place of what few contacts used. The account's own texts stay as they are. */
export async function hideRare(said: readonly Said[], least = fewestContacts): Promise<string[]> {
  const texts: Piece[][] = []
  for await (const [, { text }] of inTurn(said)) texts.push(piecesOf(text))
  const users = await countUsers(said, texts, least)
  const left: string[] = []
  for await (const [at, { contactId, text }] of inTurn(said))
    left.push(contactId === null ? text : hideIn(texts[at] as Piece[], users))
  return left
}

/**
 * The texts as they may leave the account: masked, and without what few contacts wrote.
 * @param known names that the account knows, by who wrote a text
 */
export async function forExport(
  said: readonly Said[],
  known: (contactId: string | null) => readonly Finder[] = () => [],
): Promise<string[]> {
  const masked: Said[] = []
  for await (const [, { text, contactId }] of inTurn(said))
    masked.push({ text: maskText(text, known(contactId)), contactId })
  return hideRare(masked)
}
