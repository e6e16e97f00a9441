/** One spelling per address. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEmail } from '@/lib/features/identity/email'

describe('spellings', () => {
  test.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada@Example.COM ', 'ada@example.com'],
    ['ada＠example.com', 'ada@example.com'],
    ['ａｄａ@ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
    ['ada+shop@mail.example.co.uk', 'ada+shop@mail.example.co.uk'],
    ["o'neil@example.com", "o'neil@example.com"],
    ['用户@例子.中国', '用户@xn--fsqu00a.xn--fiqs8s'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ])('%s is %s', (given, one) => expect(parseEmail(given)).toBe(one))
})

describe('no addresses', () => {
  const bad = [
    '',
    '@',
    'ada',
    'ada@',
    '@example.com',
    'a@b@example.com',
    'a＠b@example.com',
    'ada@example',
    'ada@localhost',
    'ada@example..com',
    'ada@-example.com',
    'ada@example.com.',
    '.ada@example.com',
    'ada.@example.com',
    'a..b@example.com',
    'a b@example.com',
    'ada@exa mple.com',
    'ada@example.com\nBcc: x@y.com',
    'ada\u0000@example.com',
    '"ada"@example.com',
    'ada@[127.0.0.1]',
    '<ada@example.com>',
    'ada@example.com,bob@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(250)}.com`,
    `${'a'.repeat(2_000)}@example.com`,
    'ada@exa%6dple.com',
  ]
  test.each(bad)('%j', (given) => expect(() => parseEmail(given)).toThrow('email_invalid'))
})

test('whatever comes is refused or becomes one stable spelling of at most 254 bytes with one @', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.emailAddress(),
    fc.emailAddress().map((one) => one.toUpperCase()),
  )
  fc.assert(
    fc.property(text, (given) => {
      let one: string
      try {
        one = parseEmail(given)
      } catch {
        return
      }
      expect(parseEmail(one)).toBe(one)
      expect(one.split('@')).toHaveLength(2)
      expect(Buffer.byteLength(one)).toBeLessThanOrEqual(254)
      expect(one).toBe(one.normalize('NFKC'))
    }),
    { numRuns: 2_000 },
  )
})
