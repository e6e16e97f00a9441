/** What some bytes are, told by the bytes alone: a kind we take, or a refusal. What is two things at once is refused. Pure. */
import { isUtf8 } from 'node:buffer'
import { type FileKind, largestFile } from '../../core/attachment'
import { AppError } from '../../core/errors'
import { type Parts, type Picture, readGif, readJpeg, readPng, readWebp } from './images'

export interface Sniffed extends Partial<Picture> {
  kind: FileKind
  /** What is kept of it: all, but for what a telephone put behind a JPEG's end mark that is no picture. */
  bytes: Buffer
}

/** A picture of more pixels takes 200 MB and more to show, however few bytes it has. */
const mostPixels = 50_000_000
/** Behind the first one of a file. */
const mostPictures = 20
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
const page = /<(?:!doctype|html|head|body|script|svg|iframe|object|embed)(?:[\s/>:]|$)/i
/** The same in any bytes: so many signs that in 10 MB of pixels they do not come about by chance, and none that comments in PDFs have (<body). */
const pageAnywhere = /<(?:!doctype\s|html[\s/>]|script[\s/>]|iframe[\s/>]|svg[\s/]{1,9}[a-z:]{2,20}\s{0,9}=)/i
const aDocument = /%PDF-\d/
/** A text that is markup as a whole. */
const markup = /^\s*<[!?a-z]/i
/** What telephones and writers fill up with: noughts, blanks, ends of lines and of files. */
const filling = [0, 9, 10, 13, 26, 32]

/** How programs, scripts, archives and documents begin. */
const beginnings = [
  '#!',
  '%PDF-',
  'PK\x03\x04',
  '\x1f\x8b\x08',
  '7z\xbc\xaf',
  'Rar!\x1a',
  '\x7fELF',
  '\xfd7zXZ',
  'BZh91AY',
]
function isFileOfItsOwn(bytes: Buffer): boolean {
  const words = bytes.toString('latin1', 0, 64)
  return beginnings.some((signature) => words.startsWith(signature)) || (words.startsWith('MZ') && words.includes('\0'))
}

/** True when an unpacker would find an archive here: its directory's end, and before it the directory. */
function holdsZip(bytes: Buffer): boolean {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (end < Math.max(0, bytes.length - tail) || end + directoryEnd > bytes.length) return false
  const directory = end - bytes.readUInt32LE(end + 12)
  return directory >= 0 && begins(bytes, 'PK\x01\x02', directory)
}

/** Empty ones count: PNG's international texts have six. */
const mostNames = 8

/** A page, or a file of its own: at once, or behind the names that begin notes and end with noughts ("Exif", keywords). */
function isDoubtful(note: Buffer): boolean {
  const words = note.toString('latin1')
  if (page.test(words) || aDocument.test(words)) return true
  for (let [at, names] = [0, 0]; names < mostNames; names++) {
    if (isFileOfItsOwn(note.subarray(at))) return true
    const nought = note.indexOf(0, at)
    if (nought < 0) return false
    at = nought + 1
  }
  return false
}

function refuseDouble(bytes: Buffer, kind: FileKind): void {
  const words = bytes.toString('latin1')
  const start = words.slice(0, head)
  if (page.test(start) || pageAnywhere.test(words) || (kind !== 'pdf' && aDocument.test(words)) || holdsZip(bytes))
    throw new AppError('attachment_damaged')
}

function skipFilling(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && filling.includes(bytes[at] as number)) at++
  return at
}

/** What stands behind an end mark may be nobody's file, but no file of its own. */
function refuseBehind(rest: Buffer): void {
  if (isFileOfItsOwn(rest) || markup.test(rest.toString('latin1', 0, 2))) throw new AppError('attachment_damaged')
}

function readPicture(read: (bytes: Buffer) => Parts | null, bytes: Buffer): Parts {
  const parts = read(bytes)
  if (!parts?.width || !parts.height || parts.notes.some(isDoubtful)) throw new AppError('attachment_damaged')
  if (parts.width * parts.height > mostPixels)
    throw new AppError('attachment_pixels', { limit: mostPixels / 1_000_000 })
  return parts
}

/**
 * Behind a JPEG's end mark telephones write more whole pictures, which stay (previews, brightness), and films and notes of their
 * own, each maker another kind, which nobody is shown.
 *
 * @returns where that begins, or the end
 */
function endOfPictures(bytes: Buffer, from: number): number {
  for (let [end, count] = [from, 0]; ; count++) {
    const next = skipFilling(bytes, end)
    if (next === bytes.length) return next
    const rest = bytes.subarray(next)
    if (!begins(rest, '\xff\xd8\xff') || count === mostPictures || !readJpeg(rest)) {
      refuseBehind(rest)
      return end
    }
    end = next + readPicture(readJpeg, rest).end
  }
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

/** What some bytes begin as, whatever else they hold; null: nothing of ours. */
export function beginsAs(bytes: Buffer): FileKind | null {
  if (begins(bytes, '%PDF-')) return 'pdf'
  return pictures.find(({ is }) => is(bytes))?.kind ?? (beginning(bytes) === null ? null : 'text')
}

/** @throws attachment_empty, attachment_too_large, attachment_type, attachment_damaged, attachment_pixels */
export function sniff(bytes: Buffer): Sniffed {
  if (bytes.length === 0) throw new AppError('attachment_empty')
  if (bytes.length > largestFile) throw new AppError('attachment_too_large', { limit: largestFile })
  const picture = pictures.find(({ is }) => is(bytes))
  if (picture) {
    const { width, height, end } = readPicture(picture.read, bytes)
    refuseDouble(bytes, picture.kind)
    const kept = picture.kind === 'jpeg' ? bytes.subarray(0, endOfPictures(bytes, end)) : bytes
    return { kind: picture.kind, width, height, bytes: kept }
  }
  if (begins(bytes, '%PDF-')) {
    const end = bytes.lastIndexOf('%%EOF')
    if (end < Math.max(1, bytes.length - 2 * head)) throw new AppError('attachment_damaged')
    refuseDouble(bytes, 'pdf')
    refuseBehind(bytes.subarray(skipFilling(bytes, end + 5)))
    return { kind: 'pdf', bytes }
  }
  const text = holdsZip(bytes) ? null : beginning(bytes)
  if (text === null || markup.test(text)) throw new AppError('attachment_type')
  // Readers of documents look for one in the first thousand bytes.
  if (aDocument.test(bytes.toString('latin1', 0, head))) throw new AppError('attachment_damaged')
  return { kind: 'text', bytes }
}
