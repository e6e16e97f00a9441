/** A search of more than the API takes is cut where a word ends. */
import { expect, test } from 'vitest'
import { searchable } from '@/app/_ui/searchable'

test.each([
  ['  where is \n', 'where is'],
  ['a'.repeat(200), 'a'.repeat(200)],
  ['a'.repeat(201), 'a'.repeat(200)],
  [`${'four '.repeat(39)}fours more`, `${'four '.repeat(39)}fours`],
  [`${'four '.repeat(39)}longer more`, 'four '.repeat(39).trim()],
  ['退'.repeat(300), '退'.repeat(200)],
  [`x${'😀'.repeat(150)}`, `x${'😀'.repeat(99)}`],
])('%j', (text, asked) => {
  expect(searchable(text)).toBe(asked)
})
