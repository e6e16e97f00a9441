/** What some bytes are, told by the bytes alone: a kind we take, or a refusal. What is two things at once is refused. Pure. */
import { isUtf8 } from 'node:buffer'
import { type FileKind, largestFile } from '../../core/attachment'
import { AppError } from '../../core/errors'
import { type Picture, readGif, readJpeg, readPng, readWebp } from './images'

export interface Sniffed extends Partial<Picture> {
  kind: FileKind
}

/** A picture of more pixels takes 200 MB and more to show, however few bytes it has. */
const mostPixels = 50_000_000
/** Programs look near the beginning for what a file is, and near the end for a zip's directory (22 bytes and its comment). */
const head = 1_024
const directoryEnd = 22
const tail = directoryEnd + 65_535

const begins = (bytes: Buffer, signature: string, at = 0): boolean =>
  bytes.toString('latin1', at, at + signature.length) === signature

const pictures = [
  { kind: 'png', is: (bytes: Buffer) => begins(bytes, '\x89PNG\r\n\x1a\n'), read: readPng },
  { kind: 'jpeg', is: (bytes: Buffer) => begins(bytes, '\xff\xd8\xff'), read: readJpeg },
  { kind: 'gif', is: (bytes: Buffer) => begins(bytes, 'GIF87a') || begins(bytes, 'GIF89a'), read: readGif },
  { kind: 'webp', is: (bytes: Buffer) => begins(bytes, 'RIFF') && begins(bytes, 'WEBP', 8), read: readWebp },
] as const

/** Pages that would run in a browser. (XMP, which pictures and PDFs carry, begins with <?xpacket or <x:.) */
const page = /<(?:!doctype|html|head|body|script|svg|iframe|object|embed)/i
/** A text that is markup as a whole. */
const markup = /^\s*<[!?a-z]/i

/** True when an unpacker would find an archive here: its directory's end, and before it the directory. */
function holdsZip(bytes: Buffer): boolean {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (end < Math.max(0, bytes.length - tail) || end + directoryEnd > bytes.length) return false
  const directory = end - bytes.readUInt32LE(end + 12)
  return directory >= 0 && begins(bytes, 'PK\x01\x02', directory)
}

function refuseDouble(bytes: Buffer, kind: FileKind): void {
  const start = bytes.toString('latin1', 0, head)
  if (page.test(start) || (kind !== 'pdf' && start.includes('%PDF-')) || holdsZip(bytes))
    throw new AppError('attachment_damaged')
}

/** Signs of programs and archives, not of writing: control signs other than tab and the ends of lines and pages. */
const isControl = (byte: number): boolean => byte < 32 && (byte < 9 || byte > 13)

/** The beginning of a text in one of the encodings that editors and spreadsheets write; null when it is none. */
function beginning(bytes: Buffer): string | null {
  const wide = begins(bytes, '\xff\xfe') ? 'utf-16le' : begins(bytes, '\xfe\xff') ? 'utf-16be' : null
  if (!wide && bytes.some(isControl)) return null
  try {
    // A sign may be cut in two at the end of what is looked at.
    const look = (encoding: string) =>
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, 64 * head), { stream: true })
    return look(wide ?? (isUtf8(bytes) ? 'utf-8' : 'gb18030'))
  } catch {
    return null
  }
}

/** @throws attachment_empty, attachment_too_large, attachment_type, attachment_damaged, attachment_pixels */
export function sniff(bytes: Buffer): Sniffed {
  if (bytes.length === 0) throw new AppError('attachment_empty')
  if (bytes.length > largestFile) throw new AppError('attachment_too_large', { limit: largestFile })
  const picture = pictures.find(({ is }) => is(bytes))
  if (picture) {
    const size = picture.read(bytes)
    if (!size?.width || !size.height) throw new AppError('attachment_damaged')
    if (size.width * size.height > mostPixels)
      throw new AppError('attachment_pixels', { limit: mostPixels / 1_000_000 })
    refuseDouble(bytes, picture.kind)
    return { kind: picture.kind, ...size }
  }
  if (begins(bytes, '%PDF-')) {
    if (bytes.lastIndexOf('%%EOF') < Math.max(1, bytes.length - 2 * head)) throw new AppError('attachment_damaged')
    refuseDouble(bytes, 'pdf')
    return { kind: 'pdf' }
  }
  const text = holdsZip(bytes) ? null : beginning(bytes)
  if (text === null || markup.test(text)) throw new AppError('attachment_type')
  return { kind: 'text' }
}
