/** Small files of every kind that is taken, made by hand, and the tricks that are not. */
import { crc32, deflateSync } from 'node:zlib'

const u16le = (...values: number[]) => Buffer.from(values.flatMap((value) => [value & 255, value >> 8]))

function chunk(name: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** One colour. A bomb names more pixels than it holds. */
export function png(width = 8, height = 6, extra: Buffer[] = [], rows = Math.min(height, 64)): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(Math.min(width, 4_096) * 3, 0x7a)])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: rows }, () => row)))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    ...extra,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export const pngText = (text: string): Buffer => chunk('tEXt', Buffer.from(`Comment\0${text}`, 'latin1'))

export function jpeg(width = 8, height = 6): Buffer {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0])
  const exif = Buffer.from([0xff, 0xe1, 0, 8, ...Buffer.from('Exif\0\0')])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    exif,
    frame,
    Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x3f, 0xff, 0xd9]),
  ])
}

export const gif = (width = 8, height = 6): Buffer =>
  Buffer.concat([
    Buffer.from('GIF89a'),
    u16le(width, height),
    Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
    Buffer.from([0x21, 0xf9, 4, 0, 0, 0, 0, 0]),
    Buffer.from([0x2c, ...u16le(0, 0, width, height), 0, 2, 2, 0x44, 1, 0, 0x3b]),
  ])

export function webp(width = 8, height = 6): Buffer {
  const body = Buffer.alloc(22)
  body.write('WEBPVP8X', 0, 'latin1')
  body.writeUInt32LE(10, 8)
  body.writeUIntLE(width - 1, 16, 3)
  body.writeUIntLE(height - 1, 19, 3)
  const head = Buffer.alloc(8)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

export const pdf = (inside = ''): Buffer =>
  Buffer.from(`%PDF-1.4\n${inside}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`, 'latin1')

/** An archive with one empty entry; its directory says where it begins counted from itself, as unpackers allow. */
export function zip(): Buffer {
  const entry = Buffer.alloc(31)
  entry.write('PK\x03\x04', 0, 'latin1')
  entry.writeUInt16LE(1, 26)
  entry.write('a', 30)
  const directory = Buffer.alloc(47)
  directory.write('PK\x01\x02', 0, 'latin1')
  directory.writeUInt16LE(1, 28)
  directory.write('a', 46)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.set([1, 0, 1, 0], 8)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(entry.length, 16)
  return Buffer.concat([entry, directory, end])
}
