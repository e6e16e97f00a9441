/** A label is explained by the model that gave it; where that cannot be asked any more, whoever explains it is named. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples } from '@/lib/flows/change-examples'
import { explainLabel } from '@/lib/flows/explain-label'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
const versions: { id: string; bundle: string }[] = []
const messages: { byBase: string; byFirst: string } = { byBase: '', byFirst: '' }
/** Bundles that inference refuses. */
const refused = new Set<string>()

const newest = async () =>
  (await kit.owner.query('SELECT message_id AS id FROM prediction ORDER BY message_id DESC LIMIT 1')).rows[0].id

beforeAll(async () => {
  kit = await createLearningKit()
  kit.services.classifier.explain = async ({ bundle, otherwise = [] }) => {
    const found = [bundle, ...otherwise].find((one) => !refused.has(one))
    if (found === undefined) return null
    const modelVersion = found.split('.')[1]?.slice(0, 12) ?? found
    const [label, against] = ['top_up', 'card_arrival']
    return { modelVersion, ranked: [], label, against, score: 1, start: 0, together: 0, words: [] }
  }
  await kit.shop.write('top_up: before there was a version')
  messages.byBase = await newest()
  for (const more of ['lost_phone', 'card_swallowed']) {
    await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up', more], 110)))
    await startTraining(kit.shop.as.owner)
    await kit.work()
    const version = (await readLearning(kit.shop.as.owner)).versions[0] as (typeof versions)[0]
    versions.push(version)
    await promoteVersion(kit.shop.as.owner, { id: version.id })
    if (versions.length > 1) continue
    await kit.shop.write('top_up: while the first answered')
    messages.byFirst = await newest()
  }
})
afterAll(() => kit.close())

const nameOf = (at: number) => `${kit.shop.accountId}.${versions[at]?.bundle}`
const explain = (more: Partial<Parameters<typeof explainLabel>[1]>) =>
  explainLabel(kit.shop.as.viewer, { field: 'intent', ...more })

test('by the version that gave it, not by the one in charge now; other words are asked of it, too', async () => {
  const first = { modelVersion: versions[0]?.bundle.slice(0, 12), number: 1, own: true }
  expect(await explain({ messageId: messages.byFirst })).toMatchObject(first)
  expect(await explain({ messageId: messages.byFirst, text: 'top_up: in other words' })).toMatchObject(first)
  expect(await explain({ messageId: messages.byBase })).toMatchObject({ modelVersion: 'base', number: null, own: true })
  // Alone, or as what else it might be: by the one in charge.
  expect(await explain({ text: 'top_up: anything' })).toMatchObject({ number: 2, own: true })
  expect(await explain({ messageId: messages.byFirst, brief: true })).toMatchObject({ number: 2, near: [] })
})

test('whose reasons they are is said where the one that gave it cannot be opened any more', async () => {
  refused.add(nameOf(0))
  expect(await explain({ messageId: messages.byFirst })).toMatchObject({ number: 2, own: false })
  refused.add(nameOf(1))
  expect(await explain({ messageId: messages.byFirst })).toMatchObject({ number: null, own: false })
  // The last good one explains where the one in charge is refused, as it answers.
  refused.delete(nameOf(0))
  expect(await explain({ text: 'top_up: anything' })).toMatchObject({ number: 1 })
  // A version that is asked for is explained by itself or not at all.
  expect(await codeOf(explain({ text: 'top_up: anything', versionId: versions[1]?.id }))).toBe('model_away')
  refused.clear()
})

test('a version whose weights stayed where it was trained explains nothing itself', async () => {
  await kit.owner.query('UPDATE model_version SET brought = true WHERE id = $1', [versions[0]?.id])
  expect(await explain({ messageId: messages.byFirst })).toMatchObject({ number: 2, own: false })
  await kit.owner.query('UPDATE model_version SET brought = false WHERE id = $1', [versions[0]?.id])
})

test('the nearest of all that the version learned are shown, of whatever intent', async () => {
  const learned = (kit.tasks[0]?.rows ?? []).find(({ label }) => label === 'lost_phone')
  const { near } = await explain({ messageId: messages.byFirst, text: learned?.text })
  expect(near[0]).toMatchObject({ text: learned?.text, intent: 'lost_phone' })
  // What only the second has learned explains nothing that the first said.
  const later = (kit.tasks[1]?.rows ?? []).find(({ label }) => label === 'card_swallowed')
  const of = async (more: object) => (await explain({ text: later?.text, ...more })).near.map(({ text }) => text)
  expect(await of({ messageId: messages.byFirst })).not.toContain(later?.text)
  expect(await of({})).toContain(later?.text)
})
