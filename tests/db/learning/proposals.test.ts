/** Messages that no intent covers are proposed as a new one, become its texts, and are not proposed again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIntent, updateIntent } from '@/lib/flows/change-intents'
import { intentOfMessages } from '@/lib/flows/label-messages'
import { readIntents } from '@/lib/flows/read-intents'
import { discardReview, restoreReview } from '@/lib/flows/review-messages'
import { takeBack } from '@/lib/flows/take-back'
import { codeOf, label } from '../settings/kit'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  kit.services.classifier.classify = async ({ text }) => label({ inScope: !/park|crickets|gift/i.test(text) })
})
afterAll(() => kit.close())

const proposals = async () => (await kit.health(kit.shop.as.owner)).proposals

test('five messages of two people about one thing are a proposal; fewer, and those of one person, are none', async () => {
  const { shop } = kit
  const parking = ['where can I park my car', 'is there a place to park my car', 'can I park a car at the shop']
  for (const text of [...parking, 'I want my money back', 'do crickets sleep at night']) await shop.write(text)
  expect(await proposals()).toEqual([])
  await shop.write('WHERE can I park my car')
  await shop.write('park my car here?')
  const [alone] = [await shop.write('gift wrapping please')]
  for (const text of ['gift wrapping?', 'gift wrapping for two', 'nice gift wrapping', 'gift wrapping now'])
    await shop.write(text, alone.from)

  const [proposal, ...others] = await proposals()
  expect(others).toEqual([])
  expect(proposal).toMatchObject({ people: 5, words: expect.arrayContaining(['park', 'car']) })
  // Two read the same: shown once, counted twice.
  expect(proposal?.texts).toHaveLength(4)
  const messageIds = proposal?.messageIds ?? []
  expect(new Set(messageIds).size).toBe(5)

  await discardReview(shop.as.agent, { messageIds })
  expect(await proposals()).toEqual([])
  await restoreReview(shop.as.agent, { messageIds })
  expect(await proposals()).toHaveLength(1)

  const parkingLot = { name: 'Parking', description: '', messageIds }
  expect(await codeOf(intentOfMessages(shop.as.agent, parkingLot))).toBe('forbidden')
  expect(await codeOf(intentOfMessages(kit.rival.as.owner, parkingLot))).toBe('not_found')
  expect((await readIntents(kit.rival.as.owner)).intents.find(({ name }) => name === 'Parking')).toBeUndefined()
  const { key, labelled, undoId } = await intentOfMessages(shop.as.owner, parkingLot)
  expect(labelled).toBe(5)
  expect(await proposals()).toEqual([])
  expect(await takeBack(shop.as.owner, { id: undoId as string })).toEqual({ restored: 5, kept: 0 })
  expect(await proposals()).toHaveLength(1)
  expect((await readIntents(shop.as.owner)).intents.find((one) => one.key === key)).toMatchObject({ archived: true })
  // Made once more: the same one comes back.
  expect(await intentOfMessages(shop.as.owner, parkingLot)).toMatchObject({ key, labelled: 5 })
  await updateIntent(shop.as.owner, { key, archived: true })
  expect(await createIntent(shop.as.owner, { name: 'parking', description: '' })).toEqual({ key })
  expect(await codeOf(createIntent(shop.as.owner, { name: 'Parking', description: '' }))).toBe('name_taken')
  const { intents } = await readIntents(shop.as.owner)
  expect(intents.find((intent) => intent.key === key)).toMatchObject({ texts: 5, archived: false })
  expect((await kit.health(kit.rival.as.owner)).proposals).toEqual([])
})

test('the names of intents in use that come with the product are taken, in both languages, until these are put aside', async () => {
  const { owner } = kit.rival.as
  for (const name of ['Refund', 'refund status', '退款'])
    expect(await codeOf(createIntent(owner, { name, description: '' }))).toBe('name_taken')
  await updateIntent(owner, { key: 'refund', archived: true })
  const { key } = await createIntent(owner, { name: 'Refund', description: '' })
  expect(key).not.toBe('refund')
  // Back in use, it is still its own name that it has.
  await updateIntent(owner, { key: 'refund', archived: false, name: 'Money back' })
  expect(await codeOf(createIntent(owner, { name: 'money back', description: '' }))).toBe('name_taken')
})
