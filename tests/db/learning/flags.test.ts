/** What people send to the review themselves: first in line, filtered by its reason, settled by a later label. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReviewedState, ReviewReason } from '@/lib/core/learning'
import { correctLabel, undoCorrection } from '@/lib/flows/correct-label'
import { flagMessage, unflagMessage } from '@/lib/flows/flag-message'
import { readTranscript } from '@/lib/flows/read-conversation'
import { discardReview, readReview, readReviewed, restoreReview } from '@/lib/flows/review-messages'
import { codeOf, label } from '../settings/kit'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  kit.services.classifier.classify = async ({ text }) => {
    if (text.startsWith('silent')) return null
    return label({ intentProbability: text.startsWith('hm') ? 0.4 : 0.99, inScope: !text.startsWith('far') })
  }
})
afterAll(() => kit.close())

const idOf = async (conversationId: string) => {
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1 AND kind = 'incoming'`, [
    conversationId,
  ])
  return rows[0].id as string
}
const written = async (text: string) => idOf((await kit.shop.write(text)).conversationId)
const asked = async (reason?: ReviewReason) =>
  (await readReview(kit.shop.as.agent, { reason })).items.map((item) => [item.reason, item.texts[0]?.text])

test('sent messages stand first, each reason is found alone, and taking it back takes it out', async () => {
  const { agent } = kit.shop.as
  const sure = await written('clear as day')
  const other = await written('blue as the sky')
  await written('hm what is that')
  await written('far away lies Basel')
  expect(await asked()).toEqual([
    ['abstained', 'far away lies Basel'],
    ['uncertain', 'hm what is that'],
  ])
  await flagMessage(agent, { messageId: sure, reason: 'manual' })
  await flagMessage(agent, { messageId: other, reason: 'thumbs_down' })
  expect(await asked()).toEqual([
    ['thumbs_down', 'blue as the sky'],
    ['manual', 'clear as day'],
    ['abstained', 'far away lies Basel'],
    ['uncertain', 'hm what is that'],
  ])
  for (const [reason, text] of await asked()) expect(await asked(reason as ReviewReason)).toEqual([[reason, text]])
  expect(await asked('disagreed')).toEqual([])
  await flagMessage(agent, { messageId: sure, reason: 'thumbs_down' })
  expect(await asked('manual')).toEqual([])
  await unflagMessage(agent, { messageId: sure })
  await unflagMessage(agent, { messageId: other })
  expect(await asked('thumbs_down')).toEqual([])
})

test('a label given before does not settle it, one given after does, and taken back it is asked about again', async () => {
  const { agent } = kit.shop.as
  const messageId = await written('clear as glass')
  await correctLabel(agent, { messageId, field: 'intent', value: 'invoice' })
  await flagMessage({ ...agent, now: () => new Date(Date.now() + 1_000) }, { messageId, reason: 'thumbs_down' })
  expect(await asked('thumbs_down')).toHaveLength(1)
  const later = { ...agent, now: () => new Date(Date.now() + 2_000) }
  const { correctionId } = await correctLabel(later, { messageId, field: 'intent', value: 'complaint' })
  expect(await asked('thumbs_down')).toEqual([])
  await undoCorrection(agent, { correctionId: correctionId as string })
  expect(await asked('thumbs_down')).toHaveLength(1)
  await discardReview(agent, { messageIds: [messageId] })
  expect(await asked('thumbs_down')).toEqual([])
  // Sent again it is asked about again.
  await flagMessage({ ...agent, now: () => new Date(Date.now() + 3_000) }, { messageId, reason: 'manual' })
  expect(await asked('manual')).toHaveLength(1)
})

test('what was labelled and what was put aside is found by its state, until it is sent again', async () => {
  const { agent, viewer } = kit.shop.as
  const done = async (state: ReviewedState) => (await readReviewed(agent, { state })).items
  const messageId = await written('clear as ice')
  const at = (seconds: number) => ({ ...agent, now: () => new Date(Date.now() + seconds * 1_000) })
  await correctLabel(at(10), { messageId, field: 'intent', value: 'invoice' })
  await correctLabel(at(11), { messageId, field: 'intent', value: 'complaint' })
  expect((await done('submitted'))[0]).toMatchObject({
    ...{ messageId, text: 'clear as ice', intent: 'complaint', was: 'invoice', authorId: kit.shop.members.agent },
  })
  expect((await done('submitted')).filter((one) => one.messageId === messageId)).toHaveLength(1)
  await flagMessage(at(12), { messageId, reason: 'manual' })
  expect((await done('submitted')).map((one) => one.messageId)).not.toContain(messageId)
  const other = await written('hm and this')
  await discardReview(at(13), { messageIds: [other] })
  expect((await done('discarded'))[0]).toMatchObject({ messageId: other, text: 'hm and this', intent: null })
  await restoreReview(agent, { messageIds: [other] })
  expect((await done('discarded')).map((one) => one.messageId)).not.toContain(other)
  expect(await codeOf(readReviewed(viewer, { state: 'submitted' }))).toBe('forbidden')
  expect((await readReviewed(kit.rival.as.owner, { state: 'submitted' })).items).toEqual([])
})

test('everything that was put aside has a way back, and what is left is counted beyond a sitting', async () => {
  const { accountId, members, as } = kit.shop
  const before = (await readReview(as.agent)).left
  const ids: string[] = []
  for (let at = 0; at < 70; at++) ids.push(await written(`hm ${'abcdefghij'[at % 10]}${'klmnopq'[at % 7]} and ${at}`))
  const sitting = await readReview(as.agent)
  expect(sitting.items.length).toBeLessThanOrEqual(60)
  expect(sitting.left).toBe(before + 70)
  for (let at = 0; at < 70; at += 50) await discardReview(as.agent, { messageIds: ids.slice(at, at + 50) })
  expect((await readReview(as.agent)).left).toBe(before)
  const { rows } = await kit.owner.query(
    'SELECT count(*)::int AS n FROM review_discard WHERE account_id = $1 AND author_id = $2',
    [accountId, members.agent],
  )
  const first = await readReviewed(as.agent, { state: 'discarded' })
  const second = await readReviewed(as.agent, { state: 'discarded', skip: first.items.length })
  expect([first.items.length, first.more, second.more]).toEqual([60, true, false])
  expect(new Set([...first.items, ...second.items].map(({ messageId }) => messageId)).size).toBe(rows[0].n)
  await restoreReview(as.agent, { messageIds: ids })
})

test('the conversation goes on saying that a label is called wrong, to everybody, until that is settled', async () => {
  const { agent, viewer, owner } = kit.shop.as
  const { conversationId } = await kit.shop.write('clear as water')
  const messageId = await idOf(conversationId)
  const mark = async () => (await readTranscript(viewer, { id: conversationId })).messages[0]?.flag
  const at = (seconds: number) => ({ ...agent, now: () => new Date(Date.now() + seconds * 1_000) })
  const news = async () => {
    const { rows } = await kit.owner.query(
      `SELECT count(*)::int AS count FROM event WHERE conversation_id = $1 AND data->>'because' = 'flagged'`,
      [conversationId],
    )
    return rows[0].count
  }
  expect([await mark(), await news()]).toEqual([null, 0])
  await flagMessage(at(1), { messageId, reason: 'thumbs_down' })
  expect([await mark(), await news()]).toEqual(['thumbs_down', 1])
  const { correctionId } = await correctLabel(at(2), { messageId, field: 'intent', value: 'complaint' })
  expect(await mark()).toBeNull()
  await undoCorrection(agent, { correctionId: correctionId as string })
  expect(await mark()).toBe('thumbs_down')
  await discardReview(owner, { messageIds: [messageId] })
  expect(await mark()).toBeNull()
  await flagMessage(at(3), { messageId, reason: 'manual' })
  expect(await mark()).toBe('manual')
  await unflagMessage(agent, { messageId })
  expect([await mark(), await news()]).toEqual([null, 3])
  expect(await codeOf(unflagMessage(kit.rival.as.owner, { messageId }))).toBe('not_found')
})

test('a message that no model has read can be sent; others than who may correct, and other accounts, cannot', async () => {
  const { shop, rival } = kit
  const messageId = await written('silent night')
  const sent = { messageId, reason: 'manual' } as const
  expect(await codeOf(flagMessage(shop.as.viewer, sent))).toBe('forbidden')
  expect(await codeOf(flagMessage(rival.as.owner, sent))).toBe('not_found')
  await flagMessage(shop.as.agent, sent)
  const [item] = (await readReview(shop.as.agent, { reason: 'manual' })).items.filter(({ said }) => said === null)
  expect(item?.texts.map(({ text }) => text)).toEqual(['silent night'])
  expect((await readReview(rival.as.owner)).items).toEqual([])
})
