/** Files of labelled texts: read, refused with a line and a reason, split the same way every time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { readCsv } from '@/models/train/read-csv'
import { bucketOf, splitRows } from '@/models/train/split'

const root = mkdtempSync(join(tmpdir(), 'lingxi-data-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const file = (content: string | Uint8Array, name = 'data.csv') => {
  const path = join(root, name)
  writeFileSync(path, content)
  return path
}

describe('reading', () => {
  it('takes plain and gzipped files, quoted commas and line breaks', () => {
    const text = 'text,label,split\n"a, ""b""\nc",x,train\n你好,y,dev\n'
    const rows = readCsv(file(text))
    expect(rows).toMatchObject([
      { text: 'a, "b"\nc', label: 'x', split: 'train' },
      { text: '你好', label: 'y', split: 'dev' },
    ])
    expect(readCsv(file(gzipSync(text), 'data.csv.gz'))).toEqual(rows)
  })

  it.each([
    ['text,label\nhello,x\nworld\n', /line 3/],
    ['text,label\nhello,x\n ,y\n', /line 3: the text is empty/],
    ['text,label\nhello,\n', /line 2: the label is empty/],
    ['text,tag\nhello,x\n', /line 1: there is no column "label"/],
    ['text,label\n', /holds no rows/],
    ['text,label\n"open,x\n', /line 2|line 3|Quote/i],
  ])('refuses %j', (content, reason) => {
    expect(() => readCsv(file(content))).toThrow(reason)
  })

  it('refuses files that are not there, not gzip, not UTF-8', () => {
    expect(() => readCsv(join(root, 'none.csv'))).toThrow('cannot be read')
    expect(() => readCsv(file('plain', 'x.csv.gz'))).toThrow('not a gzip file')
    expect(() => readCsv(file(Uint8Array.of(0x74, 0xff, 0xfe), 'y.csv'))).toThrow('not UTF-8')
  })
})

describe('splitting', () => {
  const rows = Array.from({ length: 4000 }, (_, at) => ({
    text: `text number ${at}`,
    label: at % 9 === 0 ? 'oos' : 'x',
    split: 'train',
    line: at,
  }))

  it('carves the same dev rows every time and never uses unknown ones', () => {
    const one = splitRows(rows)
    expect(one).toEqual(splitRows(rows))
    expect(one.train.length + one.dev.length).toBe(rows.filter(({ label }) => label === 'x').length)
    expect(one.dev.length).toBeGreaterThan(200)
    expect([...one.train, ...one.dev].some(({ label }) => label === 'oos')).toBe(false)
  })

  it('leaves small sets whole', () => {
    expect(splitRows(rows.slice(0, 500)).dev).toHaveLength(0)
  })

  it('depends on the text alone', () => {
    expect(bucketOf('  Hello   World ')).toBe(bucketOf('hello world'))
  })
})
