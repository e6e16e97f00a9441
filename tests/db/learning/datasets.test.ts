/** A dataset keeps what it holds: what is erased or taken back leaves a gap that is told, and nothing else changes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples, removeExample, writeCase, writeExample } from '@/lib/flows/change-examples'
import { mergeIntents } from '@/lib/flows/change-intents'
import { correctLabel, undoCorrection } from '@/lib/flows/correct-label'
import { exportModelCard } from '@/lib/flows/export-version'
import { labelMessages } from '@/lib/flows/label-messages'
import { openDataset } from '@/lib/flows/open-dataset'
import { readLearning } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { takeBack } from '@/lib/flows/take-back'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

const newest = async () => {
  const { runs, versions } = await readLearning(kit.shop.as.owner)
  const { rows } = await kit.owner.query('SELECT dataset_id AS id FROM training_run WHERE id = $1', [runs[0]?.id])
  const opened = await openDataset(kit.shop.as.owner, rows[0].id)
  const { counts, hash, gone } = runs[0]?.dataset ?? { counts: { train: 0, test: 0 }, hash: '', gone: 0 }
  const named = await kit.owner.query('SELECT count(*)::int AS n FROM dataset_row WHERE dataset_id = $1', [rows[0].id])
  return {
    hash,
    gone,
    told: counts.train + counts.test,
    rows: named.rows[0].n as number,
    there: opened.train.length + opened.test.length,
    version: versions[0]?.id as string,
  }
}
const train = async () => {
  await startTraining(kit.shop.as.owner)
  await kit.work()
  return newest()
}

test('an example that goes and a correction that is taken back leave gaps that are told; one that becomes a case stays in what holds it', async () => {
  const { as } = kit.shop
  await importExamples(as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 60)))
  for (const text of ['top_up: please', 'top_up: soon', 'top_up: really now']) await kit.shop.write(text)
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE kind = 'incoming' ORDER BY id`)
  const [one, two, three] = rows.map(({ id }) => id as string) as [string, string, string]
  const { correctionId } = await correctLabel(as.agent, { messageId: one, field: 'intent', value: 'top_up' })
  const { undoId } = await labelMessages(as.agent, { messageIds: [two], intent: 'top_up' })
  await correctLabel(as.agent, { messageId: three, field: 'intent', value: 'top_up' })
  const goes = await writeExample(as.agent, { text: 'card_arrival: goes', intent: 'card_arrival' })
  await writeExample(as.agent, { text: 'card_arrival: becomes a case', intent: 'card_arrival' })
  const before = await train()
  expect(before).toMatchObject({ gone: 0, told: 125, rows: 125, there: 125 })
  expect(await exportModelCard(as.owner, { id: before.version })).not.toContain('taken back')

  await removeExample(as.owner, { id: goes.id })
  await writeCase(as.owner, { text: 'card_arrival: becomes a case', intent: 'card_arrival' })
  await undoCorrection(as.agent, { correctionId: correctionId as string })
  await takeBack(as.agent, { id: undoId as string })
  // A word about something else, and a later word about the same, take nothing from it.
  const feeling = await correctLabel(as.agent, { messageId: three, field: 'sentiment', value: 'positive' })
  await undoCorrection(as.agent, { correctionId: feeling.correctionId as string })
  const later = await correctLabel(as.agent, { messageId: three, field: 'intent', value: 'card_arrival' })
  await undoCorrection(as.agent, { correctionId: later.correctionId as string })
  const press = await labelMessages(as.agent, { messageIds: [three], intent: 'card_arrival' })
  await takeBack(as.agent, { id: press.undoId as string })
  expect(await newest()).toMatchObject({ hash: before.hash, gone: 3, told: 125, rows: 125, there: 122 })
  expect(await exportModelCard(as.owner, { id: before.version })).toContain(
    'Since then 3 of all were erased or taken back',
  )
})

test('the same content again fills the gaps; a text that is taken back while it is learned begins the run anew', async () => {
  const { as } = kit.shop
  await train()
  const whole = await newest()
  expect(whole).toMatchObject({ gone: 0 })
  const { id } = await writeExample(as.agent, { text: 'top_up: twice', intent: 'top_up' })
  const more = await train()
  await removeExample(as.owner, { id })
  expect(await newest()).toMatchObject({ hash: more.hash, gone: 1 })
  const again = await writeExample(as.agent, { text: 'top_up: twice', intent: 'top_up' })
  expect(await train()).toMatchObject({ hash: more.hash, gone: 0, told: more.told, there: more.told })

  const { versions } = await readLearning(as.owner)
  kit.during = async () => {
    delete kit.during
    await removeExample(as.owner, { id: again.id })
  }
  await startTraining(as.owner)
  expect(await kit.work()).toBe(true)
  expect((await readLearning(as.owner)).runs[0]).toMatchObject({ state: 'queued' })
  expect((await readLearning(as.owner)).versions).toHaveLength(versions.length)
  await kit.work()
  expect(kit.tasks.at(-1)?.rows.some(({ text }) => text.includes('twice'))).toBe(false)
})

test('only datasets that hold the very word that is taken back have a gap; a merge does not hide it', async () => {
  const { as } = kit.shop
  await kit.shop.write('top_up: twice said')
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE kind = 'incoming' ORDER BY id DESC LIMIT 1`)
  const messageId = rows[0].id as string
  const say = (value: string) => correctLabel(as.agent, { messageId, field: 'intent', value })
  const held = async () => {
    const { rows } = await kit.owner.query(
      'SELECT d.intent FROM dataset_row d WHERE d.message_id = $1 ORDER BY d.intent',
      [messageId],
    )
    return rows.map(({ intent }) => intent as string)
  }
  const first = await say('top_up')
  await train()
  const second = await say('card_arrival')
  await train()
  expect(await held()).toEqual(['card_arrival', 'top_up'])
  await undoCorrection(as.agent, { correctionId: second.correctionId as string })
  expect(await held()).toEqual(['top_up'])
  // What was learned goes by its new name: the word still stands.
  const again = await say('card_arrival')
  await mergeIntents(as.owner, { key: 'top_up', into: 'refund' })
  await undoCorrection(as.agent, { correctionId: again.correctionId as string })
  expect(await held()).toEqual(['top_up'])
  await undoCorrection(as.agent, { correctionId: first.correctionId as string })
  expect(await held()).toEqual([])
})
