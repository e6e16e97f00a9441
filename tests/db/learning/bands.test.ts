/** A version that has answered alone for long and does worse than it did is watched again, and gives way when its predecessor does better. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { importExamples } from '@/lib/flows/change-examples'
import { correctLabel } from '@/lib/flows/correct-label'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning } from '@/lib/flows/read-learning'
import { rollBack } from '@/lib/flows/roll-back'
import { startTraining } from '@/lib/flows/start-training'
import { stopTrial, tryVersion } from '@/lib/flows/try-version'
import { watchBands } from '@/lib/flows/watch-drift'
import { watchTrials } from '@/lib/flows/watch-trials'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
let first: string
let second: string
beforeAll(async () => {
  kit = await createLearningKit()
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

async function train(intent: string): Promise<string> {
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf([intent], 110)))
  await startTraining(kit.shop.as.owner)
  await kit.work()
  return (await state()).versions[0]?.id as string
}

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

test('that another version is tried, even silently, keeps nobody with one that does worse', async () => {
  const { as } = kit.shop
  const third = await train('card_swallowed')
  await rollBack(as.owner, { id: first })
  await promoteVersion(as.owner, { id: second })
  await tryVersion(as.owner, { id: third, share: 0 })
  // The watch of the promotion goes on beside what is tried.
  expect(await state()).toMatchObject({
    trial: { versionId: third, rival: { id: second }, share: 0, ended: null },
    watch: { versionId: second, rival: { id: first }, share: 100 },
  })
  await stopTrial(as.owner)
  expect(await codeOf(stopTrial(as.owner))).toBe('not_found')
  // How it ended is told while the watch goes on.
  expect(await state()).toMatchObject({
    trial: { versionId: third, ended: 'stopped' },
    watch: { versionId: second, ended: null },
  })

  // When it is over, and the version in charge leaves its band, it begins again.
  await tryVersion(as.owner, { id: third, share: 0 })
  await trials(8 * 86_400_000)
  expect((await state()).watch).toBeNull()
  await past([calm, { ...calm, daysAgo: 2, changed: 60 }])
  expect(await bands()).toBe(1)
  const { trial, watch } = await state()
  expect(trial).toMatchObject({ versionId: third, share: 0, ended: null })
  for (let at = 0; at < 12; at++) await kit.shop.write(`top_up: ${at} while another is tried`)
  // Read by both: by what is tried, and by the predecessor.
  expect(await trials()).toBe(24)
  await kit.owner.query(`UPDATE shadow_prediction SET intent = 'card_arrival' WHERE trial_id = $1`, [watch?.id])
  const { rows } = await kit.owner.query(`SELECT message_id AS id FROM shadow_prediction WHERE trial_id = $1`, [
    watch?.id,
  ])
  for (const { id } of rows) await correctLabel(as.agent, { messageId: id, field: 'intent', value: 'card_arrival' })
  await trials()
  const after = await state()
  expect(after).toMatchObject({ championId: first, watch: { id: watch?.id, ended: 'worse' } })
  expect(after.deployments[0]).toMatchObject({ number: 1, because: 'rolled_back', authorId: null })
  // What was tried beside the one that gave way ended with it.
  const ends = await kit.owner.query(`SELECT id, ended FROM model_trial WHERE id = ANY($1)`, [[trial?.id, watch?.id]])
  expect(new Map(ends.rows.map(({ id, ended }) => [id, ended]))).toEqual(
    new Map([
      [trial?.id, 'stopped'],
      [watch?.id, 'worse'],
    ]),
  )
})

test('what a tried version answered is no word of the one in charge, nor of the model that comes along', async () => {
  const { as } = kit.shop
  await rollBack(as.owner, { id: null })
  await promoteVersion(as.owner, { id: first })
  await tryVersion(as.owner, { id: second, share: 50, unjudged: true })
  const { trial, watch } = await state()
  expect(watch).toMatchObject({ versionId: first, rival: null })
  for (let at = 0; at < 30; at++) await kit.shop.write(`top_up: ${at} of many`)
  await trials()
  const read = async (id = '') =>
    (await kit.owner.query(`SELECT tried FROM shadow_prediction WHERE trial_id = $1`, [id])).rows.map(
      ({ tried }) => tried,
    )
  const both = await read(trial?.id)
  expect(both).toHaveLength(30)
  const byChampion = both.filter(Boolean)
  expect(byChampion.length).toBeLessThan(30)
  // Only those that the one in charge answered, each read by the model that comes along.
  expect(await read(watch?.id)).toEqual(byChampion.map(() => false))
  await stopTrial(as.owner)
})

test('a watch that has compared all that it compares gives its place to a new one', async () => {
  await past([calm, { ...calm, daysAgo: 2, changed: 60 }])
  expect(await bands()).toBe(1)
  const before = (await state()).watch
  await kit.owner.query(
    `INSERT INTO shadow_prediction (account_id, trial_id, message_id, tried, intent, in_scope, latency_ms, created_at)
     SELECT account_id, $1, message_id, false, intent, in_scope, 20, now() FROM prediction WHERE account_id = $2`,
    [before?.id, kit.shop.accountId],
  )
  expect(await bands()).toBe(0)
  await past([
    { ...calm, messages: 1_700 },
    { ...calm, daysAgo: 2, messages: 400, changed: 80 },
  ])
  await kit.owner.query(
    `INSERT INTO shadow_prediction (account_id, trial_id, message_id, tried, intent, in_scope, latency_ms, created_at)
     SELECT account_id, $1, message_id, false, intent, in_scope, 20, now() FROM prediction WHERE account_id = $2
     ON CONFLICT DO NOTHING`,
    [before?.id, kit.shop.accountId],
  )
  expect((await state()).watch?.figures.both).toBeGreaterThanOrEqual(2_000)
  expect(await bands()).toBe(1)
  const { watch } = await state()
  expect(watch).toMatchObject({ versionId: second, share: 100, ended: null, figures: { both: 0 } })
  expect(watch?.id).not.toBe(before?.id)
  expect(await bands()).toBe(0)
})

test('it became far slower: it gives way where its predecessor is fast, and not on a machine where both are slow', async () => {
  await past([calm, { ...calm, daysAgo: 2, ms: 400 }])
  expect(await bands()).toBe(1)
  const { watch } = await state()
  for (let at = 0; at < 100; at++) await kit.shop.write(`top_up: ${at} more`)
  const slow = (table: string, ms: number) =>
    kit.owner.query(
      `UPDATE ${table} SET latency_ms = $2 WHERE message_id IN (SELECT message_id FROM shadow_prediction WHERE trial_id = $1)`,
      [watch?.id, ms],
    )
  await trials()
  await trials()
  await slow('prediction', 400)
  await slow('shadow_prediction', 390)
  await trials()
  expect(await state()).toMatchObject({ championId: second, watch: { ended: null, figures: { both: 100 } } })
  await slow('shadow_prediction', 20)
  await trials()
  expect(await state()).toMatchObject({ championId: first, watch: { ended: 'slow' } })
})
