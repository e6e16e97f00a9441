/** How sure the model must be, saved for many intents at once: routing and the review go by it, the log keeps it, and it is taken back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lines } from '@/lib/core/learning'
import { abstainBelow } from '@/lib/features/routing/rules'
import { importExamples } from '@/lib/flows/change-examples'
import { setThresholds } from '@/lib/flows/change-intents'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readAudit } from '@/lib/flows/read-audit'
import { readIntents } from '@/lib/flows/read-intents'
import { readLearning } from '@/lib/flows/read-learning'
import { readReview } from '@/lib/flows/review-messages'
import { startTraining } from '@/lib/flows/start-training'
import { codeOf, label } from '../settings/kit'
import { createLearningKit, linesOf as exampleLines, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  kit.services.classifier.classify = async ({ text }) =>
    label({ intent: text.split(' ')[0] ?? '', intentProbability: 0.92, inScope: !text.includes('far') })
})
afterAll(() => kit.close())

/** What became of a message: where it went and why, and what was stored of the model's word. */
const became = async (text: string) => {
  const { conversationId } = await kit.shop.write(text)
  const { rows } = await kit.owner.query(
    `SELECT k.route->>'because' AS because, k.needs_person AS person, p.in_scope AS inside FROM conversation k
      JOIN message m ON m.account_id = k.account_id AND m.conversation_id = k.id
      JOIN prediction p ON p.account_id = k.account_id AND p.message_id = m.id WHERE k.id = $1`,
    [conversationId],
  )
  return rows[0]
}
const linesOf = async () =>
  (await readIntents(kit.shop.as.viewer)).intents.flatMap(({ key, threshold }) => (threshold ? [[key, threshold]] : []))

test('lines saved together hold from the next message on, are in the log, and are taken back together', async () => {
  const { owner } = kit.shop.as
  expect(abstainBelow).toBeLessThan(0.92)
  expect(await became('refund please')).toEqual({ because: 'default', person: false, inside: true })
  expect((await readReview(owner)).items).toEqual([])
  await setThresholds(owner, { thresholds: [{ key: 'invoice', threshold: 0.6 }] })
  const { before } = await setThresholds(owner, {
    thresholds: [
      { key: 'refund', threshold: 0.95 },
      { key: 'invoice', threshold: 0.95 },
    ],
  })
  expect(await linesOf()).toEqual(
    expect.arrayContaining([
      ['refund', 0.95],
      ['invoice', 0.95],
    ]),
  )
  // A person decides, and yet it is no message that no intent covers: nothing drifts, and no intent is missing.
  expect(await became('refund now')).toEqual({ because: 'abstained', person: true, inside: true })
  expect(await became('complaint now')).toEqual({ because: 'default', person: false, inside: true })
  expect(await became('refund far away')).toEqual({ because: 'abstained', person: true, inside: false })
  const asked = async () =>
    (await readReview(owner)).items.flatMap(({ texts, reason }) => texts.map(({ text }) => [text, reason])).sort()
  expect(await asked()).toEqual([
    ['refund far away', 'abstained'],
    ['refund now', 'uncertain'],
    ['refund please', 'uncertain'],
  ])
  const { entries } = await readAudit(owner, { act: 'intent.thresholds' } as never)
  expect(entries.map(({ thing, facts }) => [thing, facts.intents, facts.threshold])).toEqual([
    [null, 2, 0.95],
    ['Invoice', 1, 0.6],
  ])

  expect(before).toEqual([
    { key: 'refund', threshold: null },
    { key: 'invoice', threshold: 0.6 },
  ])
  // The most that can be asked for.
  await setThresholds(owner, { thresholds: [{ key: 'refund', threshold: lines.most }] })
  await setThresholds(owner, { thresholds: before })
  expect(await linesOf()).toEqual([['invoice', 0.6]])
  expect(await became('refund again')).toEqual({ because: 'default', person: false, inside: true })
})

test('only who trains may, and one intent that is not there keeps all as they were', async () => {
  const { as } = kit.shop
  const before = await linesOf()
  const thresholds = [
    { key: 'refund', threshold: 0.9 },
    { key: 'no_such_thing', threshold: 0.9 },
  ]
  expect(await codeOf(setThresholds(as.owner, { thresholds }))).toBe('not_found')
  expect(await codeOf(setThresholds(as.agent, { thresholds: thresholds.slice(0, 1) }))).toBe('forbidden')
  expect(await linesOf()).toEqual(before)
  const { intents } = await readIntents(kit.rival.as.owner)
  expect(intents.filter(({ threshold }) => threshold !== null)).toEqual([])
})

test('what the version in charge dares to label follows the lines of now, and what routing leaves to people', async () => {
  const { as } = kit.rival
  await importExamples(as.owner, Buffer.from(exampleLines(['card_arrival', 'top_up'], 110)))
  let asked = 0
  // A quarter is below what routing asks of any intent, though none is outside what the model knows.
  kit.services.classifier.classify = async ({ text, bundle }) =>
    label({
      modelVersion: bundle.split('.')[1]?.slice(0, 12) ?? 'base',
      intent: text.split(':')[0] ?? '',
      intentProbability: asked++ % 4 === 0 ? 0.4 : text.startsWith('top_up') ? 0.7 : 0.9,
    })
  await startTraining(as.owner)
  await kit.work()
  const { versions } = await readLearning(as.owner)
  const { id, report } = versions[0] as (typeof versions)[number]
  const few = 1 / (report?.candidate.texts ?? 1)
  expect(Math.abs((report?.candidate.unsure ?? 0) - 0.25)).toBeLessThan(few)
  await promoteVersion(as.owner, { id })
  expect((await readLearning(as.owner)).dares).toEqual({ unsure: report?.candidate.unsure, accuracyWhenSure: 1 })
  const { before } = await setThresholds(as.owner, { thresholds: [{ key: 'top_up', threshold: 0.7 }] })
  expect((await readLearning(as.owner)).dares?.unsure).toBeCloseTo(report?.candidate.unsure ?? 0)
  await setThresholds(as.owner, { thresholds: [{ key: 'top_up', threshold: 0.71 }] })
  const dares = (await readLearning(as.owner)).dares
  expect(dares?.unsure).toBeGreaterThan(0.45)
  await setThresholds(as.owner, { thresholds: before })
  expect((await readLearning(as.owner)).dares?.unsure).toBeCloseTo(report?.candidate.unsure ?? 0)
})
