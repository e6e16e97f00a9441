/** Questions of the review: what reads nearly the same is asked about once, in the order of its first. */
import { expect, test } from 'vitest'
import { together } from '@/lib/features/learning/review'

let made = 0
const doubt = (text: string, intent = 'card', other: string | null = null, messages = 1) => ({
  text,
  said: { intent, probability: 0.4 },
  other,
  reason: 'uncertain' as const,
  messageIds: Array.from({ length: messages }, () => `m${++made}`),
  displayId: made,
  createdAt: '2026-01-01T00:00:00.000Z',
})
const texts = (doubts: Parameters<typeof together>[0]) =>
  together(doubts).map((item) => item.texts.map(({ text }) => text).sort())

test('nearly the same words for the same guess are one question', () => {
  const doubts = [
    doubt('my card has not arrived yet'),
    doubt('where do I change the address'),
    doubt('my card has not arrived'),
    doubt('My new card has not arrived yet!'),
  ]
  expect(texts(doubts)).toEqual([
    ['My new card has not arrived yet!', 'my card has not arrived', 'my card has not arrived yet'],
    ['where do I change the address'],
  ])
})

test('what the models take for different things is asked about apart', () => {
  const doubts = [
    doubt('my card has not arrived yet', 'card'),
    doubt('my card has not arrived', 'delivery'),
    doubt('my card has not arrived now', 'card', 'delivery'),
  ]
  expect(texts(doubts)).toHaveLength(3)
})

test('a question is of no more messages than one press labels', () => {
  const [item] = together([doubt('the same', 'card', null, 30), doubt('the same!', 'card', null, 30)])
  expect(item?.texts.flatMap(({ messageIds }) => messageIds)).toHaveLength(50)
  expect(together([])).toEqual([])
})
