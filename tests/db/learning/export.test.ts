/** What an account learned from leaves it masked, and comes back. */
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readExampleFile } from '@/lib/features/learning/input'
import { importExamples } from '@/lib/flows/change-examples'
import { changePlan } from '@/lib/flows/change-plan'
import { correctLabel } from '@/lib/flows/correct-label'
import { type ExportKind, exportExamples } from '@/lib/flows/export-examples'
import { exportBundle, exportModelCard } from '@/lib/flows/export-version'
import { readLearning } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

test('a dataset leaves masked, without words of few contacts, and comes back equal in every form', async () => {
  const { rival } = kit
  await changePlan(rival.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
  await importExamples(
    rival.as.owner,
    Buffer.from('text,label\n"=1+1, write to me@shop.example",odd_one\nwhere is the parcel,parcel\n'),
  )
  await rival.write('where is the parcel of Xanthippe? call 13800138000')
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE account_id = $1 AND kind = 'incoming'`, [
    rival.accountId,
  ])
  await correctLabel(rival.as.agent, { messageId: rows[0].id, field: 'intent', value: 'parcel' })
  const parcel = { label: 'parcel', label_name: 'Parcel' }
  const wanted = [
    {
      text: 'where is the parcel ▢ ▢? ▢ [phone]',
      ...parcel,
      source: 'correction',
      conversation: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
    { text: '=1+1, write to [email]', label: 'odd_one', label_name: 'Odd one', source: 'import' },
    { text: 'where is the parcel', ...parcel, source: 'import' },
  ]
  const bytesOf = async (kind: ExportKind) => Buffer.from(await exportExamples(rival.as.owner, { kind }))
  const lines = (await bytesOf('jsonl')).toString().trim().split('\n')
  const byText = (a: { text: string }, b: { text: string }) => a.text.localeCompare(b.text)
  expect(lines.map((line) => JSON.parse(line)).sort(byText)).toEqual([...wanted].sort(byText))
  for (const kind of ['jsonl', 'csv', 'parquet'] as const) {
    const back = await readExampleFile(await bytesOf(kind))
    expect(back.sort(byText)).toEqual([...wanted].sort(byText))
  }
  const card = (await bytesOf('md')).toString()
  expect(card).toMatch(/^---\npretty_name: "rival"\ntask_categories:\n- text-classification\nlanguage:\n- en\n/)
  expect(card).toContain('| parcel | 2 |')
  expect(await codeOf(exportExamples(rival.as.agent, { kind: 'csv' }))).toBe('forbidden')
})

test('a version leaves with its card; nobody else’s, and none whose files are gone', async () => {
  const { as } = kit.shop
  await importExamples(as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 60)))
  await startTraining(as.owner)
  await kit.work()
  const version = (await readLearning(as.owner)).versions[0]
  const id = version?.id as string
  const card = await exportModelCard(as.owner, { id })
  expect(card).toMatch(/^---\nmodel_name: "shop, version 1"\npipeline_tag: text-classification\n/)
  expect(card).toContain('language:\n- en\nlicense')
  expect(card).toContain(`\`${version?.bundle}\``)
  expect(card).toContain(`${version?.report?.candidate.texts} held out that nobody learned`)
  // All of few are right: how sure that is goes by how few there are.
  const figure = String.raw`100\.0 % \(95 %: \d\d\.\d % to 100\.0 %\)`
  expect(card).toMatch(new RegExp(String.raw`\| card_arrival \| \d+ \| ${figure} \| ${figure} \| ${figure} \|`))
  expect(card).not.toMatch(/undefined|NaN|null/)
  const files = unzipSync(await exportBundle(as.owner, { id }))
  expect(Object.keys(files).sort()).toEqual(['README.md', 'manifest.json'])
  expect(Buffer.from(files['README.md'] as Uint8Array).toString()).toBe(card)
  expect(await codeOf(exportBundle(as.agent, { id }))).toBe('forbidden')
  expect(await codeOf(exportBundle(kit.rival.as.owner, { id }))).toBe('not_found')
  kit.services.trainer.read = async () => null
  expect(await codeOf(exportBundle(as.owner, { id }))).toBe('not_found')
})
