/** A label that a person stands by is not doubted again, until it changes or the person takes it back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples, writeExample } from '@/lib/flows/change-examples'
import { compareVersion, readHeldOut } from '@/lib/flows/compare-version'
import { explainLabel } from '@/lib/flows/explain-label'
import { doubtLabel, keepLabel } from '@/lib/flows/keep-label'
import { readLearning } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 60)))
  await startTraining(kit.shop.as.owner)
  await kit.work()
})
afterAll(() => kit.close())

test('kept, taken back, kept again, and labelled anew', async () => {
  const { as } = kit.shop
  const doubts = async () => (await kit.health(as.owner)).doubts
  const [doubt] = await doubts()
  const { id = '', intent = '', text = '' } = doubt ?? {}
  await keepLabel(as.admin, { id, intent })
  expect(await doubts()).toEqual([])
  await doubtLabel(as.admin, { id })
  expect(await doubts()).toMatchObject([{ id }])
  await keepLabel(as.admin, { id, intent })
  await keepLabel(as.owner, { id, intent })
  // Another model doubts it as well: it still stands.
  await startTraining(as.owner, { seed: 2 })
  await kit.work()
  expect(await doubts()).toEqual([])
  // What was stood by was that label, not any other.
  const other = intent === 'top_up' ? 'card_arrival' : 'top_up'
  await writeExample(as.owner, { text, intent: other })
  await startTraining(as.owner)
  await kit.work()
  expect((await doubts()).map((one) => one.intent)).toEqual([other])
})

test('only who trains may, and only for what is there and its own', async () => {
  const { as } = kit.shop
  const [doubt] = (await kit.health(as.owner)).doubts
  const label = { id: doubt?.id as string, intent: doubt?.intent as string }
  expect(await codeOf(keepLabel(as.agent, label))).toBe('forbidden')
  expect(await codeOf(keepLabel(kit.rival.as.owner, label))).toBe('not_found')
  await doubtLabel(kit.rival.as.owner, { id: label.id })
})

test('any two versions are compared on the same texts, and an explanation brings the labelled texts most like it', async () => {
  const { as } = kit.shop
  const [newest, oldest] = (await readLearning(as.owner)).versions
  const against = async (beside?: string) =>
    (await compareVersion(as.owner, { id: newest?.id as string, beside })).texts
  expect((await against('base')).every(({ other }) => other.intent === 'complaint')).toBe(true)
  // Nothing is in charge but the model that comes along.
  expect((await against()).every(({ other }) => other.intent === 'complaint')).toBe(true)
  const both = await against(oldest?.id)
  expect(both.length).toBeGreaterThan(10)
  expect(both.every(({ version, other }) => version.intent === other.intent)).toBe(true)
  expect(await codeOf(against('01a218df-4859-74d8-965c-aa666b1252ac'))).toBe('not_found')

  kit.services.classifier.explain = async ({ bundle }) => ({
    modelVersion: bundle.split('.')[1]?.slice(0, 12) ?? bundle,
    ranked: [],
    label: 'top_up',
    against: 'card_arrival',
    score: 1,
    start: 0,
    together: 0,
    words: [],
  })
  // What it learned itself, not what was held out there or came later.
  const rows = kit.tasks.at(-1)?.rows ?? []
  const held = (await readHeldOut(as.owner, { id: newest?.id as string, ids: both.slice(0, 30).map(({ id }) => id) }))
    .texts
  await writeExample(as.owner, { text: 'please charge my travel card again', intent: 'top_up' })
  const nearTo = async (text: string, versionId?: string) =>
    (await explainLabel(as.viewer, { field: 'intent', text, versionId })).near
  const learned = rows[0] as { text: string; label: string }
  expect((await nearTo(learned.text, newest?.id))[0]).toMatchObject({ text: learned.text, intent: learned.label })
  expect((await nearTo(learned.text, newest?.id))[0]?.likeness).toBeGreaterThan(0.9)
  expect(held.length).toBeGreaterThan(5)
  const shown = await Promise.all(held.slice(0, 5).map(({ text }) => nearTo(text, newest?.id)))
  expect(shown.flat().filter(({ text }) => held.some((one) => one.text === text))).toEqual([])
  expect((await nearTo('please charge my travel card again', newest?.id)).map(({ text }) => text)).not.toContain(
    'please charge my travel card again',
  )
  // The model that comes along has learned none of the account's texts.
  expect(await nearTo(learned.text)).toEqual([])
  expect((await explainLabel(as.viewer, { field: 'sentiment', text: 'charge my travel card' })).near).toEqual([])
  // By the model in charge, or by the version that is looked at.
  const asked = { field: 'sentiment', text: 'charge my travel card' } as const
  expect((await explainLabel(as.viewer, asked)).modelVersion).toBe('base')
  const by = await explainLabel(as.viewer, { ...asked, versionId: newest?.id })
  expect(by.modelVersion).toBe(newest?.bundle.slice(0, 12))
  expect(await codeOf(explainLabel(kit.rival.as.owner, { ...asked, versionId: newest?.id }))).toBe('not_found')
})
