/** Texts moved to another intent, and two intents merged: one press takes either back, and leaves what was said since. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples, writeExample } from '@/lib/flows/change-examples'
import { createIntent, mergeIntents, updateIntent } from '@/lib/flows/change-intents'
import { correctLabel } from '@/lib/flows/correct-label'
import { moveExamples } from '@/lib/flows/move-examples'
import { readExamples } from '@/lib/flows/read-examples'
import { readIntents } from '@/lib/flows/read-intents'
import { takeBack } from '@/lib/flows/take-back'
import { codeOf, label } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  kit.services.classifier.classify = async ({ text }) => label({ intent: text.split(':')[0] ?? '' })
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up', 'lost_phone'], 8)))
})
afterAll(() => kit.close())

const texts = async (intent: string) =>
  (await readExamples(kit.shop.as.owner, { intent, skip: 0 })).examples.map(({ id, text }) => ({ id, text }))
const idsOf = async (intent: string) => (await texts(intent)).map(({ id }) => id).sort()
const shown = async (conversationId: string) => {
  const { rows } = await kit.owner.query('SELECT intent FROM conversation WHERE id = $1', [conversationId])
  return rows[0].intent as string
}
const messageOf = async (conversationId: string) => {
  const { rows } = await kit.owner.query(
    `SELECT id FROM message WHERE conversation_id = $1 AND kind = 'incoming' ORDER BY sequence DESC LIMIT 1`,
    [conversationId],
  )
  return rows[0].id as string
}
const intentNamed = async (key: string) =>
  (await readIntents(kit.shop.as.owner)).intents.find((intent) => intent.key === key)

test('chosen texts move, a corrected message with its conversation; taken back, each is where it was', async () => {
  const { owner, agent } = kit.shop.as
  const { conversationId } = await kit.shop.write('refund: where is it')
  const messageId = await messageOf(conversationId)
  await correctLabel(agent, { messageId, field: 'intent', value: 'card_arrival' })
  const before = { arrival: await idsOf('card_arrival'), topUp: await idsOf('top_up') }
  expect(before.arrival).toContain(messageId)
  const chosen = [messageId, ...before.arrival.filter((id) => id !== messageId).slice(0, 2)]
  const { moved, undoId } = await moveExamples(owner, { ids: chosen, intent: 'top_up' })
  expect(moved).toBe(3)
  expect(await idsOf('top_up')).toEqual([...before.topUp, ...chosen].sort())
  expect(await shown(conversationId)).toBe('top_up')
  // One of them is said to be something else meanwhile: that stays.
  const [, other = ''] = chosen
  const text = (await texts('top_up')).find(({ id }) => id === other)?.text as string
  await writeExample(owner, { text, intent: 'lost_phone' })
  expect(await takeBack(owner, { id: undoId })).toEqual({ restored: 2, kept: 1 })
  expect(await idsOf('card_arrival')).toEqual(before.arrival.filter((id) => id !== other))
  expect(await idsOf('top_up')).toEqual(before.topUp)
  expect(await idsOf('lost_phone')).toContain(other)
  expect(await shown(conversationId)).toBe('card_arrival')
})

test('only who trains moves texts, only its own, and only to an intent in use', async () => {
  const { owner, agent } = kit.shop.as
  const ids = (await idsOf('card_arrival')).slice(0, 1)
  expect(await codeOf(moveExamples(agent, { ids, intent: 'top_up' }))).toBe('forbidden')
  expect(await codeOf(moveExamples(kit.rival.as.owner, { ids, intent: 'refund' }))).toBe('not_found')
  expect(await codeOf(moveExamples(owner, { ids, intent: 'nonsense' }))).toBe('invalid_input')
})

test('a merge is taken back: intents, texts, corrections and conversations are what they were; what came since stays', async () => {
  const { owner, agent } = kit.shop.as
  const old = await kit.shop.write('lost_phone: help')
  const corrected = await kit.shop.write('refund: hm')
  await correctLabel(agent, {
    messageId: await messageOf(corrected.conversationId),
    field: 'intent',
    value: 'lost_phone',
  })
  // Something was merged into it before, and follows it there and back.
  const { key: stolen } = await createIntent(owner, { name: 'Stolen phone', description: '' })
  await mergeIntents(owner, { key: stolen, into: 'lost_phone' })
  const before = { phone: await idsOf('lost_phone'), arrival: await idsOf('card_arrival') }
  const { moved, undoId } = await mergeIntents(owner, { key: 'lost_phone', into: 'card_arrival' })
  expect(moved).toBe(before.phone.length)
  expect(await intentNamed('lost_phone')).toMatchObject({ archived: true, mergedInto: 'card_arrival' })
  expect((await intentNamed(stolen))?.mergedInto).toBe('card_arrival')
  expect([await shown(old.conversationId), await shown(corrected.conversationId)]).toEqual([
    'card_arrival',
    'card_arrival',
  ])
  const since = await kit.shop.write('lost_phone: and mine')
  expect(await shown(since.conversationId)).toBe('card_arrival')
  const said = await kit.shop.write('refund: no, a card')
  await correctLabel(agent, { messageId: await messageOf(said.conversationId), field: 'intent', value: 'card_arrival' })
  expect(await takeBack(owner, { id: undoId })).toEqual({ restored: moved, kept: 0 })
  expect(await intentNamed('lost_phone')).toMatchObject({ archived: false, mergedInto: null })
  expect((await intentNamed(stolen))?.mergedInto).toBe('lost_phone')
  expect(await idsOf('lost_phone')).toEqual(before.phone)
  expect(await idsOf('card_arrival')).toEqual([...before.arrival, await messageOf(said.conversationId)].sort())
  const shownNow = [old, corrected, since, said].map(({ conversationId }) => shown(conversationId))
  expect(await Promise.all(shownNow)).toEqual(['lost_phone', 'lost_phone', 'card_arrival', 'card_arrival'])
  expect(await codeOf(takeBack(owner, { id: undoId }))).toBe('not_found')
})

test('an intent that was taken into use again since is not merged and not taken back; a built-in one comes back too', async () => {
  const { owner, admin } = kit.shop.as
  const { undoId } = await mergeIntents(owner, { key: 'lost_phone', into: 'card_arrival' })
  await updateIntent(owner, { key: 'lost_phone', archived: false })
  expect(await codeOf(takeBack(owner, { id: undoId }))).toBe('conflict')
  const builtin = await mergeIntents(owner, { key: 'newsletter', into: 'card_arrival' })
  expect(await codeOf(takeBack(admin, { id: builtin.undoId }))).toBe('not_found')
  await takeBack(owner, { id: builtin.undoId })
  expect(await intentNamed('newsletter')).toMatchObject({ archived: false, mergedInto: null })
})
