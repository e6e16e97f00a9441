/** Which parts of a message become links. */
import { expect, test } from 'vitest'
import { linkify } from '@/app/(desk)/[account]/inbox/_data/links'

const links = (text: string) => linkify(text).flatMap((part) => part.href ?? [])
const whole = (text: string) =>
  linkify(text)
    .map((part) => part.text)
    .join('')

test.each([
  ['see https://example.com/a?b=1&c=2.', ['https://example.com/a?b=1&c=2']],
  ['(https://en.wikipedia.org/wiki/Tea_(drink))', ['https://en.wikipedia.org/wiki/Tea_(drink)']],
  ['看这里https://example.com/茶，谢谢', ['https://example.com/']],
  ['地址：https://example.com/a。', ['https://example.com/a']],
  ['HTTP://EXAMPLE.com and https://b.example!', ['http://example.com/', 'https://b.example/']],
  ['<https://example.com>', ['https://example.com/']],
])('%s', (text, expected) => {
  expect(links(text)).toEqual(expected)
  expect(whole(text)).toBe(text)
})

test.each([
  'javascript:alert(1)',
  'data:text/html,<script>',
  'https://',
  'http://user:secret@example.com/',
  'xhttps://example.com',
  '<a href="x">y</a>',
])('%s is only text', (text) => {
  expect(links(text)).toEqual([])
  expect(whole(text)).toBe(text)
})
