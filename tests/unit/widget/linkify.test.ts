/** Addresses become links, nothing else does, and no character of the text is lost. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linkify } from '@/app/widget/frame/linkify'
import { inTime } from '../../kit/guarantee'

const links = (text: string) =>
  linkify(text)
    .filter(({ href }) => href)
    .map(({ href }) => href)

test.each([
  ['see https://a.example/b?c=d#e.', ['https://a.example/b?c=d#e']],
  ['请看https://a.example/路，谢谢', ['https://a.example/']],
  ['请看 https://a.example/b，谢谢。', ['https://a.example/b']],
  ['(https://a.example/x_(y))', ['https://a.example/x_(y)']],
  ['Write to mo@tea.example, or tel:+86571.', ['mailto:mo@tea.example', 'tel:+86571']],
  ['mailto:mo@tea.example', ['mailto:mo@tea.example']],
  ['javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd ftp://x', []],
  ['https:// http:// @ a@b', []],
  ['HTTPS://A.EXAMPLE', ['HTTPS://A.EXAMPLE']],
])('%s', (text, expected) => {
  expect(links(text)).toEqual(expected)
})

test('the pieces are the text, and every link has one of four schemes', () => {
  const parts = fc.constantFrom(
    'https://',
    'a.b',
    '@',
    'javascript:',
    'tel:',
    '(',
    ')',
    ' ',
    '。',
    '<script>',
    '/',
    '.',
    '1',
  )
  const any = fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((points) => String.fromCodePoint(...points))
  fc.assert(
    fc.property(
      fc.oneof(
        any,
        fc.array(parts).map((all) => all.join('')),
      ),
      (text) => {
        const pieces = linkify(text)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        for (const { href } of pieces) if (href) expect(href).toMatch(/^(https?:\/\/|mailto:|tel:)/i)
      },
    ),
  )
})

test('8,000 hostile characters take no time to speak of', () => {
  for (const text of [
    'https://'.repeat(1000),
    `https://${'('.repeat(7990)}`,
    'a@'.repeat(4000),
    `https://${'(a'.repeat(3990)}`,
    'a.'.repeat(4000),
  ]) {
    const start = performance.now()
    linkify(text)
    expect(inTime(performance.now() - start, 200)).toBe(true)
  }
})
