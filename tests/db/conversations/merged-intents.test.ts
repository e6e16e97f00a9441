/** After intents are merged every list calls a conversation by the one that is left, and undoing a correction does not bring the other back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIntent, mergeIntents } from '@/lib/flows/change-intents'
import { correctLabel, undoCorrection } from '@/lib/flows/correct-label'
import { listConversations } from '@/lib/flows/list-conversations'
import { createKit, type Kit, label } from '../settings/kit'

let kit: Kit
let key = ''
beforeAll(async () => {
  kit = await createKit()
  key = (await createIntent(kit.shop.as.owner, { name: 'Lost parcels', description: '' })).key
  kit.services.classifier.classify = async ({ text }) => label({ intent: text.includes('parcel') ? key : 'refund' })
})
afterAll(() => kit.close())

test('lists, their filter, and a correction that is taken back go by the new name; other accounts are left alone', async () => {
  const { shop, rival } = kit
  const first = await shop.write('where is my parcel')
  const second = await shop.write('my money back please')
  await rival.write('the parcel of the other shop')
  const listed = async (ctx = shop.as.agent, intent?: string) =>
    (await listConversations(ctx, { status: 'any', limit: 20, ...(intent ? { intent } : {}) })).rows.map((one) => [
      one.id,
      one.intent,
    ])
  expect(await listed()).toEqual([
    [second.conversationId, 'refund'],
    [first.conversationId, key],
  ])
  await mergeIntents(shop.as.owner, { key, into: 'delivery_problem' })
  expect(await listed()).toEqual([
    [second.conversationId, 'refund'],
    [first.conversationId, 'delivery_problem'],
  ])
  expect(await listed(shop.as.agent, 'delivery_problem')).toHaveLength(1)
  expect((await listed(rival.as.agent)).map(([, intent]) => intent)).toEqual([key])

  const { rows } = await kit.owner.query('SELECT id FROM message WHERE conversation_id = $1', [first.conversationId])
  const messageId = rows[0].id as string
  const { correctionId } = await correctLabel(shop.as.agent, { messageId, field: 'intent', value: 'complaint' })
  await undoCorrection(shop.as.agent, { correctionId: correctionId as string })
  expect(await listed(shop.as.agent, 'delivery_problem')).toHaveLength(1)
})
