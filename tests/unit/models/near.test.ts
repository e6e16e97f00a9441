/** Near-duplicates: what is found is what comparing every pair finds, quickly. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearPairs } from '@/models/text/near'

const every = () => true

test('a slip, another sign or a word at the end is near; another question is not', () => {
  const texts = [
    'Where is the card that I ordered from you last week?',
    'where is the card that I orderd from you last week',
    'Where is the card that I cancelled last week?',
    '请问我的包裹现在到哪里了',
    '请问我的包裹现在到哪里了？！',
    '请问我的发票现在到哪里了',
  ]
  expect(nearPairs(texts, every)).toEqual([
    [0, 1],
    [3, 4],
  ])
  expect(nearPairs(texts, (a) => a !== 0)).toEqual([[3, 4]])
  expect(nearPairs(texts, every, 1)).toEqual([[0, 1]])
  expect(nearPairs(['', '!!', 'a', 'b'], every)).toEqual([])
})

test('the same pairs as by comparing each with each', () => {
  const word = fc.constantFrom('card', 'cards', 'late', 'my', 'order', 'where', '退款', '在哪里')
  const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
  const byPlace = (pairs: readonly (readonly number[])[]) => pairs.map(String).sort()
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), (texts) => {
      const slow = texts.flatMap((b, to) =>
        texts.slice(0, to).flatMap((a, from) => (nearPairs([a, b], every).length ? [[from, to]] : [])),
      )
      expect(byPlace(nearPairs(texts, every, 1_000))).toEqual(byPlace(slow))
    }),
    { numRuns: 100 },
  )
})

test('thousands of texts made from one pattern cost a moment', () => {
  const texts = Array.from(
    { length: 3_000 },
    (_, at) => `question number ${at} about order ${at * 7919} of week ${at % 52}`,
  )
  const began = process.cpuUsage()
  nearPairs(texts, every)
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(4)
})
