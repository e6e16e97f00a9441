/** A version beside the one in charge: silent, for some contacts, watched in charge; and out again when people's word is against it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { laneOf } from '@/lib/features/learning/trial-rules'
import { addNote } from '@/lib/flows/add-note'
import { bulkUpdate } from '@/lib/flows/bulk-update'
import { importExamples, removeExample, writeCase } from '@/lib/flows/change-examples'
import { createIntent, mergeIntents } from '@/lib/flows/change-intents'
import { correctLabel } from '@/lib/flows/correct-label'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning } from '@/lib/flows/read-learning'
import { reply } from '@/lib/flows/reply'
import { readReview } from '@/lib/flows/review-messages'
import { rollBack } from '@/lib/flows/roll-back'
import { startTraining } from '@/lib/flows/start-training'
import { stopTrial, tryVersion } from '@/lib/flows/try-version'
import { watchTrials } from '@/lib/flows/watch-trials'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
let version: { id: string; bundle: string }
beforeAll(async () => {
  kit = await createLearningKit()
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 110)))
  await startTraining(kit.shop.as.owner)
  await kit.work()
  version = (await readLearning(kit.shop.as.owner)).versions[0] as typeof version
})
afterAll(() => kit.close())

const watch = (later = 0) =>
  watchTrials(kit.services, (accountId) => ({
    ...makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en'),
    now: () => new Date(Date.now() + later),
  }))
const trialNow = async () => (await readLearning(kit.shop.as.owner)).trial
const writeMany = async (count: number) => {
  for (let at = 0; at < count; at++) await kit.shop.write(`card_arrival: where is it, ${at}?`)
}
/** Messages since the trial began, and which model's label was shown. */
const shown = async (trialId: string) => {
  const { rows } = await kit.owner.query(
    `SELECT m.id, m.contact_id AS contact, p.intent, p.model_version AS model FROM message m
     JOIN prediction p ON p.account_id = m.account_id AND p.message_id = m.id
     JOIN model_trial t ON t.account_id = m.account_id AND t.id = $1 AND m.created_at >= t.created_at ORDER BY m.id`,
    [trialId],
  )
  return rows as { id: string; contact: string; intent: string; model: string }[]
}
const mails = async () =>
  (await kit.owner.query(`SELECT count(*)::int AS count FROM mail WHERE subject LIKE '%gave way%'`)).rows[0].count

test('silently, a version reads everything and nobody sees what it says', async () => {
  const { as } = kit.shop
  expect(await codeOf(tryVersion(as.agent, { id: version.id, share: 0 }))).toBe('forbidden')
  expect(await codeOf(tryVersion(kit.rival.as.owner, { id: version.id, share: 0 }))).toBe('not_found')
  expect(await codeOf(stopTrial(as.owner))).toBe('not_found')
  await kit.shop.write('card_arrival: before the trial')
  await tryVersion(as.admin, { id: version.id, share: 0 })
  await writeMany(3)
  const trial = await trialNow()
  const messages = await shown(trial?.id as string)
  expect(messages.map(({ intent, model }) => [intent, model])).toEqual(Array(3).fill(['complaint', 'base']))
  expect(await watch()).toBe(3)
  expect(await watch()).toBe(0)
  // Where both disagree a label teaches most: however sure one is, it is asked about first.
  const asked = (await readReview(as.agent)).items
  expect(asked.map(({ reason, said, other }) => [reason, said?.intent, other])).toEqual([
    ['disagreed', 'complaint', 'card_arrival'],
  ])
  expect(asked[0]?.texts).toHaveLength(3)
  await correctLabel(as.agent, { messageId: messages[0]?.id as string, field: 'intent', value: 'card_arrival' })
  expect((await trialNow())?.figures).toMatchObject({
    both: 3,
    agreed: 0,
    judged: 1,
    rightTried: 1,
    rightRival: 0,
    seenTried: 0,
    seenRival: 1,
    correctedRival: 1,
    won: 1,
    lost: 0,
  })
  expect((await readLearning(kit.rival.as.owner)).trial).toBeNull()
})

