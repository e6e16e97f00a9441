/** File names as they are kept and sent: nothing in them leads elsewhere, hides, or says that a file is what it is not. Pure. */
import type { FileKind } from '../../core/attachment'

/** Endings that fit a kind; the first is put behind a name that has none of them. */
const endings: Record<FileKind, readonly string[]> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg', 'jfif'],
  gif: ['gif'],
  webp: ['webp'],
  pdf: ['pdf'],
  text: ['txt', 'csv', 'tsv', 'log', 'md'],
}

const longest = 120

/** Control signs, signs that turn the direction of writing (photo‮gpj.exe), and those with a meaning in paths. */
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\/:*?"<>|]+/gu

/** A name for a file of this kind. @param given by whoever sent it; of a path only its last part counts */
export function fileName(given: string, kind: FileKind): string {
  const plain = (given.toWellFormed().normalize('NFC').split(/[\\/]/).at(-1) ?? '')
    .replace(unfit, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const dot = plain.lastIndexOf('.')
  const ending = plain.slice(dot + 1).toLowerCase()
  const fits = dot > 0 && endings[kind].includes(ending)
  const stem = (fits ? plain.slice(0, dot) : plain).slice(0, longest).toWellFormed().trim()
  return `${stem || 'file'}.${fits ? ending : endings[kind][0]}`
}

/** The header that names a download (RFC 6266, RFC 5987): what old readers understand, then all of it. */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${whole}`
}
