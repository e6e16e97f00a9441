/** A dataset that a training froze stays what it was: listed, opened, and taken along with its own hash, split and card. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readExampleFile } from '@/lib/features/learning/input'
import { importExamples, writeExample } from '@/lib/flows/change-examples'
import { mergeIntents } from '@/lib/flows/change-intents'
import { choosePrivacy, noteContactConsent } from '@/lib/flows/choose-privacy'
import { correctLabel } from '@/lib/flows/correct-label'
import { eraseContact } from '@/lib/flows/erase-contact'
import { type ExportKind, exportDataset } from '@/lib/flows/export-examples'
import { openDataset } from '@/lib/flows/open-dataset'
import { readDatasets, readDatasetTexts } from '@/lib/flows/read-datasets'
import { readLearning } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

const contacts: string[] = []
async function corrected(text: string): Promise<void> {
  const { as, write } = kit.shop
  const { conversationId, from } = await write(text)
  contacts.push(from.contactId)
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1`, [conversationId])
  await correctLabel(as.agent, { messageId: rows[0].id, field: 'intent', value: 'top_up' })
}
const listed = async () => (await readDatasets(kit.shop.as.owner)).datasets
const bytesOf = async (id: string, kind: ExportKind) =>
  Buffer.from(await exportDataset(kit.shop.as.owner, { id, kind }))
const rowsOf = async (id: string) =>
  (await bytesOf(id, 'jsonl'))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('it is listed with what it held and under which choices, and leaves as it was in every form', async () => {
  const { as } = kit.shop
  const lines = linesOf(['card_arrival', 'top_up'], 30).split('\n')
  const told = lines.map((line, at) => ({ ...JSON.parse(line), ...(at % 2 && { conversation: `talk-${at >> 2}` }) }))
  await importExamples(as.owner, Buffer.from(told.map((row) => JSON.stringify(row)).join('\n')))
  await corrected('top_up: mail me at one@shop.example')
  await corrected('top_up: or better write to two@shop.example')
  await choosePrivacy(as.owner, { keepMonths: 12 })
  await startTraining(as.owner)
  await kit.work()
  const [dataset] = await listed()
  const run = (await readLearning(as.owner)).runs[0]
  expect(dataset).toMatchObject({
    hash: run?.dataset.hash,
    there: 62,
    gone: 0,
    versions: [1],
    counts: { ...run?.dataset.counts, terms: { learnFrom: 'all', keepMonths: 12, people: 2 } },
  })
  const id = dataset?.id as string
  const { counts, hash } = dataset as NonNullable<typeof dataset>

  const rows = await rowsOf(id)
  expect(rows).toHaveLength(62)
  expect(rows.filter(({ split }) => split === 'train')).toHaveLength(counts.train)
  expect(rows.filter(({ split }) => split === 'test')).toHaveLength(counts.test)
  expect(rows.filter(({ source }) => source === 'correction').every(({ text }) => /\[email\]$/.test(text))).toBe(true)
  for (const kind of ['jsonl', 'csv', 'parquet'] as const) {
    const back = await readExampleFile(await bytesOf(id, kind))
    expect(back).toEqual(rows)
  }
  const card = (await bytesOf(id, 'md')).toString()
  expect(card).toContain(`Dataset \`${hash}\`: 62 texts when it was taken down, 62 of them are here.`)
  expect(card).toContain(`${counts.train} were to learn from (\`train\`), ${counts.test} held out`)
  expect(card).toContain('messages of 2 contacts, of all who did not refuse')
  expect(card).toContain('after 12 months')
  expect(card).not.toMatch(/undefined|NaN|null/)

  const first = await readDatasetTexts(as.owner, { id, skip: 0 })
  const rest = await readDatasetTexts(as.owner, { id, skip: 50 })
  expect([first.texts.length, first.more, rest.texts.length, rest.more, rest.of]).toEqual([50, true, 12, false, 62])
  const all = [...first.texts, ...rest.texts]
  expect(all.map(({ split }) => split)).toEqual(rows.map(({ split }) => split))
  expect(all.map(({ text }) => text)).toContain('top_up: mail me at one@shop.example')
})

test('what comes later is in the next one alone; who was erased or refuses is in none', async () => {
  const { as } = kit.shop
  const [first] = await listed()
  const id = first?.id as string
  await importExamples(as.owner, Buffer.from(linesOf(['card_arrival'], 5)))
  await choosePrivacy(as.owner, { keepMonths: null })
  await startTraining(as.owner)
  await kit.work()
  const [next, before, ...more] = await listed()
  expect(more).toEqual([])
  expect([next?.there, next?.versions, before?.there, before?.versions]).toEqual([67, [2], 62, [1]])
  expect(next?.counts.terms?.keepMonths).toBe(null)
  expect(before).toEqual(first)
  expect(await rowsOf(id)).toHaveLength(62)

  await eraseContact(as.owner, { id: contacts[0] as string })
  await noteContactConsent(as.owner, { id: contacts[1] as string, trainingConsent: 'refused' })
  expect((await listed()).at(-1)).toMatchObject({ hash: first?.hash, there: 60, refused: 1, gone: 1 })
  expect((await rowsOf(id)).filter(({ source }) => source === 'correction')).toEqual([])
  expect((await readDatasetTexts(as.owner, { id, skip: 0 })).of).toBe(60)
  expect((await bytesOf(id, 'md')).toString()).toContain(
    '62 texts when it was taken down, 60 of them are here; 1 were erased or taken back since.',
  )
})

test('intents that are merged and texts that are written again change nothing of it; who learns from it goes by the new names', async () => {
  const { as } = kit.shop
  const [{ id = '' } = {}] = await listed()
  const taken = { rows: await rowsOf(id), card: (await bytesOf(id, 'md')).toString() }
  const page = async () => (await readDatasetTexts(as.owner, { id, skip: 0 })).texts
  const shown = await page()
  expect(new Set(taken.rows.map(({ label }) => label))).toEqual(new Set(['card_arrival', 'top_up']))
  const { text } = shown.find(({ intent, source }) => intent === 'card_arrival' && source === 'import') as {
    text: string
  }
  await writeExample(as.agent, { text, intent: 'top_up' })
  // A file that tells other conversations of the same texts.
  const others = shown.flatMap(({ text, intent: label, source }, at) =>
    source === 'import' ? [JSON.stringify({ text, label, conversation: `later-${at}` })] : [],
  )
  expect(others.length).toBeGreaterThan(20)
  expect(new Set(taken.rows.map(({ conversation }) => conversation)).size).toBeGreaterThan(5)
  await importExamples(as.owner, Buffer.from(others.join('\n')))
  await mergeIntents(as.owner, { key: 'card_arrival', into: 'top_up' })
  expect(await rowsOf(id)).toEqual(taken.rows)
  expect((await bytesOf(id, 'md')).toString()).toBe(taken.card)
  expect(await page()).toEqual(shown)
  const { train, test: held } = await openDataset(as.owner, id)
  expect(new Set([...train, ...held].map(({ intent }) => intent))).toEqual(new Set(['top_up']))
})

test('only for those who may, and for nobody else’s account', async () => {
  const { as } = kit.shop
  const id = (await listed())[0]?.id as string
  expect(await codeOf(readDatasets(as.agent))).toBe('forbidden')
  expect(await codeOf(readDatasetTexts(as.viewer, { id, skip: 0 }))).toBe('forbidden')
  expect(await codeOf(exportDataset(as.agent, { id, kind: 'csv' }))).toBe('forbidden')
  expect(await codeOf(readDatasetTexts(kit.rival.as.owner, { id, skip: 0 }))).toBe('not_found')
  expect(await codeOf(exportDataset(kit.rival.as.owner, { id, kind: 'jsonl' }))).toBe('plan_files')
  expect((await readDatasets(kit.rival.as.owner)).datasets).toEqual([])
})
