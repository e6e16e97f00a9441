/** Two people review at once: whoever answers second hears whose word stands, and nothing is written over unasked. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeIntent } from '@/lib/features/intents/write'
import { mergeIntents } from '@/lib/flows/change-intents'
import { flagMessage } from '@/lib/flows/flag-message'
import { intentOfMessages, labelMessages } from '@/lib/flows/label-messages'
import { discardReview, readReview, restoreReview } from '@/lib/flows/review-messages'
import { takeBack } from '@/lib/flows/take-back'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { label } from '../settings/kit'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  kit.services.classifier.classify = async ({ text }) =>
    label({ intent: text.split(' ')[0] ?? '', intentProbability: 0.4 })
})
afterAll(() => kit.close())

const written = async (text: string) => {
  const { conversationId } = await kit.shop.write(text)
  const { rows } = await kit.owner.query('SELECT id FROM message WHERE conversation_id = $1', [conversationId])
  return rows[0].id as string
}
const word = async (messageId: string) => {
  const { rows } = await kit.owner.query(
    `SELECT now FROM correction WHERE message_id = $1 AND undone_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1`,
    [messageId],
  )
  return rows[0]?.now as string | undefined
}
const unlessAnswered = true
const later = (ctx: Ctx, seconds: number): Ctx => ({ ...ctx, now: () => new Date(Date.now() + seconds * 1_000) })

test('the second to answer hears what the first said; of a group only the rest is labelled', async () => {
  const { agent, admin } = kit.shop.as
  const [one, two] = [await written('refund please'), await written('refund now')]
  await labelMessages(agent, { messageIds: [one], intent: 'invoice', unlessAnswered })
  const second = await labelMessages(admin, { messageIds: [one, two], intent: 'complaint', unlessAnswered })
  const byAgent = { messageId: one, authorId: kit.shop.members.agent, intent: 'invoice' }
  expect(second).toMatchObject({ labelled: 1, answered: [byAgent] })
  expect([await word(one), await word(two)]).toEqual(['invoice', 'complaint'])
  await takeBack(admin, { id: second.undoId as string })
  expect([await word(one), await word(two)]).toEqual(['invoice', undefined])
  expect(await labelMessages(admin, { messageIds: [one], intent: 'complaint', unlessAnswered })).toEqual({
    labelled: 0,
    undoId: null,
    answered: [byAgent],
  })
  expect(await discardReview(admin, { messageIds: [one], unlessAnswered })).toEqual({ answered: [byAgent] })
  // One's own word may be changed; and somebody who says so may change another's.
  expect((await labelMessages(agent, { messageIds: [one], intent: 'refund', unlessAnswered })).labelled).toBe(1)
  expect((await labelMessages(admin, { messageIds: [one], intent: 'complaint' })).answered).toEqual([])
  expect(await word(one)).toBe('complaint')
})

test('what was put aside is answered too, until it is asked about again', async () => {
  const { agent, admin } = kit.shop.as
  const id = await written('refund perhaps')
  await discardReview(agent, { messageIds: [id], unlessAnswered })
  const aside = { messageId: id, authorId: kit.shop.members.agent, intent: null }
  expect((await labelMessages(admin, { messageIds: [id], intent: 'refund', unlessAnswered })).answered).toEqual([aside])
  expect(await word(id)).toBeUndefined()
  await restoreReview(agent, { messageIds: [id] })
  await labelMessages(agent, { messageIds: [id], intent: 'invoice', unlessAnswered })
  await flagMessage(later(agent, 1), { messageId: id, reason: 'thumbs_down' })
  const again = await labelMessages(later(admin, 2), { messageIds: [id], intent: 'refund', unlessAnswered })
  expect(again).toMatchObject({ labelled: 1, answered: [] })
})

test('two at the very same time: one answers, the other hears it', async () => {
  const { agent, admin } = kit.shop.as
  for (let round = 0; round < 5; round++) {
    const id = await written(`refund round ${round}`)
    const both = await Promise.all([
      labelMessages(agent, { messageIds: [id], intent: 'invoice', unlessAnswered }),
      labelMessages(admin, { messageIds: [id], intent: 'complaint', unlessAnswered }),
    ])
    expect(both.map(({ labelled }) => labelled).sort()).toEqual([0, 1])
    const second = both.find(({ labelled }) => labelled === 0)
    expect(second?.answered[0]?.intent).toBe(await word(id))
  }
})

test('an intent made for messages takes those that nobody has answered, and is taken back whole', async () => {
  const { agent, admin } = kit.shop.as
  const [one, two] = [await written('refund of a kind'), await written('refund of a sort')]
  await labelMessages(agent, { messageIds: [one], intent: 'invoice', unlessAnswered })
  const made = await intentOfMessages(admin, {
    name: 'Gift cards',
    description: '',
    messageIds: [one, two],
    unlessAnswered,
  })
  expect(made).toMatchObject({ labelled: 1, answered: [{ messageId: one, intent: 'invoice' }] })
  expect([await word(one), await word(two)]).toEqual(['invoice', made.key])
  await takeBack(admin, { id: made.undoId as string })
  expect(await word(two)).toBeUndefined()
})

test('the queue is narrowed to what the model takes for one intent, under its new name too', async () => {
  const { agent, owner } = kit.shop.as
  await written('warranty_repair for a kettle')
  const asked = async (intent?: string) =>
    (await readReview(agent, { intent })).items.flatMap(({ texts }) => texts.map(({ text }) => text))
  expect(await asked('warranty_repair')).toEqual(['warranty_repair for a kettle'])
  expect(await asked('newsletter')).toEqual([])
  expect((await asked()).length).toBeGreaterThan(1)
  await mergeIntents(owner, { key: 'warranty_repair', into: 'newsletter' })
  expect(await asked('newsletter')).toEqual(['warranty_repair for a kettle'])
  await inAccount(owner, (tx) => changeIntent(tx, owner, 'warranty_repair', { archived: false }))
  expect(await asked('newsletter')).toEqual([])
})
