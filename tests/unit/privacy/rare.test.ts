/** What few contacts wrote leaves no account: words, phrases, pieces of Chinese names; five are enough, four are not. */
import { expect, test } from 'vitest'
import { fewestContacts, hidden, hideRare, longestPhrase, type Said } from '@/lib/features/privacy/rare'
import { Random } from '@/models/train/random'
import { held } from '@/tests/kit/guarantee'

/** Every text by so many contacts, each another. */
const by = (contacts: number, ...texts: string[]): Said[] =>
  texts.flatMap((text, at) => Array.from({ length: contacts }, (_, who) => ({ text, contactId: `${at}/${who}` })))
/** The last text as it leaves. */
const last = async (...said: Said[]): Promise<string | undefined> => (await hideRare(said)).at(-1)

test('a word of four contacts is hidden, one of five leaves; how often one of them wrote it counts nothing', async () => {
  expect(await last(...by(4, 'zanzibar'))).toBe(hidden)
  expect(await last(...by(5, 'zanzibar'))).toBe('zanzibar')
  const often = Array.from({ length: 30 }, () => ({ text: 'zanzibar', contactId: 'one' }))
  expect(await last(...often, ...by(3, 'zanzibar'))).toBe(hidden)
  expect(await last(...often, ...by(4, 'zanzibar'))).toBe('zanzibar')
  // Spelled in capitals or full-width it is the same word.
  expect(await last(...by(4, 'Zanzibar'), { text: 'ＺＡＮＺＩＢＡＲ', contactId: 'fifth' })).toBe('ＺＡＮＺＩＢＡＲ')
})

test('a phrase of two or three words of four contacts is broken, one of five leaves', async () => {
  const words = ['red', 'dragon', 'inn'].flatMap((word) => by(5, word))
  const apart = words.map((one, at) => ({ ...one, contactId: `w${at}` }))
  expect(await last(...apart, ...by(4, 'red dragon'))).toBe(`red ${hidden}`)
  expect(await last(...apart, ...by(5, 'red dragon'))).toBe('red dragon')
  const pairs = ['red dragon', 'dragon inn'].flatMap((pair, at) =>
    by(5, pair).map((one, who) => ({ ...one, contactId: `p${at}${who}` })),
  )
  expect(await last(...apart, ...pairs, ...by(4, 'red dragon inn'))).toBe(`red dragon ${hidden}`)
  expect(await last(...apart, ...pairs, ...by(5, 'red dragon inn'))).toBe('red dragon inn')
  // A comma between them makes no other phrase of it; what was masked does.
  expect(await last(...apart, ...by(4, 'red, dragon'))).toBe(`red, ${hidden}`)
  expect(await last(...apart, ...by(4, 'red [name] dragon'))).toBe('red [name] dragon')
  expect(longestPhrase).toBe(3)
})

test('only what masking put in stays whole: a word that somebody put into brackets is a word', async () => {
  expect(await last(...by(1, 'ask [lindqvist] or [phone]'))).toBe(`${hidden} [${hidden}] ${hidden} [phone]`)
})

test('of a Chinese name nothing stays: no surname before what is hidden, no sign behind it', async () => {
  // Everybody says the words around it, many are called Wang, and its signs are in other words.
  const around = by(6, '我是王先生', '小的也行', '明天到', '我要退款', '我是老王，小李明天到')
  for (const text of ['我是王小明', '王小明要退款', '请找王小明', '我是欧阳娜娜']) {
    const left = (await last(...around, { text, contactId: 'x' })) ?? ''
    for (const sign of '王小明欧阳娜') expect(left).not.toContain(sign)
  }
  expect(await last(...around, { text: '我是王先生', contactId: 'x' })).toBe('我是王先生')
})

test('words and phrases of the account’s own texts are no secret, and those texts stay as they are', async () => {
  const own = { text: 'the xanthippe blend', contactId: null }
  expect(await hideRare([own, { text: 'Xanthippe blend', contactId: 'a' }])).toEqual([
    'the xanthippe blend',
    'Xanthippe blend',
  ])
  expect(await last(own, { text: 'blend xanthippe', contactId: 'a' })).toBe(`blend ${hidden}`)
})

/** Words and phrases that stand in a text, parted where something is hidden. */
const phrasesOf = (text: string): string[] =>
  text.split(hidden).flatMap((part) => {
    const words = part.split(' ').filter(Boolean)
    return words.flatMap((_, from) => [1, 2, 3].flatMap((length) => words.slice(from, from + length).join(' ')))
  })

test('in what leaves there is no word and no phrase that fewer than five contacts wrote; before there are hundreds', async () => {
  const random = new Random(3)
  const words = '我 要 退款 订单 还 没 到 where is my order refund the box please cancel it now'.split(' ')
  const usual = ['我 要 退款', '订单 还 没 到', 'where is my order', 'please refund the box', 'cancel it now please']
  const said = Array.from({ length: 400 }, () => ({
    text: random.below(2)
      ? `${usual[random.below(5)]} ${usual[random.below(5)]}`
      : Array.from({ length: 6 }, () => words[random.below(words.length)]).join(' '),
    contactId: `c${random.below(90)}`,
  }))
  const users = new Map<string, Set<string>>()
  for (const { text, contactId } of said)
    for (const phrase of phrasesOf(text)) users.set(phrase, (users.get(phrase) ?? new Set()).add(contactId))
  const few = (texts: readonly string[]) =>
    new Set(texts.flatMap(phrasesOf).filter((phrase) => (users.get(phrase)?.size ?? 0) < fewestContacts)).size
  const left = await hideRare(said)
  const before = few(said.map(({ text }) => text))
  expect(before).toBeGreaterThan(100)
  expect(few(left)).toBe(0)
  expect(left.flatMap(phrasesOf).filter((phrase) => phrase.includes(' ')).length).toBeGreaterThan(100)
  held('8 words of few contacts', `${said.length} texts with ${before} words and phrases of few: 0 in what leaves`)
})
