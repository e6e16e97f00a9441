/** Names that the account knows, of who wrote a text and of its own people: found wherever they stand, without a word that leads to them. Pure. */
import type { Finder, Span } from './finder'
import { fold } from './folded'
import {
  doubleSurnames,
  givenNames,
  noChineseNames,
  notNames,
  ordinaryWords,
  rareSurnames,
  signTitles,
  usualSurnames,
  wordNames,
} from './name-words'

export interface Known {
  /** As the account writes them: Anna Lindqvist, 王小明. */
  names: readonly string[]
  /** The part before the @ says a name as often as not. */
  emails?: readonly string[]
}

const surnames = new Set(usualSurnames + rareSurnames)
const double = new RegExp(`^(?:${doubleSurnames})`)
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
/** As it is written, and as names usually are; not in small letters. */
const asName = (word: string): string[] => {
  const [first = '', ...rest] = [...word.toLowerCase()]
  const forms = [word, first.toUpperCase() + rest.join(''), word.toUpperCase()]
  return [...new Set(forms)].filter((form) => form !== form.toLowerCase()).map(escaped)
}

interface Patterns {
  /** In any case of letters. */
  any: Set<string>
  /** With a capital only: it may be another word as well. */
  capital: Set<string>
}

/** A role, or a word that anybody may write: alone it names nobody, whoever is called so. */
const isOrdinary = (word: string): boolean => ordinaryWords.has(word) || notNames.has(word)

function addWord(word: string, { any, capital }: Patterns): void {
  const plain = word.toLowerCase()
  if ([...plain].length < 3 || isOrdinary(plain) || wordNames.has(plain)) return
  // Three small letters may be the end of a slip: the lin k.
  if (givenNames.has(plain) && plain.length > 3) any.add(escaped(plain))
  else for (const form of asName(word)) capital.add(form)
}

const latinWords = (name: string): string[] => name.match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? []

function addLatin(name: string, to: Patterns): void {
  const words = latinWords(name)
  // Nova Desk, Guest User: something is called so, and of its words only a given name says somebody.
  if (words.some((word) => ordinaryWords.has(word.toLowerCase()))) {
    for (const word of words) if (givenNames.has(word.toLowerCase())) addWord(word, to)
    return
  }
  if (words.length > 1)
    for (const order of [words, [...words].reverse()])
      to.any.add(order.map(escaped).join('[,.]?\\s+(?:\\p{L}\\.?\\s+)?'))
  for (const word of words) addWord(word, to)
}

/** anna.kowalczyk, m.kowalczyk, okonkwo77: what says a name by its shape, or is known to be one. A word alone may be any word: returns. */
function addLocal(local: string, named: ReadonlySet<string>, to: Patterns): void {
  const words = local.match(/\p{L}+/gu) ?? []
  const known = (word: string) => named.has(word) || givenNames.has(word)
  for (const word of words) if (known(word)) addWord(word, to)
  if (!words.some((word) => word.length > 2) || words.some(isOrdinary)) return
  if (words.length > 1 && words.some((word) => word.length === 1 || known(word)))
    for (const word of words) addWord(word, to)
  if (words.length > 1 || /\d/.test(local)) to.any.add(escaped(local))
}

/** 王小明 and 小明; a sign alone says nobody, and two without a surname are as likely another word. */
function chineseOf(name: string): string[] {
  const size = double.test(name) ? 2 : surnames.has(name[0] ?? '') ? 1 : 0
  const bare = name.replace(signTitles, '')
  // 李经理 is somebody, 经理 is anybody; 在线客服 is nobody.
  if (bare !== name)
    return size && bare ? [name, ...chineseOf(bare)] : /^[小阿老]\p{Script=Han}$/u.test(bare) ? [name] : []
  if (noChineseNames.test(name)) return []
  if (!size) return name.length > 2 ? [name] : []
  const given = name.slice(size)
  if (given.length > 1) return noChineseNames.test(given) ? [name] : [name, given]
  return given ? [name] : []
}

/** Null where nothing is known by which somebody could be found. */
export function knownNames({ names: written, emails = [] }: Known): Finder | null {
  const names = written.map((name) => fold(name).text.trim())
  const patterns: Patterns = { any: new Set(), capital: new Set() }
  // Mei Lin 林梅 is written in both.
  const chinese = names.flatMap(
    (name) => name.match(/(?<!\p{Script=Han})\p{Script=Han}{2,5}(?!\p{Script=Han})/gu) ?? [],
  )
  for (const name of names) addLatin(name.replace(/\p{Script=Han}+/gu, ' ').trim(), patterns)
  const signs = chinese.flatMap(chineseOf)
  const named = new Set(names.flatMap(latinWords).map((word) => word.toLowerCase()))
  for (const email of emails) {
    const local = email.split('@')[0]?.toLowerCase() ?? ''
    addLocal(local, named, patterns)
  }
  const alone = (words: Set<string>, flags: string) =>
    words.size ? [new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst(words)})(?![\\p{L}\\p{N}])`, flags)] : []
  const all = [
    ...alone(patterns.any, 'giu'),
    ...alone(patterns.capital, 'gu'),
    ...(signs.length ? [new RegExp(longestFirst(signs), 'gu')] : []),
  ]
  if (!all.length) return null
  return {
    kind: 'name',
    *find(text): Generator<Span> {
      for (const pattern of all)
        for (const { 0: what, index } of text.matchAll(pattern)) yield [index, index + what.length]
    },
  }
}

const longestFirst = (words: Iterable<string>): string => [...words].sort((a, b) => b.length - a.length).join('|')
