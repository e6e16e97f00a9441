/** What to ask about first: one of many alike, what is doubted rather than what is known, and nothing twice. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mostInstructive } from '@/models/text/instructive'

const cards = ['my card has not come', 'the card did not come yet', 'my new card has not come yet', 'has my card come']
const fees = ['why was there a fee', 'what is this fee for', 'a fee that I do not know', 'the fee is wrong']
const alone = ['xyzzy plugh', 'purple monkeys sing']
const texts = [...alone, ...cards, ...fees]

test('where all is in doubt, the first choices stand for the groups, and what stands alone comes late', () => {
  const order = mostInstructive(texts, Array(texts.length).fill(1), texts.length)
  const said = order.map((at) => texts[at] as string)
  expect([...order].sort((a, b) => a - b)).toEqual([...texts.keys()])
  expect(cards.some((text) => said.slice(0, 2).includes(text))).toBe(true)
  expect(fees.some((text) => said.slice(0, 2).includes(text))).toBe(true)
  expect(said.slice(0, 2)).not.toContain(alone[0])
})

test('what is known is not asked about while something is in doubt', () => {
  const doubts = texts.map((text) => (cards.includes(text) ? 0.01 : 0.8))
  const said = mostInstructive(texts, doubts, 3).map((at) => texts[at])
  expect(said.filter((text) => cards.includes(text as string))).toEqual([])
})

test('each once, as many as wanted, the same for the same, whatever is written', () => {
  const row = fc.tuple(fc.oneof(fc.string(), fc.constantFrom(...texts)), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), fc.nat({ max: 40 }), (rows, most) => {
      const [said, doubts] = [rows.map(([text]) => text), rows.map(([, doubt]) => doubt)]
      const order = mostInstructive(said, doubts, most)
      expect(new Set(order).size).toBe(order.length)
      expect(order).toHaveLength(Math.min(most, rows.length))
      expect(mostInstructive(said, doubts, most)).toEqual(order)
    }),
    { numRuns: 50 },
  )
})
