/** What an account learned from leaves it masked, and comes back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readExampleFile } from '@/lib/features/learning/input'
import { importExamples } from '@/lib/flows/change-examples'
import { correctLabel } from '@/lib/flows/correct-label'
import { type ExportKind, exportExamples } from '@/lib/flows/export-examples'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

test('a dataset leaves masked, without words of few contacts, and comes back equal in every form', async () => {
  const { rival } = kit
  await importExamples(
    rival.as.owner,
    Buffer.from('text,label\n"=1+1, write to me@shop.example",odd_one\nwhere is the parcel,parcel\n'),
  )
  await rival.write('where is the parcel of Xanthippe? call 13800138000')
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE account_id = $1 AND kind = 'incoming'`, [
    rival.accountId,
  ])
  await correctLabel(rival.as.agent, { messageId: rows[0].id, field: 'intent', value: 'parcel' })
  const wanted = [
    { text: 'where is the parcel ▢ ▢? ▢ [phone]', label: 'parcel', source: 'correction' },
    { text: '=1+1, write to [email]', label: 'odd_one', source: 'import' },
    { text: 'where is the parcel', label: 'parcel', source: 'import' },
  ]
  const bytesOf = async (kind: ExportKind) => Buffer.from(await exportExamples(rival.as.owner, { kind }))
  const lines = (await bytesOf('jsonl')).toString().trim().split('\n')
  const byText = (a: { text: string }, b: { text: string }) => a.text.localeCompare(b.text)
  expect(lines.map((line) => JSON.parse(line)).sort(byText)).toEqual([...wanted].sort(byText))
  for (const kind of ['jsonl', 'csv', 'parquet'] as const) {
    const back = await readExampleFile(await bytesOf(kind))
    expect(back.sort(byText)).toEqual(wanted.map(({ text, label }) => ({ text, label })).sort(byText))
  }
  const card = (await bytesOf('md')).toString()
  expect(card).toMatch(/^---\npretty_name: "rival"\ntask_categories:\n- text-classification\nlanguage:\n- en\n/)
  expect(card).toContain('| parcel | 2 |')
  expect(await codeOf(exportExamples(rival.as.agent, { kind: 'csv' }))).toBe('forbidden')
})
