/** What may be learned from: texts with an intent, one by one or as a file. */
import { parse } from 'csv-parse/sync'
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet'
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { intentKey } from '@/lib/core/intent-key'
import { heldOutPage, rowsAtMost } from '@/lib/core/learning'
import { longestText, messageText } from '@/lib/core/text'

const text = z
  .string()
  .transform((value) => value.trim())
  .pipe(messageText)

export const exampleDraft = z.object({ text, intent: intentKey })
export type ExampleDraft = z.output<typeof exampleDraft>

const label = z
  .string()
  .transform((value) => value.normalize('NFC').replace(/\s+/g, ' ').trim())
  .pipe(z.string().min(1).max(60))
  .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value))

/** What a file that left here says besides; what another program means by such a column is nothing here. */
const told = {
  /** What the intent is called. */
  label_name: label.optional().catch(undefined),
  source: z.enum(['correction', 'written', 'import']).optional().catch(undefined),
  /** Whatever stays together has the same one. */
  conversation: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
  split: z.enum(['train', 'test']).optional().catch(undefined),
}

/** A message as it was exported: `[name]` is up to three times as long as what it stands for. */
const exported = z
  .string()
  .max(3 * longestText)
  .refine((value) => value.trim() && !value.includes('\0') && value.isWellFormed())

/** A row of a file: a text as it is, and a label that is a key or a name of an intent, there already or not. */
const labelledText = z.object({ text: exported, label, ...told })
export type LabelledText = z.output<typeof labelledText>

export const examplePage = z.object({
  intent: intentKey.optional(),
  skip: z.coerce.number().int().min(0).max(200_000).default(0),
})
export type ExamplePage = z.output<typeof examplePage>

export const datasetPage = z.object({ skip: z.coerce.number().int().min(0).max(200_000).default(0) })
export type DatasetPage = z.output<typeof datasetPage>

/** What must be among what is listed. */
export const learningAsked = z.object({
  version: z.coerce.number().int().min(1).max(1_000_000).optional(),
  run: z.uuid().toLowerCase().optional(),
  /** So many of the newest runs. */
  runs: z.coerce.number().int().min(1).max(1_000).optional(),
})

export const trainingRule = z.object({
  afterCorrections: z.number().int().min(1).max(100_000).nullable(),
  weekly: z.boolean(),
})
export type TrainingRule = z.output<typeof trainingRule>

/** ε of a differentially private training; without it, an ordinary one. */
export const trainingWish = z.object({ epsilon: z.number().min(0.1).max(20).optional() })

/** Of one press. */
export const reviewedAtMost = 50
const messageIds = z
  .array(z.uuid().toLowerCase())
  .min(1)
  .max(reviewedAtMost)
  .transform((ids) => [...new Set(ids)])
export const reviewed = z.object({ messageIds })
/** What somebody else has answered meanwhile keeps their word, and comes back with their name. */
export const asked = reviewed.extend({ unlessAnswered: z.boolean().default(false) })
/** One choice for all of them. */
export const labelledAtOnce = asked.extend({ intent: intentKey })

/** Texts of an intent, corrections among them, that belong to another one. */
export const examplesToMove = z.object({
  ids: z.array(z.uuid().toLowerCase()).min(1).max(200),
  intent: intentKey,
})

/** Held-out texts to look at, `id,id,…`: as many as a page shows. */
export const heldOutIds = z.object({
  ids: z
    .string()
    .default('')
    .transform((list) => list.toLowerCase().split(',').filter(Boolean))
    .pipe(z.array(z.uuid()).max(heldOutPage)),
})

/** UTF-8, or what a spreadsheet in China writes. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

async function rawRows(bytes: Uint8Array): Promise<RawRow[]> {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1') return readParquet(bytes)
  const content = decode(bytes)
  if (/^\s*\[/.test(content)) return readList(content)
  return /^\s*\{/.test(content) ? readLines(content) : readCsv(content)
}

/** Rows of a Parquet file, of a CSV (head `text,label`), of JSON lines or a JSON list. @throws file_empty, file_malformed, file_columns, file_label, file_text, too_many */
export async function readExampleFile(bytes: Uint8Array): Promise<LabelledText[]> {
  const rows = await rawRows(bytes)
  if (!rows.length) throw new AppError('file_empty')
  if (rows.length > rowsAtMost) throw new AppError('too_many', { limit: rowsAtMost })
  return rows.map(({ line, ...row }) => {
    const parsed = labelledText.safeParse(row)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new AppError(issue?.path[0] === 'label' ? 'file_label' : 'file_text', { line })
  })
}

interface RawRow {
  line: number
  [column: string]: unknown
}

/** A cell that would have been a formula has an apostrophe in front in what this product writes. */
const bare = (cell: string | undefined): string | undefined =>
  cell?.replace(/^'(?='*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/, '')

function readCsv(content: string): RawRow[] {
  let records: { record: Record<string, string>; info: { lines: number } }[]
  try {
    records = parse(content, {
      columns: true,
      bom: true,
      info: true,
      skip_empty_lines: true,
    }) as unknown as typeof records
  } catch (error) {
    throw new AppError('file_malformed', { line: Number((error as { lines?: number }).lines ?? 1) })
  }
  const [first] = records
  if (first && !('text' in first.record && 'label' in first.record)) throw new AppError('file_columns')
  return records.map(({ record, info }) => ({
    ...record,
    line: info.lines,
    text: bare(record.text),
    label_name: bare(record.label_name),
    conversation: bare(record.conversation),
  }))
}

async function readParquet(bytes: Uint8Array): Promise<RawRow[]> {
  // Its own copy: the reader takes a whole buffer, and a body is a part of one.
  const file = Uint8Array.from(bytes).buffer
  const read = async () => {
    const there = parquetSchema(parquetMetadata(file)).children.map(({ element }) => element.name)
    const wanted = ['text', 'label', ...there.filter((name) => name in told)]
    return parquetReadObjects({ file, columns: wanted })
  }
  const records = await read().catch(() => {
    throw new AppError('file_malformed', { line: 1 })
  })
  return records.map((record, at) => ({ ...record, line: at + 1 }))
}

/** One list of all rows: what other programs call JSON. Its rows are counted where others count lines. */
function readList(content: string): RawRow[] {
  try {
    return (JSON.parse(content) as object[]).map((row, at) => ({ ...row, line: at + 1 }))
  } catch {
    throw new AppError('file_malformed', { line: 1 })
  }
}

function readLines(content: string): RawRow[] {
  return content.split('\n').flatMap((raw, at) => {
    if (!raw.trim()) return []
    try {
      return [{ ...(JSON.parse(raw) as object), line: at + 1 }]
    } catch {
      throw new AppError('file_malformed', { line: at + 1 })
    }
  })
}
