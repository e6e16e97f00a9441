/** Corrections: stored beside the prediction, followed by the conversation, taken back exactly. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { correctLabel, undoCorrection } from '@/lib/flows/correct-label'
import { readConversation, readTranscript } from '@/lib/flows/read-conversation'
import { createKit, type Kit, type TestAccount } from './kit'

let kit: Kit
let shop: TestAccount
beforeAll(async () => {
  kit = await createKit()
  shop = await kit.account('shop')
})
afterAll(() => kit.close())

const labels = async (id: string) => {
  const { intent, intentProbability, sentiment, urgency, needsPerson } = await readConversation(kit.as(shop), { id })
  return { intent, intentProbability, sentiment, urgency, needsPerson }
}

test('a correction is stored with what was there before; the conversation follows; undo brings all back', async () => {
  const { id: messageId, conversationId: id } = await (await kit.visitor(shop)).say('mumble')
  const before = await labels(id)
  expect(before).toMatchObject({ intent: 'order_status', needsPerson: true })
  const first = await correctLabel(kit.as(shop), { messageId, field: 'intent', value: 'refund' })
  expect(first).toMatchObject({ previous: 'order_status', value: 'refund', conversationId: id })
  expect(await labels(id)).toMatchObject({ intent: 'refund', intentProbability: null, needsPerson: false })
  const [message] = (await readTranscript(kit.as(shop), { id })).messages
  expect(message?.prediction?.intent).toBe('order_status')
  expect(message?.corrections).toMatchObject([
    { id: first.correctionId, field: 'intent', was: 'order_status', now: 'refund', authorId: shop.agent.membershipId },
  ])
  expect((await kit.events(shop)).at(-1)).toMatchObject({ type: 'conversation.updated', message_id: messageId })

  const second = await correctLabel(kit.as(shop, shop.other), { messageId, field: 'intent', value: 'complaint' })
  expect(second.previous).toBe('refund')
  expect((await undoCorrection(kit.as(shop, shop.other), { correctionId: second.correctionId as string })).value).toBe(
    'refund',
  )
  expect(await labels(id)).toMatchObject({ intent: 'refund', needsPerson: false })
  await undoCorrection(kit.as(shop), { correctionId: first.correctionId as string })
  expect(await labels(id)).toEqual(before)
  await expect(undoCorrection(kit.as(shop), { correctionId: first.correctionId as string })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('sentiment and urgency too; confirming is a word of its own, repeating it is none', async () => {
  const { id: messageId, conversationId: id } = await (await kit.visitor(shop)).say('too slow')
  await correctLabel(kit.as(shop), { messageId, field: 'sentiment', value: 'positive' })
  await correctLabel(kit.as(shop), { messageId, field: 'urgency', value: 'low' })
  expect(await labels(id)).toMatchObject({ sentiment: 'positive', urgency: 'low' })
  const confirmed = await correctLabel(kit.as(shop), { messageId, field: 'intent', value: 'order_status' })
  expect(confirmed.correctionId).not.toBeNull()
  const again = await correctLabel(kit.as(shop), { messageId, field: 'intent', value: 'order_status' })
  expect(again.correctionId).toBeNull()
})

test('an older message does not speak for the conversation', async () => {
  const visitor = await kit.visitor(shop)
  const first = await visitor.say('I want a refund')
  await visitor.say('Where is my order?')
  await correctLabel(kit.as(shop), { messageId: first.id, field: 'intent', value: 'complaint' })
  expect((await labels(first.conversationId)).intent).toBe('order_status')
})

test('a message without a label can be given one', async () => {
  const { id: messageId, conversationId: id } = await (await kit.visitor(shop)).say('unlabelled')
  const given = await correctLabel(kit.as(shop), { messageId, field: 'intent', value: 'refund' })
  expect(given.previous).toBeNull()
  expect((await labels(id)).intent).toBe('refund')
})

test('what cannot be corrected is refused', async () => {
  const { id: messageId } = await (await kit.visitor(shop)).say('hello')
  const foreign = await kit.account('foreign')
  await expect(correctLabel(kit.as(shop), { messageId, field: 'intent', value: 'nonsense' })).rejects.toMatchObject({
    code: 'invalid_input',
  })
  await expect(correctLabel(kit.as(shop), { messageId, field: 'sentiment', value: 'refund' })).rejects.toMatchObject({
    code: 'invalid_input',
  })
  await expect(correctLabel(kit.as(foreign), { messageId, field: 'intent', value: 'refund' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(
    correctLabel(kit.as(shop, shop.viewer), { messageId, field: 'intent', value: 'refund' }),
  ).rejects.toMatchObject({ code: 'forbidden' })
  const mine = await correctLabel(kit.as(shop), { messageId, field: 'intent', value: 'refund' })
  await expect(
    undoCorrection(kit.as(shop, shop.other), { correctionId: mine.correctionId as string }),
  ).rejects.toMatchObject({ code: 'not_found' })
})