test('an intent that is merged meanwhile makes nobody wrong who was right', async () => {
  const { as } = kit.shop
  const before = (await trialNow())?.figures
  const { key } = await createIntent(as.owner, { name: 'Card on its way', description: '' })
  await mergeIntents(as.owner, { key: 'card_arrival', into: key })
  expect((await trialNow())?.figures).toEqual(before)
  // Nor does the review offer what nobody can choose any more.
  const asked = async () =>
    (await readReview(as.agent)).items.map(({ reason, said, other }) => [reason, said?.intent, other])
  expect(await asked()).toEqual([['disagreed', 'complaint', key]])
  const { id } = (await shown((await trialNow())?.id as string))[1] as { id: string }
  await kit.owner.query(`UPDATE prediction SET intent = $2 WHERE message_id = $1`, [id, key])
  const { items } = await readReview(as.agent, { intent: key })
  // Both say one intent, under its old and its new name; how sure the model is of it may still be asked about.
  expect(items.filter(({ reason }) => reason === 'disagreed')).toEqual([])
  await kit.owner.query(`UPDATE prediction SET intent = 'card_arrival' WHERE message_id = $1`, [id])
  await kit.owner.query(`UPDATE shadow_prediction SET intent = 'complaint' WHERE message_id = $1`, [id])
  expect(await asked()).toContainEqual(['disagreed', key, 'complaint'])
  await kit.owner.query(`UPDATE prediction SET intent = 'complaint' WHERE message_id = $1`, [id])
  await kit.owner.query(`UPDATE shadow_prediction SET intent = 'card_arrival' WHERE message_id = $1`, [id])
  await kit.owner.query(`UPDATE intent SET merged_into = NULL, archived_at = NULL WHERE key = 'card_arrival'`)
  await kit.owner.query(`UPDATE correction SET now = 'card_arrival' WHERE now = $1`, [key])
  await kit.owner.query(`UPDATE example SET intent = 'card_arrival' WHERE intent = $1`, [key])
  await kit.owner.query(`UPDATE conversation SET intent = 'card_arrival' WHERE intent = $1`, [key])
})

test('nobody is answered by a version that does not pass the comparison', async () => {
  const { as } = kit.shop
  const { id } = await writeCase(as.owner, { text: 'card_arrival: said otherwise', intent: 'top_up' })
  expect(await codeOf(tryVersion(as.owner, { id: version.id, share: 5 }))).toBe('cases_fail')
  await tryVersion(as.owner, { id: version.id, share: 0 })
  await removeExample(as.owner, { id })
})

test('for a share of the contacts it answers, always the same ones, and ends when people change its labels far more', async () => {
  const { as } = kit.shop
  const before = (await trialNow())?.id as string
  await tryVersion(as.owner, { id: version.id, share: 50 })
  const trial = (await trialNow())?.id as string
  expect(trial).toBe(before)
  const first = await kit.shop.write('card_arrival: one more')
  await kit.shop.write('card_arrival: and one', first.from)
  await writeMany(30)
  const messages = (await shown(trial)).slice(3)
  const mine = version.bundle.slice(0, 12)
  for (const { contact, model, intent } of messages) {
    const tried = laneOf(trial, contact) < 50
    expect([model, intent]).toEqual(tried ? [mine, 'card_arrival'] : ['base', 'complaint'])
  }
  const answered = messages.filter(({ model }) => model === mine)
  expect(answered.length).toBeGreaterThan(5)
  expect(answered.length).toBeLessThan(27)

  expect(await watch()).toBe(32)
  expect(await trialNow()).toMatchObject({ ended: null, figures: { both: 35, agreed: 0 } })
  for (const { id, model } of messages)
    await correctLabel(as.agent, { messageId: id, field: 'intent', value: model === mine ? 'top_up' : 'complaint' })
  await watch()
  expect(await trialNow()).toMatchObject({ id: trial, ended: 'worse' })
  expect((await readLearning(as.owner)).deployments).toEqual([])
  await kit.shop.write('card_arrival: afterwards')
  expect((await shown(trial)).at(-1)?.model).toBe('base')
  expect(await mails()).toBe(1)
})

