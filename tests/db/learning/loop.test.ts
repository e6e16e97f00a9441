/** The loop: texts and corrections become a version, which answers once it is promoted, and no longer when it is rolled back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forgetChampion } from '@/lib/features/learning/champion'
import { cancelTraining } from '@/lib/flows/cancel-training'
import { importExamples, removeExample, writeCase, writeExample } from '@/lib/flows/change-examples'
import { chooseBuiltin, createIntent, mergeIntents, updateIntent } from '@/lib/flows/change-intents'
import { compareVersion, readCasesOf, readHeldOut } from '@/lib/flows/compare-version'
import { correctLabel } from '@/lib/flows/correct-label'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readExamples } from '@/lib/flows/read-examples'
import { readIntents } from '@/lib/flows/read-intents'
import { readLearning, readTraining } from '@/lib/flows/read-learning'
import { discardReview, readReview, restoreReview } from '@/lib/flows/review-messages'
import { rollBack } from '@/lib/flows/roll-back'
import { startTraining } from '@/lib/flows/start-training'
import { tryRouting } from '@/lib/flows/try-routing'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

const said = async (text: string) => (await tryRouting(kit.shop.as.owner, { text })).said
const newest = async () => {
  const { runs, versions } = await readLearning(kit.shop.as.owner)
  const run = runs[0] && (await readTraining(kit.shop.as.owner, { id: runs[0].id }))
  return { run, version: versions[0] }
}

test('an account trains on its own texts and corrections, promotes, and rolls back', async () => {
  const { as } = kit.shop
  expect(await codeOf(startTraining(as.owner))).toBe('not_enough_examples')
  const imported = await importExamples(as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 110)))
  expect(imported).toMatchObject({
    rows: 220,
    added: 220,
    moved: 0,
    cases: 0,
    intents: ['card_arrival', 'top_up'],
    aside: [],
  })

  // A correction is an example too, and one taken back is none.
  await kit.shop.write('refund: please')
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE kind = 'incoming'`)
  await correctLabel(as.agent, { messageId: rows[0].id, field: 'intent', value: 'top_up' })

  const { examples } = await readExamples(as.admin, { intent: 'top_up', skip: 0 })
  expect(examples[0]).toMatchObject({ text: 'refund: please', source: 'correction', displayId: 1 })

  const { id } = await startTraining(as.admin)
  expect(await kit.work()).toBe(true)
  expect(await kit.work()).toBe(false)
  const [task] = kit.tasks
  expect(task?.keep).toContain('refund')
  // Only what a contact wrote has a writer.
  for (const { text, person } of task?.rows ?? []) expect(person !== undefined).toBe(text.startsWith('refund:'))
  const { run, version } = await newest()
  expect(run).toMatchObject({ id, state: 'succeeded', progress: 1, cpuSeconds: 2, authorId: kit.shop.members.admin })
  // Nobody learns what judges.
  const counts = run?.dataset.counts
  expect(counts).toMatchObject({ corrections: 1, imported: 220, intents: { card_arrival: 110, top_up: 111 } })
  expect(task?.rows.length).toBe(counts?.train)
  expect(counts?.test).toBeGreaterThan(10)
  expect(run?.report).toMatchObject({ championId: null, gate: { passes: true } })
  expect(run?.report?.candidate.texts).toBe(counts?.test)
  const health = await kit.health(as.owner)
  expect(health.doubts).toMatchObject([{ text: task?.rows[0]?.text, probability: 0.9 }])
  expect(health).toMatchObject({ contradictions: [], overlaps: [{ one: 'card_arrival', count: 3 }], tooFew: [] })
  expect(version).toMatchObject({ number: 1 })
  expect(run?.labels).toEqual(['card_arrival', 'top_up'])

  const { texts } = await compareVersion(as.owner, { id: version?.id as string })
  expect(texts.length).toBe(counts?.test)
  expect(texts.every(({ truth, version: mine }) => truth === mine.intent || truth === 'top_up')).toBe(true)
  expect(texts.every(({ other }) => other.intent === 'complaint')).toBe(true)
  // Their words come page by page, and only of what is held out there.
  const page = texts.slice(0, 3).map((one) => one.id)
  const learnedId = (await readExamples(as.admin, { intent: 'card_arrival', skip: 0 })).examples.find(
    (one) => !texts.some(({ id: held }) => held === one.id),
  )?.id as string
  const asked = { id: version?.id as string, ids: [...page, learnedId] }
  const words = (await readHeldOut(as.owner, asked)).texts
  expect(words.map((one) => one.id)).toEqual(page)
  expect(words.map(({ text }) => text.split(':')[0])).toEqual(texts.slice(0, 3).map((one) => one.version.intent))
  expect(await codeOf(readHeldOut(kit.rival.as.owner, asked))).toBe('not_found')

  expect((await said('top_up: now'))?.intent).toBe('complaint')
  await promoteVersion(as.owner, { id: version?.id as string })
  expect(await said('top_up: now')).toMatchObject({ intent: 'top_up', modelVersion: version?.bundle.slice(0, 12) })
  expect((await readLearning(as.owner)).championId).toBe(version?.id)
  expect(await codeOf(promoteVersion(kit.rival.as.owner, { id: version?.id as string }))).toBe('not_found')

  await rollBack(as.owner, { id: null })
  expect((await said('top_up: now'))?.intent).toBe('complaint')
  await rollBack(as.owner, { id: version?.id as string })
  const { deployments } = await readLearning(as.owner)
  expect(deployments.map(({ number, because }) => [number, because])).toEqual([
    [1, 'rolled_back'],
    [null, 'rolled_back'],
    [1, 'promoted'],
  ])
})

test('a version that is worse is not promoted, and one that never answered cannot be rolled back to', async () => {
  const { as } = kit.shop
  await importExamples(as.owner, Buffer.from(linesOf(['lost_phone'], 40)))
  const first = (await newest()).version?.bundle.slice(0, 12)
  await startTraining(as.owner)
  const { classify } = kit.services.classifier
  kit.services.classifier.classify = async (asked, budget) => {
    const answer = await classify(asked, budget)
    // The newer one takes everything for the same.
    return answer && asked.bundle !== 'base' && answer.modelVersion !== first ? { ...answer, intent: 'top_up' } : answer
  }
  await kit.work()
  const { run, version } = await newest()
  expect(run?.report?.gate).toMatchObject({ passes: false })
  expect(run?.report?.changed.worse).toBeGreaterThan(5)
  expect(await codeOf(promoteVersion(as.owner, { id: version?.id as string }))).toBe('gate_failed')
  expect(await codeOf(rollBack(as.owner, { id: version?.id as string }))).toBe('conflict')
  kit.services.classifier.classify = classify
})

test('a case that a version gets wrong keeps it from answering, and nobody learns it', async () => {
  const { as } = kit.shop
  await rollBack(as.owner, { id: null })
  const { id } = await writeCase(as.owner, { text: 'top_up: but it is about the phone', intent: 'lost_phone' })
  const before = (await readLearning(as.owner)).learned.texts
  const first = (await readLearning(as.owner)).versions.at(-1)?.id as string
  expect(await codeOf(promoteVersion(as.owner, { id: first }))).toBe('cases_fail')
  const { cases } = await readCasesOf(as.owner, { id: first })
  expect(cases).toEqual([{ id, text: 'top_up: but it is about the phone', intent: 'lost_phone', guess: 'top_up' }])
  await startTraining(as.owner)
  await kit.work()
  expect(kit.tasks.at(-1)?.rows.some(({ text }) => text.includes('about the phone'))).toBe(false)
  const { run } = await newest()
  expect(run?.report?.gate.faults).toMatchObject([{ because: 'case', id, guess: 'top_up' }])
  await removeExample(as.owner, { id })
  expect((await readLearning(as.owner)).learned.texts).toBe(before)
  await promoteVersion(as.owner, { id: first })
})

test('a run is cancelled, fails with its reason, goes back when the worker stops, and is given up after three crashes', async () => {
  const { as } = kit.shop
  const { id: waiting } = await startTraining(as.owner)
  await cancelTraining(as.owner, { id: waiting })
  expect(await codeOf(cancelTraining(as.owner, { id: waiting }))).toBe('conflict')
  expect(await kit.work()).toBe(false)

  const { id: running } = await startTraining(as.owner)
  const aborted = (signal: AbortSignal) =>
    new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))
  kit.during = async (_task, signal) => {
    await cancelTraining(as.owner, { id: running })
    await aborted(signal)
  }
  await kit.work()
  expect((await newest()).run).toMatchObject({ id: running, state: 'cancelled', error: null })

  const { id: failing } = await startTraining(as.owner)
  kit.during = async () => {
    throw new Error('no luck')
  }
  await kit.work()
  expect((await newest()).run).toMatchObject({ id: failing, state: 'failed', error: 'failed' })

  const { id: again } = await startTraining(as.owner)
  const stop = new AbortController()
  kit.during = async (_task, signal) => {
    setTimeout(() => stop.abort(), 20)
    await aborted(signal)
  }
  await kit.work(stop.signal)
  expect((await newest()).run).toMatchObject({ id: again, state: 'queued' })
  delete kit.during

  // Its worker died three times: the row says that it runs, and nobody beats.
  await kit.owner.query(
    `UPDATE training_run SET state = 'running', attempts = 3, beat_at = now() - interval '1 hour' WHERE id = $1`,
    [again],
  )
  await kit.work()
  expect((await newest()).run).toMatchObject({ id: again, state: 'failed', error: 'crashed' })
})

test('intents: made, renamed, put aside, merged with their texts, held to their threshold', async () => {
  const { as, accountId } = kit.shop
  const { key } = await createIntent(as.owner, { name: '丢失手机', description: '' })
  expect(key).toMatch(/^intent_\d+$/)
  expect(await codeOf(createIntent(as.owner, { name: '丢失手机', description: '' }))).toBe('name_taken')
  await updateIntent(as.owner, { key, name: '手机丢了', threshold: 0.95 })
  expect(await codeOf(updateIntent(as.owner, { key: 'nobody', name: 'x' }))).toBe('not_found')
  kit.own = () => key
  expect(await said('hello')).toMatchObject({ intent: key, inScope: true, line: 0.95 })
  await updateIntent(as.owner, { key, threshold: null })
  expect(await said('hello')).not.toHaveProperty('line')

  const { id } = await writeExample(as.agent, { text: '我的手机不见了', intent: key })
  expect(await codeOf(mergeIntents(as.owner, { key, into: key }))).toBe('invalid_input')
  expect(await mergeIntents(as.owner, { key, into: 'lost_phone' })).toMatchObject({ moved: 1 })
  expect(await said('hello')).toMatchObject({ intent: 'lost_phone', inScope: true })
  const { intents } = await readIntents(as.viewer)
  expect(intents.find((intent) => intent.key === key)).toMatchObject({
    archived: true,
    mergedInto: 'lost_phone',
    texts: 0,
  })
  const { examples } = await readExamples(as.owner, { intent: 'lost_phone', skip: 0 })
  expect(examples[0]).toMatchObject({ id, text: '我的手机不见了', source: 'written', authorId: kit.shop.members.agent })
  await removeExample(as.owner, { id })
  expect(await codeOf(removeExample(as.owner, { id }))).toBe('not_found')
  expect(await codeOf(writeExample(as.agent, { text: 'x', intent: key }))).toBe('invalid_input')

  await chooseBuiltin(as.owner, { used: false })
  forgetChampion(accountId)
  kit.own = () => 'refund'
  expect(await said('hello')).toMatchObject({ intent: 'refund', inScope: false })
  await startTraining(as.owner)
  await kit.work()
  expect(kit.tasks.at(-1)?.keep).toEqual(['out_of_scope'])
})

test('the review asks about doubtful messages once for all that read the same, and not again', async () => {
  const { shop } = kit
  const asked = async () => (await readReview(shop.as.agent)).items
  expect(await asked()).toEqual([])
  kit.own = () => 'top_up'
  const { classify } = kit.services.classifier
  kit.services.classifier.classify = async (question, budget) => {
    const answer = await classify(question, budget)
    return (
      answer && {
        ...answer,
        intentProbability: question.text.startsWith('hm') ? 0.4 : 0.99,
        inScope: !question.text.startsWith('hm hm'),
      }
    )
  }
  await shop.write('hm what is this')
  await shop.write('HM, what is this')
  await shop.write('hm hm')
  await shop.write('clear as day')
  kit.services.classifier.classify = classify
  const items = await asked()
  const said = (all: typeof items) => all.map(({ texts, reason }) => [texts.map(({ text }) => text).sort(), reason])
  expect(said(items)).toEqual([
    [['hm hm'], 'abstained'],
    [['hm what is this'], 'uncertain'],
  ])
  const ids = items.map(({ texts }) => texts.flatMap(({ messageIds }) => messageIds))
  const [first = [], second = []] = ids
  await discardReview(shop.as.agent, { messageIds: first })
  expect(said(await asked())).toEqual(said(items.slice(1)))
  await restoreReview(shop.as.agent, { messageIds: first })
  for (const messageId of second) await correctLabel(shop.as.agent, { messageId, field: 'intent', value: 'top_up' })
  expect(said(await asked())).toEqual(said(items.slice(0, 1)))
  expect(await codeOf(readReview(shop.as.viewer))).toBe('forbidden')
  expect((await readReview(kit.rival.as.owner)).items).toEqual([])
})

test('only who trains may, who corrects brings texts along, and a file that is wrong in one line imports nothing', async () => {
  const { as } = kit.shop
  for (const role of ['agent', 'viewer'] as const) {
    expect(await codeOf(startTraining(as[role]))).toBe('forbidden')
    expect(await codeOf(rollBack(as[role], { id: null }))).toBe('forbidden')
    expect(await codeOf(readLearning(as[role]))).toBe('forbidden')
  }
  expect(await codeOf(writeExample(as.viewer, { text: 'x', intent: 'top_up' }))).toBe('forbidden')
  const named = 'text,label\n手机丢在地铁上了,手机丢了\nLost it,Lost phone\n钱没退,退款问题\n'
  const intents = [expect.stringMatching(/^intent_/)]
  expect(await importExamples(as.owner, Buffer.from(named))).toMatchObject({ rows: 3, added: 3, intents })
  const names = (await readIntents(as.owner)).intents.filter(({ group, archived }) => group === 'own' && !archived)
  expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['Lost phone', '退款问题']))
  // What was merged stays merged: its texts are of the one that took its place.
  expect(names.map(({ name }) => name)).not.toContain('手机丢了')
  // Whoever corrects brings texts along, for intents that are there.
  const of = (label: string) => Buffer.from(`text,label\nbrought along,${label}\n`)
  expect(await codeOf(importExamples(as.viewer, of('top_up')))).toBe('forbidden')
  expect(await codeOf(importExamples(as.agent, of('brand new')))).toBe('file_intents')
  expect((await readIntents(as.owner)).intents.map(({ name }) => name)).not.toContain('brand new')
  expect(await importExamples(as.agent, of('top_up'))).toMatchObject({ added: 1, intents: [] })
  const before = (await readLearning(as.owner)).learned.texts
  const content = 'text,label\ngood,top_up\n,top_up\n'
  expect(await codeOf(importExamples(as.owner, Buffer.from(content)))).toBe('file_text')
  expect((await readLearning(as.owner)).learned.texts).toBe(before)
})
