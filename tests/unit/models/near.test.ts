/** Near-duplicates: what is found is what comparing every pair finds, quickly. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearPairs } from '@/models/text/near'

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
})
