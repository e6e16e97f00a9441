/** Any text comes back equal, and what cannot is refused before it is stored. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { longestText, messageText } from '@/lib/core/text'
import { type House, ingest, item, openHouse, readText, type Shop } from './house'

let house: House
let shop: Shop

beforeAll(async () => {
  house = await openHouse()
  shop = await house.shop()
})
afterAll(() => house.close())

describe('any Unicode', () => {
  test('comes back equal', { timeout: 60_000 }, async () => {
    const text = fc
      .oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        fc.constantFrom(
          '我要退款，太慢了!',
          'ﷺ',
          '👩‍👩‍👧‍👦',
          'e\u0301',
          '\u202eabc',
          '\ud83d\ude00'.repeat(4_000),
          'ா',
          '\ufeffx',
          "';--",
          '\\u0000',
        ),
      )
      .filter((value) => messageText.safeParse(value).success)
    const visitor = await house.visitor(shop)
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 12 }), async (texts) => {
        const rows = await ingest(house.services, await Promise.all(texts.map((each) => item(visitor, each))))
        for (const [i, row] of rows.entries()) {
          expect(row.outcome).toBe('stored')
          const { rows: found } = await house.owner.query('SELECT body FROM message WHERE id = $1', [row.message_id])
          expect(await readText(visitor, row.message_id as string, found[0].body)).toBe(texts[i])
        }
      }),
      { numRuns: 40 },
    )
  })

  test('what cannot be stored equal is refused before', () => {
    const code = (text: string) => messageText.safeParse(text).error?.issues[0]?.message
    expect(code('a\0b')).toBe('text_invalid')
    expect(code('\ud800')).toBe('text_invalid')
    expect(code('x\udc00y')).toBe('text_invalid')
    expect(code(' \n\t ')).toBe('text_empty')
    expect(code('x'.repeat(longestText + 1))).toBe('text_too_long')
    expect(messageText.parse('x'.repeat(longestText))).toHaveLength(longestText)
  })
})
