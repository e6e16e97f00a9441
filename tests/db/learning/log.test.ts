/** A training reads recent messages that nobody labelled: masked, by consent, of those who are still there, and none that judges. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { splitOf } from '@/lib/features/learning/dataset'
import { logSize } from '@/lib/features/learning/log'
import { importExamples, writeCase } from '@/lib/flows/change-examples'
import { choosePrivacy, noteContactConsent } from '@/lib/flows/choose-privacy'
import { correctLabel } from '@/lib/flows/correct-label'
import { eraseContact } from '@/lib/flows/erase-contact'
import { exportModelCard } from '@/lib/flows/export-version'
import { readLearning, readTraining } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import type { Written } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
const written: Written[] = []
beforeAll(async () => {
  kit = await createLearningKit()
  const { as, write } = kit.shop
  await importExamples(as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 30)))
  for (let at = 0; at < 160; at++) written.push(await write(`visitor ${at} writes from v${at}@shop.example`))
}, 60_000)
afterAll(() => kit.close())
beforeEach(() => {
  delete kit.during
})

/** What the child was told last, after another training. */
async function trained(wish?: Parameters<typeof startTraining>[1]) {
  await startTraining(kit.shop.as.owner, wish)
  while (await kit.work());
  const { unlabelled } = kit.tasks.at(-1) ?? { unlabelled: [] }
  return { unlabelled, texts: unlabelled.map(({ text }) => text) }
}
const learned = (at: number) => `visitor ${at} writes from x@x.xx`
/** Written in conversations that teach. */
const teaching = () => [...written.keys()].filter((at) => splitOf((written[at] as Written).conversationId) === 'train')
const contactOf = (at: number) => (written[at] as Written).from.contactId
async function messageOf(at: number): Promise<string> {
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1 AND kind = 'incoming'`, [
    (written[at] as Written).conversationId,
  ])
  return rows[0].id
}

test('they arrive, masked, with who wrote each, the newest first; what is held out does not', async () => {
  const { unlabelled, texts } = await trained()
  expect(texts).toEqual(teaching().reverse().map(learned))
  expect(texts.length).toBeLessThan(written.length)
  expect(new Set(unlabelled.map(({ person }) => person)).size).toBe(texts.length)
  const { runs, versions } = await readLearning(kit.shop.as.owner)
  const run = await readTraining(kit.shop.as.owner, { id: runs[0]?.id as string })
  expect(run.report?.learned.unlabelled).toBe(texts.length)
  const card = await exportModelCard(kit.shop.as.owner, { id: versions[0]?.id as string })
  expect(card).toContain(`${texts.length} messages that nobody labelled`)
})

test('not those of a contact who refused or was erased, nor what has a label or is a case', async () => {
  const { as } = kit.shop
  const [refused = 0, erased = 0, labelled = 0, asCase = 0, ...others] = teaching()
  await noteContactConsent(as.owner, { id: contactOf(refused), trainingConsent: 'refused' })
  await correctLabel(as.agent, { messageId: await messageOf(labelled), field: 'intent', value: 'top_up' })
  await writeCase(as.owner, { text: `visitor ${asCase} writes from v${asCase}@shop.example`, intent: 'top_up' })
  await eraseContact(as.owner, { id: contactOf(erased) })
  const { texts } = await trained()
  expect(texts).toEqual(others.reverse().map(learned))
  expect(JSON.stringify(kit.tasks.at(-1))).not.toMatch(new RegExp(`visitor (${refused}|${erased}) `))
  // It is learned with its label instead.
  expect(kit.tasks.at(-1)?.rows.map(({ text }) => text)).toContain(learned(labelled))
})

test('of those alone who agreed, where the account asks for that; too few are left then, and none comes along', async () => {
  const { as } = kit.shop
  await choosePrivacy(as.owner, { learnFrom: 'consented' })
  await noteContactConsent(as.owner, { id: contactOf(teaching().at(-1) as number), trainingConsent: 'given' })
  expect((await trained({ seed: 2 })).texts).toEqual([])
  await choosePrivacy(as.owner, { learnFrom: 'all' })
  expect((await trained({ seed: 3 })).texts.length).toBeGreaterThan(100)
})

test('not from conversations that the account is about to erase', async () => {
  const { as } = kit.shop
  await choosePrivacy(as.owner, { keepMonths: 3 })
  const old = teaching().at(-1) as number
  const age = (status: string) =>
    kit.owner.query(`UPDATE conversation SET status = $1, resolved_at = now() - interval '4 months' WHERE id = $2`, [
      status,
      (written[old] as Written).conversationId,
    ])
  await age('open')
  expect((await trained({ seed: 4 })).texts).toContain(learned(old))
  await age('resolved')
  expect((await trained({ seed: 5 })).texts).not.toContain(learned(old))
  await choosePrivacy(as.owner, { keepMonths: null })
})

test('a run whose reader was erased meanwhile begins anew without them', async () => {
  const { as } = kit.shop
  const gone = teaching().at(-2) as number
  const before = kit.tasks.length
  kit.during = async () => {
    delete kit.during
    await eraseContact(as.owner, { id: contactOf(gone) })
  }
  const { texts } = await trained({ seed: 6 })
  const [first, second, ...more] = kit.tasks.slice(before)
  expect(more).toEqual([])
  expect(first?.unlabelled.map(({ text }) => text)).toContain(learned(gone))
  expect(second?.unlabelled.length).toBe((first?.unlabelled.length ?? 0) - 1)
  expect(texts).not.toContain(learned(gone))
})

test('a private training reads none', async () => {
  const { texts } = await trained({ seed: 6, epsilon: 3 })
  expect(kit.tasks.at(-1)?.epsilon).toBe(3)
  expect(texts).toEqual([])
})

test('their number is bounded', () => {
  expect([0, 8, 400, 600, 9_999, 10_000].map(logSize)).toEqual([0, 80, 4_000, 5_000, 5_000, 0])
})

test('a run keeps what it read as one digest: a colleague who takes another name changes it, and the dataset stays the same', async () => {
  const { as } = kit.shop
  await importExamples(as.owner, Buffer.from('{"text":"top_up: Thornwick promised it","label":"top_up"}\n'))
  const read = async () => {
    const { texts } = await trained()
    const { runs, versions } = await readLearning(as.owner)
    const { report, dataset } = await readTraining(as.owner, { id: runs[0]?.id as string })
    const card = await exportModelCard(as.owner, { id: versions[0]?.id as string })
    if (report?.read) expect(card).toContain(report.read)
    return { texts, hash: dataset.hash, read: report?.read, rows: JSON.stringify(kit.tasks.at(-1)?.rows) }
  }
  const [before, again] = [await read(), await read()]
  expect(before.read).toMatch(/^[0-9a-f]{64}$/)
  expect(again).toEqual(before)
  await kit.owner.query(`UPDATE "user" SET name = 'Thornwick Pelham' WHERE id = $1`, [
    (as.agent.actor as { userId: string }).userId,
  ])
  const renamed = await read()
  expect(before.rows).toContain('Thornwick')
  expect(renamed.rows).not.toContain('Thornwick')
  expect([renamed.hash, renamed.texts]).toEqual([before.hash, before.texts])
  expect(renamed.read).not.toBe(before.read)
  await trained({ epsilon: 8 })
  const { runs } = await readLearning(as.owner)
  const { report } = await readTraining(as.owner, { id: runs.find(({ epsilon }) => epsilon)?.id as string })
  expect(report?.read).toBeNull()
})