test('put in charge, it is watched beside its predecessor, and gives way by itself when that was right', async () => {
  const { as } = kit.shop
  await promoteVersion(as.owner, { id: version.id })
  const trial = (await trialNow())?.id as string
  // A second press changes nothing: the watch goes on beside the real predecessor.
  await promoteVersion(as.owner, { id: version.id })
  expect((await readLearning(as.owner)).deployments).toHaveLength(1)
  expect(await trialNow()).toMatchObject({ share: 100, ended: null, rival: null })
  await writeMany(12)
  await watch()
  for (const { id } of await shown(trial))
    await correctLabel(as.agent, { messageId: id, field: 'intent', value: 'complaint' })
  await watch()
  const after = await readLearning(as.owner)
  expect(after.trial).toMatchObject({ id: trial, ended: 'worse', figures: { lost: 12, won: 0 } })
  expect(after.championId).toBeNull()
  expect(after.deployments[0]).toMatchObject({ number: null, because: 'rolled_back', authorId: null })
  expect(await mails()).toBe(2)
  // The way back to what gave way asks, and opens to whoever says so.
  expect(await codeOf(rollBack(as.owner, { id: version.id }))).toBe('gave_way')
  await rollBack(as.owner, { id: version.id, anyway: true })
  await rollBack(as.owner, { id: null })
})

test('only an answer says that a member saw a label and left it: to resolve many at once, to take one or to note something does not', async () => {
  const { as, members } = kit.shop
  await promoteVersion(as.owner, { id: version.id })
  await writeMany(3)
  await watch()
  const trial = (await trialNow())?.id as string
  const { rows } = await kit.owner.query(
    `SELECT DISTINCT m.conversation_id AS id FROM message m JOIN shadow_prediction s ON s.account_id = m.account_id
     AND s.message_id = m.id AND s.trial_id = $1 ORDER BY 1`,
    [trial],
  )
  const ids = rows.map(({ id }) => id as string)
  expect(ids).toHaveLength(3)
  await addNote(as.agent, { id: ids[0] as string, clientId: newId(), text: 'looking' })
  await bulkUpdate(as.agent, { ids, change: { assigneeId: members.agent } })
  await bulkUpdate(as.agent, { ids, change: { status: 'resolved' } })
  expect((await trialNow())?.figures).toMatchObject({ both: 3, seenTried: 0, won: 0, lost: 0 })
  await reply(as.agent, { id: ids[0] as string, clientId: newId(), text: 'on its way' })
  expect((await trialNow())?.figures).toMatchObject({ both: 3, seenTried: 1, correctedTried: 0, won: 1, lost: 0 })
  await rollBack(as.owner, { id: null })
})

test('one that does well is kept; a roll back by hand ends the watch', async () => {
  const { as } = kit.shop
  await promoteVersion(as.owner, { id: version.id })
  await writeMany(12)
  await watch()
  for (const { id } of await shown((await trialNow())?.id as string))
    await correctLabel(as.agent, { messageId: id, field: 'intent', value: 'card_arrival' })
  await watch()
  expect(await trialNow()).toMatchObject({ ended: null, figures: { won: 12, lost: 0 } })
  await watch(8 * 86_400_000)
  expect(await trialNow()).toMatchObject({ ended: 'held' })
  expect((await readLearning(as.owner)).championId).toBe(version.id)

  await rollBack(as.owner, { id: null })
  await promoteVersion(as.owner, { id: version.id })
  await rollBack(as.owner, { id: null })
  expect(await trialNow()).toMatchObject({ ended: 'stopped' })
  expect(await codeOf(stopTrial(as.owner))).toBe('not_found')
})

test('putting another version in charge stops a trial, and what it found stays to be read beside the watch', async () => {
  const { owner } = kit.shop.as
  await startTraining(owner, { seed: 2 })
  await kit.work()
  const second = (await readLearning(owner)).versions[0] as typeof version
  await tryVersion(owner, { id: second.id, share: 0 })
  await writeMany(2)
  await watch()
  await promoteVersion(owner, { id: version.id })
  const found = { versionId: second.id, ended: 'stopped', figures: { both: 2 } }
  expect(await readLearning(owner)).toMatchObject({
    trial: found,
    watch: { versionId: version.id, share: 100, ended: null },
  })
  // The end of the watch is told as well.
  await rollBack(owner, { id: null })
  expect(await readLearning(owner)).toMatchObject({
    trial: found,
    watch: { versionId: version.id, ended: 'stopped' },
  })
  await tryVersion(owner, { id: version.id, share: 0 })
  const trial = (await trialNow())?.id
  await promoteVersion(owner, { id: version.id })
  const { rows } = await kit.owner.query('SELECT ended FROM model_trial WHERE id = $1', [trial])
  expect(rows).toEqual([{ ended: 'promoted' }])
  expect(await readLearning(owner)).toMatchObject({ trial: { versionId: version.id, share: 100 }, watch: null })
  await rollBack(owner, { id: null })
})
