/** The export: every ticket of the filter, in the reader's language, through a real CSV parser. */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ticketQuery } from '@/lib/features/tickets/input'
import { exportTickets } from '@/lib/flows/export-tickets'
import type { Ctx } from '@/lib/platform/context'
import { codeOf, createKit, type Kit } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
  await kit.owner.query(`UPDATE account SET time_zone = 'Asia/Shanghai' WHERE id = $1`, [kit.shop.accountId])
})
afterAll(() => kit.close())

const file = async (ctx: Ctx, query: object = {}): Promise<string> => {
  let text = ''
  for await (const part of exportTickets(ctx, ticketQuery.parse(query))) text += part
  return text
}

describe('an export', () => {
  test('begins with the mark and the heads, also when there is nothing', async () => {
    const text = await file(kit.shop.as.owner)
    expect(text.startsWith('\ufeffNumber,Last message,Contact,Status')).toBe(true)
    expect(text).toContain('Created (Asia/Shanghai)')
    expect(await file({ ...kit.shop.as.owner, locale: 'zh-CN' })).toContain('编号,最近一条消息,联系人,状态')
  })

  test('what visitors write cannot become a formula', async () => {
    for (const text of ['=HYPERLINK("http://evil","x")', '@SUM(1)', '+1', '-1', '＝1+1']) await kit.shop.write(text)
    const rows: Record<string, string>[] = parse(await file(kit.shop.as.owner, { sort: 'number', direction: 'asc' }), {
      bom: true,
      columns: true,
    })
    expect(rows.map((row) => row['Last message'])).toEqual([
      `'=HYPERLINK("http://evil","x")`,
      `'@SUM(1)`,
      `'+1`,
      `'-1`,
      `'＝1+1`,
    ])
    expect(rows[0]).toMatchObject({
      Number: '1',
      Contact: 'Visitor',
      Status: 'Open',
      Priority: 'Normal',
      Messages: '1',
    })
    expect(rows[0]?.Link).toMatch(/\/shop\/inbox\/1$/)
  })

  test('says labels in words of the reader', async () => {
    await kit.shop.write('refund: 我要退款')
    const [row] = parse(await file({ ...kit.shop.as.owner, locale: 'zh-CN' }, { intent: 'refund' }), {
      bom: true,
      columns: true,
    }) as Record<string, string>[]
    expect(Object.values(row ?? {})).toEqual(expect.arrayContaining(['退款', '英文']))
    expect(Object.values(row ?? {})).not.toContain('refund')
  })

  test('goes over many pages and keeps to the filter and the account', async () => {
    for (let i = 0; i < 30; i++)
      await Promise.all(Array.from({ length: 14 }, (_, n) => kit.shop.write(`invoice: ${i} ${n}`)))
    await kit.rival.write('invoice: not ours')
    const text = await file(kit.shop.as.owner, { intent: 'invoice' })
    const rows: Record<string, string>[] = parse(text, { bom: true, columns: true })
    expect(rows).toHaveLength(420)
    expect(new Set(rows.map((row) => row.Number)).size).toBe(420)
    expect(text).not.toContain('not ours')
  })

  test('is for managers', async () => {
    for (const role of ['agent', 'viewer'] as const) expect(await codeOf(file(kit.shop.as[role]))).toBe('forbidden')
    expect(await codeOf(file(kit.shop.as.admin))).toBe('worked')
  })
})
