/** A file is what its bytes are: each kind that is taken, and each way to be something else. */
import { describe, expect, test } from 'vitest'
import { largestFile } from '@/lib/core/attachment'
import { isAppError } from '@/lib/core/errors'
import { sniff } from '@/lib/features/attachments/sniff'
import { gif, jpeg, jpegSegment, pdf, png, pngText, webp, webpChunk, webpPixels, zip } from '../../kit/sample-files'

const codeOf = (bytes: Buffer): string => {
  try {
    return sniff(bytes).kind
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
}
const text = (words: string) => Buffer.from(words)
const behind = (bytes: Buffer, more: string | Buffer) => Buffer.concat([bytes, Buffer.from(more)])

describe('what is taken', () => {
  test.each([
    ['png', png(640, 480)],
    ['jpeg', jpeg(640, 480)],
    ['gif', gif(640, 480)],
    ['webp', webp(640, 480)],
  ])('%s with its size', (kind, bytes) => {
    expect(sniff(bytes)).toEqual({ kind, width: 640, height: 480, bytes })
  })

  test.each([
    ['pdf', pdf()],
    ['text', text('Order 1042 arrived broken.\n')],
    ['text', text('\ufeff订单号,状态\n1042,破损\n')],
    // What spreadsheets write where Chinese is spoken: 订单 in GB 18030, and the same in UTF-16.
    ['text', Buffer.from([0xb6, 0xa9, 0xb5, 0xa5, 0x2c, 0x31])],
    ['text', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('订单,1\n', 'utf16le')])],
    ['text', text('if a < b and c > d, then <x> is a tag')],
    // Telephones put more behind the end mark: a second, small picture.
    ['jpeg', behind(jpeg(), jpeg(4, 4))],
    ['png', png(8, 6, [pngText('<?xpacket begin?><x:xmpmeta>')])],
  ])('%s', (kind, bytes) => {
    expect(codeOf(bytes)).toBe(kind)
  })

  test('a file of exactly the limit', () => {
    expect(codeOf(Buffer.alloc(largestFile, 'a'))).toBe('text')
  })
})

describe('what is not', () => {
  test.each([
    ['nothing at all', Buffer.alloc(0), 'attachment_empty'],
    ['one byte more than the limit', Buffer.alloc(largestFile + 1, 'a'), 'attachment_too_large'],
    ['a page', text('<!doctype html><script>alert(1)</script>'), 'attachment_type'],
    ['a page behind spaces and a mark', text('\ufeff \n<html>'), 'attachment_type'],
    ['a drawing that can run', text('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>'), 'attachment_type'],
    [
      'a page in UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<html>', 'utf16le')]),
      'attachment_type',
    ],
    ['an archive', zip(), 'attachment_type'],
    ['a program', Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), 'attachment_type'],
    ['random bytes', Buffer.from([0x93, 0xff, 0x80, 0x01, 0xfe]), 'attachment_type'],
  ])('%s', (_name, bytes, code) => {
    expect(codeOf(bytes)).toBe(code)
  })

  test.each([
    ['png', png()],
    ['gif', gif()],
    ['webp', webp()],
  ])('something behind a %s', (_kind, bytes) => {
    expect(codeOf(behind(bytes, 'MZ and more'))).toBe('attachment_damaged')
  })

  test.each([
    ['png', png()],
    ['jpeg', jpeg()],
    ['gif', gif()],
    ['webp', webp()],
    ['pdf', pdf()],
  ])('a %s that ends early', (_kind, bytes) => {
    expect(codeOf(bytes.subarray(0, bytes.length - 8))).toBe('attachment_damaged')
  })

  test.each([
    ['png', png()],
    ['jpeg', jpeg()],
    ['pdf', pdf()],
  ])('an archive behind a %s', (_kind, bytes) => {
    expect(codeOf(behind(bytes, zip()))).toBe('attachment_damaged')
  })

  test.each([
    ['a page in a picture', png(8, 6, [pngText('<html><script>alert(1)</script>')])],
    ['a document in a picture', png(8, 6, [pngText('%PDF-1.4')])],
    ['a page in a document', pdf('<script>alert(1)</script>')],
    ['an archive in a picture', png(8, 6, [pngText(zip().toString('latin1'))])],
  ])('%s', (_name, bytes) => {
    expect(codeOf(bytes)).toBe('attachment_damaged')
  })

  test('a few bytes that would become gigabytes of pixels', () => {
    const bomb = png(60_000, 60_000)
    expect(bomb.length).toBeLessThan(100_000)
    expect(codeOf(bomb)).toBe('attachment_pixels')
    expect(codeOf(jpeg(60_000, 60_000))).toBe('attachment_pixels')
    expect(codeOf(webp(16_000, 16_000))).toBe('attachment_pixels')
    expect(codeOf(gif(9_000, 9_000))).toBe('attachment_pixels')
    // A small picture whose frame is huge.
    const small = gif(9_000, 9_000)
    small.writeUInt16LE(8, 6)
    small.writeUInt16LE(8, 8)
    expect(codeOf(small)).toBe('attachment_pixels')
    expect(codeOf(png(0, 10))).toBe('attachment_damaged')
  })

  test.each([0xc0, 0xc2])('a picture with a second frame: browsers show the first (%d)', (marker) => {
    const tiny = jpegSegment(marker, Buffer.from([8, 0, 1, 0, 1, 1, 1, 0x11, 0]))
    const large = jpeg(10_000, 10_000)
    expect(codeOf(Buffer.concat([large.subarray(0, -2), tiny, large.subarray(-2)]))).toBe('attachment_damaged')
    expect(codeOf(jpeg(8, 6, [tiny]))).toBe('attachment_damaged')
    // A preview in a camera's notes is no frame of the picture.
    expect(codeOf(jpeg(8, 6, [jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), jpeg(4, 4)]))]))).toBe('jpeg')
  })

  test('a small canvas over large pixels, still or animated', () => {
    const frame = (inside: Buffer) => webpChunk('ANMF', Buffer.concat([Buffer.alloc(16), inside]))
    expect(codeOf(webp(1, 1, [webpPixels(16_384, 16_384)]))).toBe('attachment_pixels')
    expect(codeOf(webp(1, 1, [frame(webpPixels(4, 4)), frame(webpPixels(16_384, 16_384))]))).toBe('attachment_pixels')
    expect(sniff(webp(640, 480, [frame(webpPixels(640, 480)), frame(webpPixels(20, 20))]))).toMatchObject({
      width: 640,
      height: 480,
    })
  })
})
