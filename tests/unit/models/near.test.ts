/** Near-duplicates: what is found is what comparing every pair finds, quickly. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bare, nearPairs } from '@/models/text/near'
import { differBySlip, isShort } from '@/models/text/slip'

const every = () => true

test('a slip, another sign or a word at the end is near; another question is not', async () => {
  const texts = [
    'Where is the card that I ordered from you last week?',
    'where is the card that I orderd from you last week',
    'Where is the card that I cancelled last week?',
    '请问我的包裹现在到哪里了',
    '请问我的包裹现在到哪里了？！',
    '请问我的发票现在到哪里了',
  ]
  expect(await nearPairs(texts, every)).toEqual([
    [0, 1],
    [3, 4],
  ])
  expect(await nearPairs(texts, (a) => a !== 0)).toEqual([[3, 4]])
  expect(await nearPairs(texts, every, { most: 1 })).toEqual([[0, 1]])
  expect(await nearPairs(['', '!!', 'a', 'b'], every)).toEqual([])
})

test('of a short text a slip is near, a blank and a comma between Chinese signs are nothing; another word is another question', async () => {
  const near = async (one: string, other: string) => (await nearPairs([one, other], every)).length === 1
  for (const [one, other] of [
    ['我要退款，太慢了', '我要退款太慢了'],
    ['怎么申请发票', '怎么申请 发票'],
    ['怎么申请发票', '怎么申请发票呢'],
    ['Where is my order', 'Where is my oder'],
    ["I can't log in", 'I cant login'],
    ['where is my refund please', 'were is my refund plese'],
  ] as const) {
    expect(await near(one, other), one).toBe(true)
    expect(await near(other, one), other).toBe(true)
  }
  for (const [one, other] of [
    ['怎么退款', '怎么退货'],
    ['我要退款', '我不要退款'],
    ['call me', 'bill me'],
    ['card', 'cart'],
    ['在 2 天内退款', '在 3 天内退款'],
    ['Where is my order', 'Where is my older card'],
    ['where is my card', 'where is his card'],
  ] as const)
    expect(await near(one, other), one).toBe(false)
})

test('the same pairs as by comparing each with each', async () => {
  const word = fc.constantFrom('card', 'cards', 'late', 'my', 'order', 'where', '退款', '在哪里')
  const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
  const byPlace = (pairs: readonly (readonly number[])[]) => pairs.map(String).sort()
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 25 }), async (texts) => {
      const slow: [number, number][] = []
      for (const [to, b] of texts.entries())
        for (const [from, a] of texts.slice(0, to).entries())
          if ((await nearPairs([a, b], every)).length) slow.push([from, to])
      expect(byPlace(await nearPairs(texts, every, { most: 1_000 }))).toEqual(byPlace(slow))
    }),
    { numRuns: 100 },
  )
  // Short ones with slips at any place.
  const slipped = fc
    .tuple(
      fc.constantFrom('where is my order', 'i want my money back', '我要退款太慢了', 'change my pin'),
      fc.nat(40),
      fc.nat(3),
    )
    .map(
      ([text, at, how]) => text.slice(0, at) + (how ? 'xy'.slice(0, how - 1) : '') + text.slice(how > 1 ? at : at + 1),
    )
  await fc.assert(
    fc.asyncProperty(fc.array(slipped, { maxLength: 20 }), async (texts) => {
      const slow: [number, number][] = []
      for (const [to, b] of texts.entries())
        for (const [from, a] of texts.slice(0, to).entries())
          if (isShort(bare(a)) && isShort(bare(b)) && differBySlip(bare(a), bare(b))) slow.push([from, to])
      const found = new Set(byPlace(await nearPairs(texts, every, { most: 1_000 })))
      expect(byPlace(slow).filter((pair) => !found.has(pair))).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('thousands of texts made from one pattern cost a moment, and others go on meanwhile', async () => {
  const texts = Array.from(
    { length: 3_000 },
    (_, at) => `question number ${at} about order ${at * 7919} of week ${at % 52}`,
  )
  const began = process.cpuUsage()
  let rests = 0
  const rest = async () => void rests++
  await nearPairs(texts, every, { most: 1e9, rest })
  expect(rests).toBeGreaterThan(0)
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(4)

  const words = 'card order refund money parcel login price colour size label'.split(' ')
  const short = Array.from({ length: 10_000 }, (_, at) =>
    [at, at / 10, at / 100, at / 1_000].map((place) => words[Math.floor(place) % 10]).join(' '),
  )
  const start = process.cpuUsage()
  await nearPairs(short, every, { most: 1e9 })
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(6)
})
