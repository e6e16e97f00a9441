/** Drift as an account sees it: from what its model said in two spans of time, and one mail when it has shifted. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { createIntent, mergeIntents, updateIntent } from '@/lib/flows/change-intents'
import { correctLabel } from '@/lib/flows/correct-label'
import { readDrift, watchDrift } from '@/lib/flows/watch-drift'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

const watch = () =>
  watchDrift(kit.services, (accountId) => makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en'))
const mails = async () =>
  (await kit.owner.query(`SELECT "to" FROM mail WHERE subject LIKE '%no longer%'`)).rows.map(({ to }) => to)

/** Repeats the account's first labelled message, so many days ago, as said to be about `intent`. */
async function repeat(count: number, daysAgo: number, intent: string, inScope = true): Promise<void> {
  await kit.owner.query(
    `WITH one AS (SELECT m AS message, p AS prediction FROM message m
       JOIN prediction p ON p.account_id = m.account_id AND p.message_id = m.id WHERE m.account_id = $1 ORDER BY m.id LIMIT 1),
     copy AS (SELECT one.*, n, lpad(to_hex((extract(epoch FROM now()) * 1000 - $3 * 86400000.0)::bigint), 12, '0') AS ms
       FROM one, generate_series(1, $2::int) n),
     named AS (SELECT *, (substr(ms, 1, 8) || '-' || substr(ms, 9) || '-7000-8000-' || lpad(n::text, 12, '0'))::uuid AS id FROM copy),
     written AS (INSERT INTO message SELECT (jsonb_populate_record(message, jsonb_build_object(
       'id', id, 'sequence', 1000 * $3 + n, 'client_id', id))).* FROM named)
     INSERT INTO prediction SELECT (jsonb_populate_record(prediction, jsonb_build_object(
       'message_id', id, 'intent', $4::text, 'in_scope', $5::bool))).* FROM named`,
    [kit.shop.accountId, count, daysAgo, intent, inScope],
  )
}

test('messages of another kind than before are seen, and mailed to the owners once', async () => {
  const { as } = kit.shop
  expect(await codeOf(readDrift(as.agent))).toBe('forbidden')
  await kit.shop.write('hello: first')
  expect(await watch()).toBe(0)
  await repeat(300, 20, 'refund')
  await repeat(250, 2, 'refund')
  expect(await readDrift(as.owner)).toMatchObject({
    recent: 251,
    before: 300,
    enough: true,
    levels: { labels: 'steady' },
  })
  expect(await watch()).toBe(0)
  expect(await mails()).toEqual([])

  await repeat(250, 3, 'invoice')
  const drift = await readDrift(as.owner)
  expect(drift).toMatchObject({ recent: 501, levels: { labels: 'shifted', corrections: 'steady' } })
  expect(drift.psi).toBeGreaterThan(0.25)
  expect(await watch()).toBe(1)
  expect(await watch()).toBe(1)
  expect(await mails()).toEqual(['owner@shop.example'])
  expect(await readDrift(kit.rival.as.owner)).toMatchObject({ recent: 0, before: 0, enough: false })
})

test('a word that changes a label counts, one that confirms it or was taken back does not; what is older than both spans neither', async () => {
  const { as } = kit.shop
  const { rows } = await kit.owner.query(
    `SELECT message_id AS id, intent FROM prediction ORDER BY message_id DESC LIMIT 2`,
  )
  const [one, other] = rows as { id: string; intent: string }[]
  await correctLabel(as.agent, { messageId: one?.id as string, field: 'intent', value: 'greeting' })
  await correctLabel(as.agent, { messageId: other?.id as string, field: 'intent', value: other?.intent as string })
  await repeat(10, 40, 'refund')
  const { corrections, before, outOfScope, confidence } = await readDrift(as.owner)
  expect(corrections).toEqual({ recent: 1 / 501, before: 0 })
  expect(before).toBe(300)
  expect(outOfScope).toEqual({ recent: 0, before: 0 })
  expect(confidence.recent).toBeCloseTo(0.9, 5)
  expect((await readDrift(as.owner)).latency).toEqual({ p50: 1, p99: 1 })
  expect((await readDrift(kit.rival.as.owner)).latency).toBeNull()
})

test('an intent that is merged or put aside is no drift: messages were the same', async () => {
  const { as } = kit.shop
  await kit.owner.query(`DELETE FROM message WHERE sequence > 900`)
  const { key } = await createIntent(as.owner, { name: 'Late parcel', description: '' })
  await repeat(300, 20, key)
  await repeat(300, 19, 'refund')
  // What the model goes on saying, and what it says by its new name, with people's words that confirm it.
  await repeat(150, 3, 'refund')
  await repeat(75, 2, key)
  const { rows } = await kit.owner.query(
    'SELECT message_id AS id FROM prediction WHERE intent = $1 ORDER BY message_id DESC LIMIT 40',
    [key],
  )
  for (const { id } of rows.slice(0, 30)) await correctLabel(as.agent, { messageId: id, field: 'intent', value: key })
  await mergeIntents(as.owner, { key, into: 'order_status' })
  await repeat(75, 4, 'order_status')
  const merged = await readDrift(as.owner)
  expect(merged.psi).toBeLessThan(0.01)
  // One of the tests before.
  expect(merged.corrections.recent).toBeLessThan(0.005)
  expect(merged.levels).toEqual({ labels: 'steady', outOfScope: 'steady', confidence: 'steady', corrections: 'steady' })

  await updateIntent(as.owner, { key: 'refund', archived: true })
  await repeat(300, 5, 'refund', false)
  await repeat(300, 6, 'order_status')
  expect(await readDrift(as.owner)).toMatchObject({
    outOfScope: { recent: 0, before: 0 },
    levels: { outOfScope: 'steady' },
  })
  // The control: what is in use and not known any more is drift.
  await updateIntent(as.owner, { key: 'refund', archived: false })
  expect((await readDrift(as.owner)).levels.outOfScope).toBe('shifted')
})
