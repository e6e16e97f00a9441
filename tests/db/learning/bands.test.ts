/** A version that has answered alone for long and does worse than it did is watched again, and gives way when its predecessor does better. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { importExamples } from '@/lib/flows/change-examples'
import { correctLabel } from '@/lib/flows/correct-label'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning } from '@/lib/flows/read-learning'
import { rollBack } from '@/lib/flows/roll-back'
import { startTraining } from '@/lib/flows/start-training'
import { watchBands } from '@/lib/flows/watch-drift'
import { watchTrials } from '@/lib/flows/watch-trials'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
let first: string
let second: string
beforeAll(async () => {
  kit = await createLearningKit()
  const train = async (intent: string) => {
    await importExamples(kit.shop.as.owner, Buffer.from(linesOf([intent], 110)))
    await startTraining(kit.shop.as.owner)
    await kit.work()
    return (await readLearning(kit.shop.as.owner)).versions[0]?.id as string
  }
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival'], 110)))
  first = await train('top_up')
  await promoteVersion(kit.shop.as.owner, { id: first })
  second = await train('lost_phone')
  await promoteVersion(kit.shop.as.owner, { id: second })
  await kit.shop.write('top_up: the one that is repeated')
})
afterAll(() => kit.close())

const ctxAt = (later: number) => (accountId: string) => ({
  ...makeCtx(kit.services, { kind: 'system' as const, reason: 'test' }, accountId, 'en'),
  now: () => new Date(Date.now() + later),
})
const bands = () => watchBands(kit.services, ctxAt(0))
const trials = (later = 0) => watchTrials(kit.services, ctxAt(later))
const state = async () => readLearning(kit.shop.as.owner)

/** Nothing but so many messages so many days ago, answered by the version in charge, of which people changed some. */
async function past(spans: { daysAgo: number; messages: number; changed: number; ms: number }[]): Promise<void> {
  const { accountId, members } = kit.shop
  await kit.owner.query(`DELETE FROM message WHERE account_id = $1 AND sequence > 900`, [accountId])
  for (const { daysAgo, messages, changed, ms } of spans)
    await kit.owner.query(
      `WITH one AS (SELECT m AS message, p AS prediction FROM message m
         JOIN prediction p ON p.account_id = m.account_id AND p.message_id = m.id WHERE m.account_id = $1 ORDER BY m.id LIMIT 1),
       copy AS (SELECT one.*, n, lpad(to_hex((extract(epoch FROM now()) * 1000 - $2 * 86400000.0)::bigint), 12, '0') AS at
         FROM one, generate_series(1, $3::int) n),
       named AS (SELECT *, (substr(at, 1, 8) || '-' || substr(at, 9) || '-7000-8000-' || lpad(n::text, 12, '0'))::uuid AS id FROM copy),
       written AS (INSERT INTO message SELECT (jsonb_populate_record(message, jsonb_build_object(
         'id', id, 'sequence', 1000 * $2 + n, 'client_id', id))).* FROM named),
       said AS (INSERT INTO prediction SELECT (jsonb_populate_record(prediction, jsonb_build_object(
         'message_id', id, 'latency_ms', $5::float8))).* FROM named)
       INSERT INTO correction (account_id, id, message_id, field, was, now, author_id, created_at)
         SELECT $1, gen_random_uuid(), id, 'intent', 'top_up', 'card_arrival', $6, now() FROM named WHERE n <= $4`,
      [accountId, daysAgo, messages, changed, ms, members.agent],
    )
}
const calm = { daysAgo: 20, messages: 300, changed: 6, ms: 20 }

/** In charge for long: the watch beside its predecessor has ended. */
beforeEach(async () => {
  const { championId } = await state()
  if (championId !== second) await rollBack(kit.shop.as.owner, { id: second, anyway: true })
  await trials(8 * 86_400_000)
  expect((await state()).trial?.ended).not.toBeNull()
})

test('as it was before, or with too few messages to say, it is left alone', async () => {
  await past([calm, { ...calm, daysAgo: 2 }])
  expect(await bands()).toBe(0)
  await past([calm, { daysAgo: 2, messages: 100, changed: 90, ms: 900 }])
  expect(await bands()).toBe(0)
  // Three times as long is nothing while it is short.
  await past([calm, { ...calm, daysAgo: 2, ms: 90 }])
  expect(await bands()).toBe(0)
})

test('people change far more of its labels: its predecessor reads along, and takes over where it was right', async () => {
  await past([calm, { ...calm, daysAgo: 2, changed: 60 }])
  expect(await bands()).toBe(1)
  const { trial } = await state()
  expect(trial).toMatchObject({ versionId: second, rival: { id: first }, share: 100, ended: null })
  const acts = await kit.owner.query(
    `SELECT act FROM audit_entry WHERE account_id = $1 ORDER BY sequence DESC LIMIT 1`,
    [kit.shop.accountId],
  )
  expect(acts.rows).toEqual([{ act: 'model.trial_begun' }])
  // Once it is watched there is nothing more to begin.
  expect(await bands()).toBe(0)
  const digest = (await state()).versions[0]?.bundle.slice(0, 12)
  const { classify } = kit.services.classifier
  kit.services.classifier.classify = async (question, budget) => {
    const answer = await classify(question, budget)
    return answer && answer.modelVersion === digest ? { ...answer, intent: 'card_arrival' } : answer
  }
  for (let at = 0; at < 12; at++) await kit.shop.write(`top_up: ${at}`)
  await trials()
  const { rows } = await kit.owner.query(`SELECT message_id AS id FROM shadow_prediction WHERE trial_id = $1`, [
    trial?.id,
  ])
  for (const { id } of rows) await correctLabel(kit.shop.as.agent, { messageId: id, field: 'intent', value: 'top_up' })
  await trials()
  kit.services.classifier.classify = classify
  const after = await state()
  expect(after).toMatchObject({ championId: first, trial: { id: trial?.id, ended: 'worse' } })
  expect(after.deployments[0]).toMatchObject({ number: 1, because: 'rolled_back', authorId: null })
})

test('it became far slower: it gives way where its predecessor is fast, and not on a machine where both are slow', async () => {
  await past([calm, { ...calm, daysAgo: 2, ms: 400 }])
  expect(await bands()).toBe(1)
  const { trial } = await state()
  for (let at = 0; at < 100; at++) await kit.shop.write(`top_up: ${at} more`)
  const slow = (table: string, ms: number) =>
    kit.owner.query(
      `UPDATE ${table} SET latency_ms = $2 WHERE message_id IN (SELECT message_id FROM shadow_prediction WHERE trial_id = $1)`,
      [trial?.id, ms],
    )
  await trials()
  await trials()
  await slow('prediction', 400)
  await slow('shadow_prediction', 390)
  await trials()
  expect(await state()).toMatchObject({ championId: second, trial: { ended: null, figures: { both: 100 } } })
  await slow('shadow_prediction', 20)
  await trials()
  expect(await state()).toMatchObject({ championId: first, trial: { ended: 'slow' } })
})
