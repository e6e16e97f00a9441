/** What stands in a picture beside its pixels: ordinary notes are taken, films and notes of telephones cut off, files of their own refused. */
import { expect, test } from 'vitest'
import { isAppError } from '@/lib/core/errors'
import { sniff } from '@/lib/features/attachments/sniff'
import { noise, trimmed, whole } from '../../kit/phone-pictures'
import {
  gif,
  gifComment,
  jpeg,
  jpegSegment,
  pdf,
  png,
  pngChunk,
  pngText,
  webp,
  webpChunk,
} from '../../kit/sample-files'

const codeOf = (bytes: Buffer): string => {
  try {
    return sniff(bytes).kind
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
}

test.each(Object.entries(whole))('%s: taken byte for byte', (_name, bytes) => {
  expect(sniff(bytes).bytes.equals(bytes)).toBe(true)
})

test.each(Object.entries(trimmed))('%s: taken without it', (_name, [picture, behind]) => {
  const { kind, bytes } = sniff(Buffer.concat([picture, behind]))
  expect({ kind, whole: bytes.equals(picture) }).toEqual({ kind: 'jpeg', whole: true })
})

const more = (name: string) => Buffer.from(`${name}\0\0\0\0\0`)
const places: Record<string, (inner: Buffer) => Buffer> = {
  'a comment of a JPEG': (inner) => jpeg(8, 6, [jpegSegment(0xfe, inner)], noise(200_000)),
  'a named segment of a JPEG': (inner) => jpeg(8, 6, [jpegSegment(0xe7, Buffer.concat([more('Mine'), inner]))]),
  'a comment of the second picture': (inner) => Buffer.concat([jpeg(), jpeg(8, 6, [jpegSegment(0xfe, inner)])]),
  'a text of a PNG': (inner) => png(8, 6, [pngChunk('iTXt', Buffer.concat([more('Comment'), inner]))]),
  'an unknown chunk of a PNG': (inner) => png(8, 6, [pngChunk('xyZz', inner)]),
  'a comment of a GIF': (inner) => gif(8, 6, [gifComment(Buffer.concat([Buffer.alloc(253), inner]))]),
  'an unknown chunk of a WebP': (inner) => webp(8, 6, [webpChunk('mine', inner)]),
}
const page = '<html><body>x'
test.each(Object.keys(places))('in %s a page is found, and a file of its own', (name) => {
  const place = places[name] as (inner: Buffer) => Buffer
  const inside = [page, '<svg>', '<object data=x>', '%PDF-1.7', '#!/bin/sh', 'MZ\x90\0', '\x1f\x8b\x08\0']
  // A comment of a GIF here begins with noughts, so that its page is cut by a length byte.
  expect(inside.map((inner) => codeOf(place(Buffer.from(inner, 'latin1'))))).toEqual(
    inside.map((inner) => (name.endsWith('GIF') && !/[<%]/.test(inner) ? 'gif' : 'attachment_damaged')),
  )
  expect(codeOf(place(Buffer.from('parcel 42, MZ <3 & #1')))).not.toBe('attachment_damaged')
})

test.each([
  ['behind the second picture', Buffer.concat([jpeg(), jpeg(), Buffer.from('MZ\x90\0', 'latin1')])],
  ['behind what fills up', Buffer.concat([jpeg(), Buffer.alloc(99), Buffer.from('#!/bin/sh\n')])],
  ['anywhere behind', Buffer.concat([jpeg(), noise(500), Buffer.from(page)])],
  ['in the pixels', jpeg(8, 6, [], Buffer.concat([noise(5_000), Buffer.from(page), noise(5_000)]))],
  ['far into a document', pdf(`${'x'.repeat(5_000)} ${page}`)],
  ['behind a document', Buffer.concat([pdf(), Buffer.from('#!/bin/sh\n')])],
  ['a document in the beginning of a text', Buffer.from(`Hello\n${pdf()}`)],
])('refused: %s', (_name, bytes) => {
  expect(codeOf(bytes)).toBe('attachment_damaged')
})

test('a picture behind a picture has no more pixels than one', () => {
  expect(codeOf(Buffer.concat([jpeg(), jpeg(60_000, 60_000)]))).toBe('attachment_pixels')
})

test('comments of a document, which are pages in part, are no fault of it', () => {
  const words = '<?xml version="1.0"?><body xmlns="http://www.w3.org/1999/xhtml"><p>ok</p></body>'
  expect(codeOf(pdf(`${'x'.repeat(2_000)}/RC(${words})`))).toBe('pdf')
})

test('an animation may be long: how its frames are shown is no note, unless it is longer than that', () => {
  const shown = (body: Buffer) => [pngChunk('fcTL', body), pngChunk('fdAT', noise(40))]
  const frames = Array.from({ length: 3_000 }, () => shown(Buffer.alloc(26))).flat()
  expect(codeOf(png(8, 6, frames))).toBe('png')
  const note = Buffer.from('#!/bin/sh\necho here is more than numbers\n')
  expect(codeOf(png(8, 6, [...frames, ...shown(note)]))).toBe('attachment_damaged')
  expect(
    codeOf(
      png(
        8,
        6,
        frames.map(() => pngText('x')),
      ),
    ),
  ).toBe('attachment_damaged')
})

test('files made to keep the server busy are looked at in no time', () => {
  const all = 10_000_000
  const wrong = [
    jpeg(8, 6, [Buffer.alloc(all, Buffer.from('ffe10002', 'hex'))]),
    gif(8, 6, [gifComment(Buffer.alloc(8)), Buffer.concat([Buffer.from([0x21, 0xfe]), Buffer.alloc(all, '\x01a')])]),
  ]
  const began = performance.now()
  expect(wrong.map(codeOf)).toEqual(['attachment_damaged', 'attachment_damaged'])
  expect(codeOf(Buffer.alloc(all, jpeg()))).toBe('jpeg')
  expect(performance.now() - began).toBeLessThan(2_000)
})
