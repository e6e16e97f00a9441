/**
 * Reads pictures far enough to know their size and that nothing follows them; pixels are never decoded here. Pure.
 * Formats: PNG (RFC 2083), JPEG (ITU T.81), GIF89a, WebP (RIFF).
 */

export interface Picture {
  width: number
  height: number
}

/** Null: not whole, or more than a picture. */
type Reader = (bytes: Buffer) => Picture | null

const ascii = (bytes: Buffer, at: number, length = 4): string => bytes.toString('latin1', at, at + length)

/** Chunks of known length, one after another, from IHDR to IEND; the end of that is the end of the file. */
export const readPng: Reader = (bytes) => {
  if (bytes.length < 33 || bytes.readUInt32BE(8) !== 13 || ascii(bytes, 12) !== 'IHDR') return null
  for (let at = 8; at + 12 <= bytes.length; ) {
    const next = at + 12 + bytes.readUInt32BE(at)
    if (ascii(bytes, at + 4) === 'IEND')
      return next === bytes.length ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : null
    at = next
  }
  return null
}

/** Start-of-frame markers carry the size; C4, C8 and CC are tables. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** Segments up to the compressed data. Telephones append things behind the end mark, so that only a missing one is a fault. */
export const readJpeg: Reader = (bytes) => {
  let found: Picture | null = null
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] as number
    // Bytes that fill up.
    if (marker === 0xff) {
      at++
      continue
    }
    const length = bytes.readUInt16BE(at + 2)
    if (length < 2) return null
    if (isFrame(marker)) {
      if (at + 9 > bytes.length) return null
      found = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    }
    if (marker === 0xda) return found && bytes.indexOf(Buffer.from([0xff, 0xd9]), at) > 0 ? found : null
    at += 2 + length
  }
  return null
}

/** Sub-blocks: a length byte and so many bytes, until a length of nought. @returns where they end */
function skipBlocks(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0) at += 1 + (bytes[at] as number)
  return at + 1
}

/** Colour tables have 3 · 2^(n+1) bytes when the flag is set. */
const tableOf = (flags = 0): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0)

export const readGif: Reader = (bytes) => {
  if (bytes.length < 14) return null
  let { width, height } = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  for (let at = 13 + tableOf(bytes[10]); at < bytes.length; ) {
    const kind = bytes[at]
    if (kind === 0x3b) return at + 1 === bytes.length ? { width, height } : null
    if (kind === 0x21) at = skipBlocks(bytes, at + 2)
    else if (kind === 0x2c && at + 10 < bytes.length) {
      // A frame may be larger than the picture says it is.
      width = Math.max(width, bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5))
      height = Math.max(height, bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7))
      at = skipBlocks(bytes, at + 11 + tableOf(bytes[at + 9]))
    } else return null
  }
  return null
}

export const readWebp: Reader = (bytes) => {
  if (bytes.length < 30) return null
  const whole = bytes.readUInt32LE(4) + 8
  if (whole !== bytes.length && whole + 1 !== bytes.length) return null
  const kind = ascii(bytes, 12)
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  if (kind !== 'VP8L' || bytes[20] !== 0x2f) return null
  const packed = bytes.readUInt32LE(21)
  return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
}
