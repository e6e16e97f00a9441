/** `?next=` leads to a page of this site or nowhere. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextPath } from '@/app/(site)/sign-in/_parts/next-path'

test.each(['/shop/inbox', '/shop/inbox?status=open#top', '/accounts', '/invite/abc', '/%E7%81%B5'])(
  '%s stays',
  (path) => expect(nextPath(path)).toBe(path),
)

const bad = [
  '',
  'shop/inbox',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/\n//evil.example',
  ' //evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/api/auth/signout',
  'http:/evil.example',
  '/x\\..\\..//evil.example',
  `/${'x'.repeat(3_000)}`,
]
test.each(bad)('%j leads nowhere', (path) => expect(nextPath(path)).toBeNull())

test('nothing that passes ever leaves the site', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    ':',
    '@',
    'evil.example',
    '%2f',
    '%5c',
    '\t',
    '?',
    '#',
    'a',
    'http:',
    '//',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = nextPath(pieces.join(''))
      if (path !== null) expect(new URL(path, 'https://desk.example').origin).toBe('https://desk.example')
    }),
    { numRuns: 5_000 },
  )
})

test('lists and nothing are nothing', () => {
  for (const value of [null, undefined, ['/a', '/b']]) expect(nextPath(value)).toBeNull()
})
