/** The CSV of tickets: any text comes back equal through a real parser, and no cell ever begins a formula. */
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readExampleFile } from '@/lib/features/learning/input'
import { csvLines, csvMark, csvTime, harmless } from '@/lib/features/tickets/csv'

/** Beginnings that some spreadsheet takes for a formula, or folds into one. */
const dangerous = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...dangerous, '"', ',', ';', "'", ' ', 'a', '退', '\r\n', '\ufeff', '|') }),
)
const anyRows = fc
  .integer({ min: 1, max: 6 })
  .chain((width) => fc.array(fc.array(anyText, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }))

describe('a CSV', () => {
  test('comes back equal, but for the apostrophe before what would be a formula', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        // A line whose one cell is empty is an empty line, which readers skip.
        const given = rows.filter((row) => row.length > 1 || row[0])
        fc.pre(given.length > 0)
        const back: string[][] = parse(csvMark + csvLines(given), {
          bom: true,
          record_delimiter: '\r\n',
          relax_column_count: true,
        })
        expect(back).toEqual(given.map((row) => row.map(harmless)))
      }),
      { numRuns: 500 },
    )
  })

  test('no cell begins a formula', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(dangerous).not.toContain([...harmless(text)][0])
        expect([text, `'${text}`]).toContain(harmless(text))
      }),
      { numRuns: 500 },
    )
  })

  test('texts to learn from come back as they were, whatever apostrophes and formulas they begin with', async () => {
    const begun = fc.string({
      unit: fc.constantFrom(...dangerous.filter((sign) => sign.trim()), "'", '"', ','),
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(begun, async (beginning) => {
        const text = `${beginning}quoted`
        const [back] = await readExampleFile(
          Buffer.from(
            csvMark +
              csvLines([
                ['text', 'label'],
                [text, 'x'],
              ]),
          ),
        )
        expect(back?.text).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2', "'-2"],
    ['＝cmd', "'＝cmd"],
    ['\t=1', "'\t=1"],
    ["'=quoted", "''=quoted"],
    ["'tis", "'tis"],
    ['a=1', 'a=1'],
    ['', ''],
  ])('%j becomes %j', (text, cell) => expect(harmless(text)).toBe(cell))

  test('lines end as RFC 4180 says; quotes are doubled', () => {
    expect(
      csvLines([
        ['a', 'b,c'],
        ['say "hi"', 'x\ny'],
      ]),
    ).toBe('a,"b,c"\r\n"say ""hi""","x\ny"\r\n')
  })

  test('times are of the account', () => {
    expect(csvTime('2026-11-23T16:30:05.000Z', 'Asia/Shanghai')).toBe('2026-11-24 00:30:05')
    expect(csvTime(null, 'UTC')).toBe('')
  })
})
