/** The file of an account, line by line: read as it comes, bounded, and refused with the line's number where it is not what it should be. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'
import { type PortableRow, portableTables } from './portable'

export const fileFormat = { name: 'lingxi', header: 'export', person: 'person', end: 'end' } as const
/** Raised when the same account would come out in another form. */
export const fileVersion = 3

/** Bytes. A file of 10 MB takes 14 as text; the report of a training names many texts; nothing else comes near the usual limit. */
const usual = 256 * 1024
const large = 16 * 1024 * 1024
const largeOnes = ['attachment', 'training_run'].map((name) => Buffer.from(`{"what":"${name}"`))

const time = z.iso.datetime({ offset: true })
const plain = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text))
const count = z.number().int().min(0).max(2_147_483_647)

const header = z.strictObject({
  format: z.literal(fileFormat.name),
  version: z.literal(fileVersion),
  at: time,
  account: z.strictObject({
    id: z.string().refine(isId),
    slug: plain(60),
    name: plain(200),
    locale: plain(35),
    timeZone: plain(64).regex(/^[A-Za-z0-9_+\-/]+$/),
    lastDisplayId: count,
    createdAt: time,
  }),
})
export type FileHeader = z.output<typeof header>['account']

/** @throws import_format */
export function readHeader(line: FileLine): FileHeader {
  const read = header.safeParse(line.row)
  if (line.what === fileFormat.header && read.success) return read.data.account
  const { version } = line.row
  throw new AppError('import_format', { version: typeof version === 'number' ? version : '–', known: fileVersion })
}

const ending = z.strictObject({ counts: z.record(z.string(), count), sha256: z.string() })

/** Holds what was read against what the last line says. @throws import_counts, import_digest, import_row */
export function checkEnd(line: FileLine, counts: ReadonlyMap<string, number>): void {
  const { data } = ending.safeParse(line.row)
  if (!data) throw new AppError('import_row', { line: line.number, what: line.what })
  if (data.sha256 !== line.before) throw new AppError('import_digest', { line: line.number })
  const told = new Map(Object.entries(data.counts))
  for (const name of new Set([...told.keys(), ...counts.keys(), ...portableTables.map((table) => table.name)]))
    if ((told.get(name) ?? 0) !== (counts.get(name) ?? 0))
      throw new AppError('import_counts', { line: line.number, what: name })
}

export interface FileLine {
  /** The first is 1. */
  number: number
  what: string
  row: PortableRow
  /** SHA-256 of all lines before it; of the last line only. */
  before?: string
}

/** @throws import_line */
function parsed(bytes: Buffer, number: number): FileLine {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const { what, row, ...more } = JSON.parse(text)
    const plain = typeof what === 'string' && what.length <= 64 && typeof row === 'object' && row && !Array.isArray(row)
    if (plain && !Object.keys(more).length) return { number, what, row }
  } catch {
    // Said below.
  }
  throw new AppError('import_line', { line: number })
}

const longestOf = (begins: Buffer): number =>
  largeOnes.some((start) => begins.subarray(0, start.length).equals(start)) ? large : usual

/** A line as it comes: its parts, and enough of its beginning to know how long it may be. */
class Growing {
  #parts: Buffer[] = []
  #begins = Buffer.alloc(0)
  length = 0

  /** @throws import_line_long, before more is held than may be */
  add(part: Buffer, number: number): void {
    if (this.#begins.length < 64) this.#begins = Buffer.concat([this.#begins, part.subarray(0, 64)])
    this.#parts.push(part)
    this.length += part.length
    const limit = longestOf(this.#begins)
    if (this.length > limit) throw new AppError('import_line_long', { line: number, limit })
  }

  whole = (): Buffer => Buffer.concat(this.#parts)
}

/** Lines of bytes. @throws import_line_long, import_cut_short */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let line = new Growing()
  let number = 1
  for await (const part of source) {
    let bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10)) {
      line.add(bytes.subarray(0, at), number)
      yield line.whole()
      line = new Growing()
      number++
      bytes = bytes.subarray(at + 1)
    }
    if (bytes.length) line.add(bytes, number)
  }
  if (line.length) throw new AppError('import_cut_short', { line: number })
}

/** Every line of the file, the last one with the digest of those before. @throws import_… */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  const hash = createHash('sha256')
  let number = 0
  let ended = false
  for await (const bytes of linesOf(source)) {
    number++
    if (ended) throw new AppError('import_line', { line: number })
    const line = parsed(bytes, number)
    ended = line.what === fileFormat.end
    if (ended) yield { ...line, before: hash.digest('hex') }
    else {
      hash.update(bytes).update('\n')
      yield line
    }
  }
  if (!ended) throw new AppError('import_cut_short', { line: number + 1 })
}
