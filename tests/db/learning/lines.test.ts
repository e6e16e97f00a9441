/** How sure the model must be, saved for many intents at once: routing and the review go by it, the log keeps it, and it is taken back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lines } from '@/lib/core/learning'
import { abstainBelow } from '@/lib/features/routing/rules'
import { setThresholds } from '@/lib/flows/change-intents'
import { readAudit } from '@/lib/flows/read-audit'
import { readIntents } from '@/lib/flows/read-intents'
import { readReview } from '@/lib/flows/review-messages'
import { codeOf, label } from '../settings/kit'
import { createLearningKit, type LearningKit } from './kit'

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
