/** Small files of every kind that is taken, made by hand, and the tricks that are not. */
import { crc32, deflateSync } from 'node:zlib'

const u16le = (...values: number[]) => Buffer.from(values.flatMap((value) => [value & 255, value >> 8]))

export function pngChunk(name: string, body: Buffer): Buffer {
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
    pngChunk('IHDR', head),
    ...extra,
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

export const pngText = (text: string): Buffer => pngChunk('tEXt', Buffer.from(`Comment\0${text}`, 'latin1'))

export const jpegSegment = (marker: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body])

/** @param segments before the frame @param pixels as they stand in the scan, 0xff followed by nought */
export function jpeg(width = 8, height = 6, segments: Buffer[] = [], pixels: Buffer = Buffer.from([0x3f])): Buffer {
  const frame = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    jpegSegment(0xe1, Buffer.from('Exif\0\0')),
    ...segments,
    jpegSegment(0xc0, frame),
    jpegSegment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    pixels,
    Buffer.from([0xff, 0xd9]),
  ])
}

/** In sub-blocks, as a GIF has pixels and comments. */
export function gifBlocks(body: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let at = 0; at < body.length; at += 255) {
    const block = body.subarray(at, at + 255)
    blocks.push(Buffer.from([block.length]), block)
  }
  return Buffer.concat([...blocks, Buffer.from([0])])
}

export const gifComment = (body: Buffer): Buffer => Buffer.concat([Buffer.from([0x21, 0xfe]), gifBlocks(body)])

export const gif = (
  width = 8,
  height = 6,
  extensions: Buffer[] = [],
  pixels: Buffer = Buffer.from([0x44, 1]),
): Buffer =>
  Buffer.concat([
    Buffer.from('GIF89a'),
    u16le(width, height),
    Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
    ...extensions,
    Buffer.from([0x21, 0xf9, 4, 0, 0, 0, 0, 0]),
    Buffer.from([0x2c, ...u16le(0, 0, width, height), 0, 2]),
    gifBlocks(pixels),
    Buffer.from([0x3b]),
  ])

export function webpChunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 0, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}

export function webp(width = 8, height = 6, chunks: Buffer[] = []): Buffer {
  const size = Buffer.alloc(10)
  size.writeUIntLE(width - 1, 4, 3)
  size.writeUIntLE(height - 1, 7, 3)
  return webpChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), webpChunk('VP8X', size), ...chunks]))
}

/** Pixels of a WebP that say how large they are. */
export function webpPixels(width: number, height: number): Buffer {
  const body = Buffer.from([0x2f, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  body.writeUInt32LE((width - 1) | ((height - 1) << 14), 1)
  return webpChunk('VP8L', body)
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
