/** Reads labelled texts from `text,label[,split]` CSV, gzipped or not; a bad file is refused with its line and the reason. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'

export interface Row {
  text: string
  label: string
  split: string
  /** Line in the file, for messages. */
  line: number
}

export class DataError extends Error {
  override readonly name = 'DataError'
}

const LONGEST_TEXT = 100_000
const LONGEST_LABEL = 200

function decode(file: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch {
    throw new DataError(`${file} cannot be read`)
  }
  if (file.endsWith('.gz')) {
    try {
      bytes = gunzipSync(bytes)
    } catch {
      throw new DataError(`${file} is not a gzip file`)
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new DataError(`${file} is not UTF-8 text`)
  }
}

export function readCsv(file: string): Row[] {
  const text = decode(file)
  let records: { record: Record<string, string>; info: { lines: number } }[]
  try {
    records = parse(text, { columns: true, bom: true, skip_empty_lines: true, info: true })
  } catch (error) {
    const line = error instanceof CsvError ? (error.lines as number | undefined) : undefined
    throw new DataError(`${file}${line ? `, line ${line}` : ''}: ${(error as Error).message}`)
  }
  if (records.length === 0) throw new DataError(`${file} holds no rows`)
  const columns = Object.keys(records[0]?.record ?? {})
  for (const column of ['text', 'label']) {
    if (!columns.includes(column)) throw new DataError(`${file}, line 1: there is no column "${column}"`)
  }
  return records.map(({ record, info }) => check(file, record, info.lines))
}

function check(file: string, record: Record<string, string>, line: number): Row {
  const text = record.text ?? ''
  const label = (record.label ?? '').trim()
  if (text.trim() === '') throw new DataError(`${file}, line ${line}: the text is empty`)
  if (label === '') throw new DataError(`${file}, line ${line}: the label is empty`)
  if (text.length > LONGEST_TEXT)
    throw new DataError(`${file}, line ${line}: the text has more than ${LONGEST_TEXT} characters`)
  if (label.length > LONGEST_LABEL)
    throw new DataError(`${file}, line ${line}: the label has more than ${LONGEST_LABEL} characters`)
  return { text, label, split: (record.split ?? 'train').trim() || 'train', line }
}
