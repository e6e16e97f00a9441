/** Cases are asked, never learned: not as an example, not as a message that somebody corrected; and an example that is one stays an example. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { splitOf } from '@/lib/features/learning/dataset'
import { importExamples, removeExample, writeCase, writeExample } from '@/lib/flows/change-examples'
import { correctLabel } from '@/lib/flows/correct-label'
import { readExamples } from '@/lib/flows/read-examples'
import { readLearning } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { cleanText } from '@/models/text/clean'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 60)))
})
afterAll(() => kit.close())

/** What the newest training was given, and what its dataset holds. */
const train = async (): Promise<string[]> => {
  await startTraining(kit.shop.as.owner)
  await kit.work()
  return kit.tasks.at(-1)?.rows.map(({ text }) => text) ?? []
}
const inNewestDataset = async (): Promise<string[]> => {
  const { rows } = await kit.owner.query(
    `SELECT coalesce(message_id, example_id) AS id FROM dataset_row WHERE dataset_id =
      (SELECT dataset_id FROM training_run ORDER BY created_at DESC, id DESC LIMIT 1)`,
  )
  return rows.map(({ id }) => id as string)
}

test('a message that somebody corrected is not learned, nor does it judge, while its text is a case', async () => {
  const { as } = kit.shop
  const said = 'top_up: my money did not come'
  const { conversationId } = await kit.shop.write(said)
  const { rows } = await kit.owner.query('SELECT id FROM message WHERE conversation_id = $1', [conversationId])
  const messageId = rows[0].id as string
  await correctLabel(as.agent, { messageId, field: 'intent', value: 'card_arrival' })
  const { id } = await writeCase(as.owner, { text: ` ${said.toUpperCase()}`, intent: 'card_arrival' })
  expect(await train()).not.toContain(said)
  expect(await inNewestDataset()).not.toContain(messageId)
  await removeExample(as.owner, { id })
  await train()
  expect(await inNewestDataset()).toContain(messageId)
})

test('what becomes a case after a training was asked for is not learned by it, nor while it is under way', async () => {
  const { as } = kit.shop
  const intent = 'card_arrival'
  // Of those that are learned, not held out.
  const learned = Array.from({ length: 40 }, (_, at) => `${intent}: wait ${'abcdefghij'[at % 10]}${at}`)
  const [waiting = '', read = ''] = learned.filter((text) => splitOf(cleanText(text)) === 'train')
  for (const text of [waiting, read]) await writeExample(as.agent, { text, intent })
  const given = () => kit.tasks.at(-1)?.rows.map(({ text }) => text) ?? []
  await startTraining(as.owner)
  const cases = [await writeCase(as.owner, { text: waiting, intent })]
  kit.during = async () => {
    delete kit.during
    cases.push(await writeCase(as.owner, { text: read, intent }))
  }
  await kit.work()
  expect([given().includes(waiting), given().includes(read)]).toEqual([false, true])
  // It begins anew without it.
  expect(await kit.work()).toBe(true)
  expect(given()).not.toContain(read)
  for (const { id } of cases) await removeExample(as.owner, { id })
})

test('an example that becomes a case is the example it was once the case is removed', async () => {
  const { as } = kit.shop
  const text = 'top_up: by card'
  await importExamples(as.agent, Buffer.from(JSON.stringify({ text, label: 'top_up' })))
  const mine = async (intent: string) =>
    (await readExamples(as.owner, { intent, skip: 0 })).examples.filter((one) => one.text === text)
  const before = await mine('top_up')
  expect(before).toMatchObject([{ source: 'import' }])
  const { id } = await writeCase(as.owner, { text, intent: 'card_arrival' })
  expect(await train()).not.toContain(text)
  await removeExample(as.owner, { id })
  expect(await mine('top_up')).toEqual(before)
  await train()
  expect(await inNewestDataset()).toContain(before[0]?.id)
})

test('an example that waits beside a case does not count as a text that there is to learn', async () => {
  const { as } = kit.shop
  const texts = async () => (await readLearning(as.owner)).learned.texts
  const text = 'top_up: counted once'
  await writeExample(as.agent, { text, intent: 'top_up' })
  const before = await texts()
  const { id } = await writeCase(as.owner, { text, intent: 'top_up' })
  expect(await texts()).toBe(before - 1)
  await removeExample(as.owner, { id })
  expect(await texts()).toBe(before)
})
