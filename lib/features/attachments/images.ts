/**
 * Reads pictures far enough to know their size, where they end, and what in them is no picture; pixels are never decoded here. Pure.
 * Formats: PNG (RFC 2083), JPEG (ITU T.81), GIF89a, WebP (RIFF).
 */

export interface Picture {
  width: number
  height: number
}

export interface Parts extends Picture {
  /** What is neither pixels nor needed to show them: comments, cameras' notes, profiles, parts that nobody knows. */
  notes: Buffer[]
  /** Behind its last byte; for formats that know no more than their picture that is the end of the file. */
  end: number
}

/** Parts that are no picture, and the blocks that a GIF's consist of: ordinary pictures have far fewer, and each costs time to look at. */
const mostNotes = 1_000
const mostBlocks = 50_000

/** Null: not whole, or more than a picture. */
type Reader = (bytes: Buffer) => Parts | null

const ascii = (bytes: Buffer, at: number, length = 4): string => bytes.toString('latin1', at, at + length)

const pngPixels = new Set(['IHDR', 'PLTE', 'IDAT', 'fdAT'])
/** How one of an animation's frames is shown: numbers of this length. */
const isPngFrame = (kind: string, length: number): boolean => kind === 'fcTL' && length === 26

/** Chunks of known length, one after another, from IHDR to IEND; the end of that is the end of the file. */
export const readPng: Reader = (bytes) => {
  if (bytes.length < 33 || bytes.readUInt32BE(8) !== 13 || ascii(bytes, 12) !== 'IHDR') return null
  const notes: Buffer[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const next = at + 12 + length
    const kind = ascii(bytes, at + 4)
    if (kind === 'IEND') {
      const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
      return next === bytes.length ? { ...size, notes, end: next } : null
    }
    const isNote = !pngPixels.has(kind) && !isPngFrame(kind, length)
    if (isNote && notes.push(bytes.subarray(at + 8, next - 4)) > mostNotes) return null
    at = next
  }
  return null
}

/** Start-of-frame markers carry the size; C4, C8 and CC are tables. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** Frames, tables and scans; all other segments are notes. */
const isPixels = (marker: number): boolean => (marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xda && marker <= 0xdf)
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7

/** In a scan 0xff stands before nought, a restart or another 0xff; before anything else it begins the next segment. */
function skipScan(bytes: Buffer, from: number): number {
  let at = from
  for (; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue
    const next = bytes[at + 1] as number
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at
  }
  return at
}

/** Segments and scans up to the end mark. What stands behind it is for the caller to judge: telephones append things. */
export const readJpeg: Reader = (bytes) => {
  const notes: Buffer[] = []
  let found: Picture | null = null
  let scans = 0
  for (let at = 2; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] as number
    // Bytes that fill up.
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0xd9) return found && scans ? { ...found, notes, end: at + 2 } : null
    const length = at + 4 <= bytes.length && marker !== 0xd8 ? bytes.readUInt16BE(at + 2) : 0
    if (length < 2) return null
    if (isFrame(marker)) {
      // Browsers show the first, others the last: one picture has one.
      if (found || at + 9 > bytes.length) return null
      found = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    }
    if (!isPixels(marker) && notes.push(bytes.subarray(at + 4, at + 2 + length)) > mostNotes) return null
    at += 2 + length
    if (marker === 0xda) {
      scans++
      at = skipScan(bytes, at)
    }
  }
  return null
}

/** Sub-blocks: a length byte and so many bytes, until a length of nought. @param into takes what they hold @returns where they end */
function skipBlocks(bytes: Buffer, from: number, into?: Buffer[]): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0) {
    const next = at + 1 + (bytes[at] as number)
    if (into && into.length <= mostBlocks) into.push(bytes.subarray(at + 1, next))
    at = next
  }
  return at + 1
}

/** Colour tables have 3 · 2^(n+1) bytes when the flag is set. */
const tableOf = (flags = 0): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0)

export const readGif: Reader = (bytes) => {
  if (bytes.length < 14) return null
  const notes: Buffer[] = []
  let blocks = 0
  let { width, height } = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  for (let at = 13 + tableOf(bytes[10]); at < bytes.length; ) {
    const kind = bytes[at]
    if (kind === 0x3b) return at + 1 === bytes.length ? { width, height, notes, end: at + 1 } : null
    if (kind === 0x21) {
      const held: Buffer[] = []
      // F9 is the time that a frame is shown.
      const isNote = bytes[at + 1] !== 0xf9
      at = skipBlocks(bytes, at + 2, held)
      blocks += isNote ? held.length : 0
      if (blocks > mostBlocks || (isNote && notes.push(Buffer.concat(held)) > mostNotes)) return null
    } else if (kind === 0x2c && at + 10 < bytes.length) {
      // A frame may be larger than the picture says it is.
      width = Math.max(width, bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5))
      height = Math.max(height, bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7))
      at = skipBlocks(bytes, at + 11 + tableOf(bytes[at + 9]))
    } else return null
  }
  return null
}

const webpPixels = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF'])

/** What the chunk here says of its size; null when it says nothing, or not all of it. */
function webpSize(bytes: Buffer, at: number): Picture | null {
  const kind = ascii(bytes, at)
  if (at + 18 > bytes.length) return null
  if (kind === 'VP8X') return { width: bytes.readUIntLE(at + 12, 3) + 1, height: bytes.readUIntLE(at + 15, 3) + 1 }
  if (kind === 'VP8 ')
    return { width: bytes.readUInt16LE(at + 14) & 0x3fff, height: bytes.readUInt16LE(at + 16) & 0x3fff }
  if (kind !== 'VP8L' || bytes[at + 8] !== 0x2f) return null
  const packed = bytes.readUInt32LE(at + 9)
  return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
}

/** In an animation's chunk its frame lies behind 16 bytes of where and how long it is shown. */
function* framesIn(bytes: Buffer, at: number, end: number): Generator<Picture> {
  const animated = ascii(bytes, at) === 'ANMF'
  const last = animated ? Math.min(end, bytes.length) - 8 : at
  for (let from = animated ? at + 24 : at; from <= last; ) {
    const size = webpSize(bytes, from)
    if (size) yield size
    const length = bytes.readUInt32LE(from + 4)
    from += 8 + length + (length % 2)
  }
}

/** Chunks of known and even length, up to the length that the head tells. */
export const readWebp: Reader = (bytes) => {
  if (bytes.length < 30) return null
  const whole = bytes.readUInt32LE(4) + 8
  if (whole !== bytes.length && whole + 1 !== bytes.length) return null
  const size = webpSize(bytes, 12)
  if (!size) return null
  const notes: Buffer[] = []
  let at = 12
  while (at + 8 <= bytes.length) {
    const end = at + 8 + bytes.readUInt32LE(at + 4)
    // A frame may be larger than the picture says it is.
    for (const { width, height } of framesIn(bytes, at, end)) {
      size.width = Math.max(size.width, width)
      size.height = Math.max(size.height, height)
    }
    if (!webpPixels.has(ascii(bytes, at)) && notes.push(bytes.subarray(at + 8, end)) > mostNotes) return null
    at = end + (end % 2)
  }
  // The last chunk's byte that makes it even may be missing.
  return at === bytes.length || at === bytes.length + 1 ? { ...size, notes, end: bytes.length } : null
}
