/** A rule counts from the last model: what came to nothing takes nothing off the count, and weekly sees every new text. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { cancelTraining } from '@/lib/flows/cancel-training'
import { importExamples } from '@/lib/flows/change-examples'
import { correctLabel } from '@/lib/flows/correct-label'
import { readLearning } from '@/lib/flows/read-learning'
import { setTrainingRule } from '@/lib/flows/set-training-rule'
import { startTraining } from '@/lib/flows/start-training'
import { trainByRule } from '@/lib/flows/train-by-rule'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 30)))
  await startTraining(kit.shop.as.owner)
  await kit.work()
})
afterAll(() => kit.close())

const turn = () =>
  trainByRule(kit.services, (id) => makeCtx(kit.services, { kind: 'system', reason: 'test' }, id, 'en'))
const earlier = (table: string, by: string) =>
  kit.owner.query(`UPDATE ${table} SET created_at = created_at - $1::interval`, [by])

test('a run that is cancelled takes nothing off the count, and is tried again a day later', async () => {
  const { as, write } = kit.shop
  await setTrainingRule(as.owner, { afterCorrections: 2, weekly: false })
  expect((await readLearning(as.owner)).rule).toEqual({ afterCorrections: 2, weekly: false })
  expect(await codeOf(setTrainingRule(as.agent, { afterCorrections: null, weekly: true }))).toBe('forbidden')
  for (const text of ['one', 'two']) {
    expect(await turn()).toBe(0)
    const { conversationId } = await write(text)
    const { rows } = await kit.owner.query('SELECT id FROM message WHERE conversation_id = $1', [conversationId])
    await correctLabel(as.agent, { messageId: rows[0].id, field: 'intent', value: 'top_up' })
  }
  expect(await turn()).toBe(1)
  expect(await turn()).toBe(0)
  const run = (await readLearning(as.owner)).runs[0]
  expect(run).toMatchObject({ state: 'queued', authorId: null })
  await cancelTraining(as.owner, { id: run?.id as string })
  expect(await turn()).toBe(0)
  await earlier('training_run', '25 hours')
  expect(await turn()).toBe(1)
  await kit.work()
  expect(await turn()).toBe(0)
})

test('a week after the last model an imported text is enough; without anything new there is no training', async () => {
  const { owner } = kit.shop.as
  await setTrainingRule(owner, { afterCorrections: null, weekly: true })
  for (const table of ['correction', 'example']) await earlier(table, '30 days')
  await earlier('training_run', '8 days')
  expect(await turn()).toBe(0)
  await importExamples(owner, Buffer.from('{"text":"my card is lost","label":"card_arrival"}'))
  expect(await turn()).toBe(1)
})
