/** The review's order: with few labels what stands for much of the doubt, with more the most doubtful of each intent in turn. */
import { expect, test } from 'vitest'
import { inReviewOrder } from '@/lib/features/learning/order'

const doubted = [
  { text: 'xyzzy plugh', intent: 'card', doubt: 0.99 },
  { text: 'my card has not come', intent: 'card', doubt: 0.6 },
  { text: 'the card has not come yet', intent: 'card', doubt: 0.7 },
  { text: 'why has my card not come yet', intent: 'card', doubt: 0.65 },
  { text: 'why is there a fee', intent: 'fee', doubt: 0.5 },
  { text: 'there is a fee again', intent: 'fee', doubt: 0.4 },
]
const order = (labels: number, intents: number, most = 2) =>
  inReviewOrder(doubted, { most, labels, intents }).map(({ text }) => text)

test('nothing is lost, whichever way', () => {
  for (const labels of [0, 39, 40]) expect(order(labels, 2).sort()).toEqual(doubted.map(({ text }) => text).sort())
  expect(inReviewOrder([], { most: 3, labels: 0, intents: 0 })).toEqual([])
})

test('under twenty labels an intent, one that stands for others comes before one that stands alone', () => {
  expect(order(39, 2)[0]).toContain('card')
  expect(order(0, 0)[0]).not.toBe('xyzzy plugh')
})

test('from twenty on the most doubtful of each intent come in turn', () => {
  expect(order(40, 2).slice(0, 2)).toEqual(['xyzzy plugh', 'why is there a fee'])
  expect(order(40, 2, 4).slice(0, 4)).toEqual([
    'xyzzy plugh',
    'why is there a fee',
    'the card has not come yet',
    'there is a fee again',
  ])
})
