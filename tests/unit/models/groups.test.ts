/** The judge of groups knows good from bad: labels that share no word are found whole, one label for all is one group. */
import { expect, test } from 'vitest'
import { judgeGroups } from '@/models/evaluate/groups'

const nouns = [
  'parking',
  'voucher',
  'kettle',
  'password',
  'invoice',
  'holiday',
  'parcel',
  'receipt',
  'warranty',
  'branch',
  'music',
  'dog',
]
const rest = [
  'today',
  'maybe',
  'soon',
  'again',
  'there',
  'often',
  'twice',
  'later',
  'abroad',
  'online',
  'monthly',
  'early',
  'indoors',
]

test('labels that share no word are found, and found pure', () => {
  const rows = nouns.flatMap((noun) => rest.map((word) => ({ text: `${noun} ${noun}s ${word}`, label: noun })))
  const quality = judgeGroups(rows, 1)
  expect(quality.found).toBeGreaterThan(0.95)
  expect(quality.purity).toBeGreaterThan(0.9)
  expect(judgeGroups(rows, 1)).toEqual(quality)
})

test('labels given at random are not', () => {
  const rows = nouns.flatMap((noun, at) =>
    rest.map((word, i) => ({ text: `${noun} ${noun}s ${word}`, label: `${(at * 5 + i * 7) % 12}` })),
  )
  expect(judgeGroups(rows, 1).purity).toBeLessThan(0.5)
})
