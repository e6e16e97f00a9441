/** Groups among unlabelled texts: what is asked in other words stands together, what was asked once stands alone. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterTexts, nearlySame } from '@/models/text/cluster'

const parking = [
  'Where can I park my car near the shop?',
  'is there parking at your shop',
  'do you have a parking lot for cars',
  'how much is parking at the shop',
  'parking near your shop?',
]
const gifts = ['能帮我包装成礼物吗', '礼物包装要多少钱', '可以礼物包装吗', '我想要礼物包装', '有没有礼物包装服务']
/** What else people write here: it says that "the" and "at" mean little. */
const around = [
  'Where is the order that I made at the weekend?',
  'the invoice is wrong, look at the second line',
  'I am at home at noon, can the parcel come then?',
  'my account is locked and the password does not work',
  'how do I send the shoes back to you',
  'the coupon was not taken at the till',
]
const alone = ['My dog sings opera', '今天月亮很圆', 'xyzzy', 'the train to Basel leaves at noon']

test('two kinds of questions, in two languages, among texts of no kind', () => {
  const texts = [...alone, ...parking.flatMap((text, at) => [text, gifts[at] as string])]
  const groups = clusterTexts(texts, 3, around)
  expect(groups).toHaveLength(2)
  const said = groups.map((group) => group.texts.map((at) => texts[at]))
  expect(said.find((group) => group.includes(gifts[0]))?.sort()).toEqual([...gifts].sort())
  const parked = said.find((group) => group.includes('parking near your shop?')) ?? []
  expect(parked.every((text) => parking.includes(text as string))).toBe(true)
  expect(parked.length).toBeGreaterThanOrEqual(4)
  const words = groups.flatMap((group) => group.words)
  expect(words).toContain('parking')
  expect(words.join('')).toContain('礼物')
})

test('nothing, one text, equal texts, texts of signs alone', () => {
  expect(clusterTexts([], 1)).toEqual([])
  expect(clusterTexts(['opera tickets'], 1)).toEqual([{ texts: [0], words: ['opera', 'tickets'] }])
  // What holds a sentence together, or is polite, names nothing.
  expect(clusterTexts(['Thank you, it is still there!', '你好，请问现在可以吗'], 1).map(({ words }) => words)).toEqual([
    [],
    [],
  ])
  expect(clusterTexts(['same words', 'same words', 'same words'], 2)).toMatchObject([{ texts: [0, 1, 2] }])
  expect(clusterTexts(['!!', '??', ''], 2)).toEqual([])
})

test('every text stands in one group at most, whatever is written, and the order of equal input does not change', () => {
  const line = fc.oneof(fc.string(), fc.constantFrom(...parking, ...gifts, ...alone))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (texts) => {
      const groups = clusterTexts(texts, 1)
      const places = groups.flatMap((group) => group.texts).sort((a, b) => a - b)
      expect(places).toEqual(texts.map((_, at) => at))
      expect(clusterTexts(texts, 1)).toEqual(groups)
    }),
    { numRuns: 60 },
  )
})

test('nearly the same words stand together, other questions about the same thing do not', () => {
  const texts = [
    'my card has not arrived',
    'how do I order a card',
    'My card has not arrived yet!',
    '我的卡还没到',
    '我的卡还没有到',
    'hi',
  ]
  expect(nearlySame(texts).map((group) => [...group].sort())).toEqual([[0, 2], [1], [3, 4], [5]])
  expect(nearlySame([])).toEqual([])
  expect(nearlySame(['!!'])).toEqual([[0]])
})
