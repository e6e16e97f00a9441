/** Website addresses that may go into a content policy, and colours that can be read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { framePolicy } from '@/lib/border/page-headers'
import { inboxDraft } from '@/lib/features/inboxes/input'
import { contrast, inkOn, judgeAccent, leastForText, normalOrigin } from '@/lib/features/inboxes/rules'

test('texts hold what can be stored: no half signs and no NUL', () => {
  const draft = (greeting: string) => inboxDraft.safeParse({ name: 'Shop', texts: { en: { greeting } } }).success
  expect([draft(' 你好 👩‍👩‍👧\nhello '), draft(''), draft('x\udfff'), draft('a\0b')]).toEqual([
    true,
    true,
    false,
    false,
  ])
})

describe('an origin', () => {
  test.each([
    ['https://shop.example', 'https://shop.example'],
    ['  HTTPS://Shop.Example/ ', 'https://shop.example'],
    ['https://shop.example:443', 'https://shop.example'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://商店.example', 'https://xn--czrs0t.example'],
  ])('%j is %j', (typed, origin) => expect(normalOrigin(typed)).toBe(origin))

  test.each([
    '',
    'shop.example',
    '*',
    'https://*.shop.example',
    'ftp://shop.example',
    'javascript:alert(1)',
    'null',
    'https://shop.example/path',
    'https://shop.example?x',
    'https://shop.example#x',
    'https://user@shop.example',
    'https://user:pass@shop.example',
    'https://shop.example;script-src',
    "https://shop.example; script-src 'unsafe-inline'",
    'https://a,b.example',
    'https://shop.example https://other.example',
    'https://',
    'https://shop.example:99999',
  ])('%j is none', (typed) => expect(normalOrigin(typed)).toBeNull())

  test('whatever is typed, the policy keeps its shape', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `https://a${text}`),
        ),
        (typed) => {
          const origin = normalOrigin(typed)
          if (origin === null) return
          expect(origin).toMatch(/^https?:\/\/[^\s;,'"]+$/)
          expect(normalOrigin(origin)).toBe(origin)
          expect(framePolicy('', [origin]).split(';')).toHaveLength(framePolicy('', []).split(';').length)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('contrast', () => {
  test('is the figure of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
    expect(contrast('#ffffff', '#ffffff')).toBe(1)
  })

  test('one of the two text colours reads on nearly every accent', () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((bits) => `#${bits.toString(16).padStart(6, '0')}`)
    fc.assert(fc.property(colour, (accent) => judgeAccent(accent).text > leastForText - 0.4))
  })
})

test('the text colour reads on every accent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (bits) => {
      const accent = `#${bits.toString(16).padStart(6, '0')}`
      expect(contrast(accent, inkOn(accent))).toBeGreaterThan(leastForText)
    }),
    { numRuns: 2_000 },
  )
})
