/** Errors in the log: what somebody wrote is taken out, what helps to find the fault stays. */
import { expect, test } from 'vitest'
import { scrub, scrubError } from '@/lib/platform/scrub'

test.each([
  ['invalid input syntax for type uuid: "hunter2"', 'invalid input syntax for type uuid: "…"'],
  ['Key (email)=(mei@shop.example) already exists.', 'Key (email)=(…) already exists.'],
  ['Key (account_id, name)=(1, a (b) c) already exists.', 'Key (account_id, name)=(…) already exists.'],
  ['Unexpected token \'h\', "{"text": hunter2" is not valid JSON', 'Unexpected token "…" is not valid JSON'],
  // Cut off before the quote that ends it.
  ['cannot read {"error":"hunter2 and so', 'cannot read {"…"'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED …:5432'],
  ['connect to postgresql://lingxi:secret@db:5432/x', 'connect to postgresql://…@db:5432/x'],
  ['GET /reset?token=abc&lang=en failed', 'GET /reset?token=…?lang=… failed'],
  ['550 no such person <mei@shop.example>', '550 no such person <…>'],
  ['无法读取：林梅', '…'],
  ['no run 01a22d9a-dbff-704e-a6ac-a6f6b03197a1', 'no run 01a22d9a-dbff-704e-a6ac-a6f6b03197a1'],
  [
    'Unique constraint failed on the fields: (`account_id`,`name`)',
    'Unique constraint failed on the fields: (`account_id`,`name`)',
  ],
])('%s', (before, after) => {
  expect(scrub(before)).toBe(after)
})

test('type, code, places and causes stay', () => {
  const cause = Object.assign(new TypeError('"x" is wrong'), { code: 'E_ODD' })
  const error = scrubError(new Error('said "hello"', { cause }))
  expect(error).toMatchObject({ type: 'Error', message: 'said "…"', cause: { type: 'TypeError', code: 'E_ODD' } })
  expect(error.at?.[0]).toMatch(/^at .*scrub\.test/)
  expect(JSON.stringify(error)).not.toContain('hello')
})

test('a message that looks like a place is none', () => {
  const error = scrubError(new Error('no\n    at hunter2 (home)'))
  expect(error.at?.length).toBeGreaterThan(0)
  expect(JSON.stringify(error.at)).not.toContain('hunter2')
})
