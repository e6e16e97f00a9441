/** One press takes back what was removed, a whole import, and the switch of the intents that come along: all is what it was. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { maskText } from '@/lib/features/privacy/mask'
import { applyRetention } from '@/lib/flows/apply-retention'
import { importExamples, removeExample, writeCase, writeExample } from '@/lib/flows/change-examples'
import { chooseBuiltin, createIntent, mergeIntents, updateIntent } from '@/lib/flows/change-intents'
import { choosePrivacy } from '@/lib/flows/choose-privacy'
import { eraseContact } from '@/lib/flows/erase-contact'
import { keepLabel } from '@/lib/flows/keep-label'
import { pruneUndos } from '@/lib/flows/prune-undos'
import { readIntents } from '@/lib/flows/read-intents'
import { setStatus } from '@/lib/flows/set-status'
import { startTraining } from '@/lib/flows/start-training'
import { takeBack } from '@/lib/flows/take-back'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 12)))
})
afterAll(() => kit.close())

const all = async (what: string) => (await kit.owner.query(`SELECT * FROM ${what}`)).rows
const examples = () => all('example ORDER BY id')
const rowsOfDatasets = () => all('dataset_row ORDER BY dataset_id, place')
const file = (...rows: { text: string; label: string; split?: string; conversation?: string }[]) =>
  Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
const intentNamed = async (key: string) =>
  (await readIntents(kit.shop.as.owner)).intents.find((intent) => intent.key === key)

test('a text that was removed comes back whole, into its datasets too; one that somebody wrote anew stays theirs', async () => {
  const { as } = kit.shop
  const long = `top_up ${'very '.repeat(2_000)}`
  await importExamples(as.agent, file({ text: long, label: 'top_up', split: 'test', conversation: 'talk-1' }))
  await startTraining(as.owner)
  const id = (await examples()).at(-1).id as string
  await keepLabel(as.owner, { id, intent: 'top_up' })
  const standing = async () => ({
    examples: await examples(),
    rows: await rowsOfDatasets(),
    kept: await all('label_keep'),
  })
  const before = await standing()
  const { undoId } = await removeExample(as.owner, { id })
  expect((await examples()).length).toBe(before.examples.length - 1)
  expect(await takeBack(as.owner, { id: undoId })).toEqual({ restored: 1, kept: 0 })
  expect(await standing()).toEqual(before)

  const again = await removeExample(as.owner, { id })
  const text = 'top_up: short'
  const { id: short } = await writeExample(as.agent, { text, intent: 'top_up' })
  const gone = await removeExample(as.owner, { id: short })
  await writeExample(as.agent, { text, intent: 'card_arrival' })
  expect(await takeBack(as.owner, { id: gone.undoId })).toEqual({ restored: 0, kept: 1 })
  await takeBack(as.owner, { id: again.undoId })
  const asCase = await writeCase(as.owner, { text, intent: 'top_up' })
  const rows = await examples()
  await takeBack(as.owner, { id: (await removeExample(as.owner, asCase)).undoId })
  expect(await examples()).toEqual(rows)
})

test('of a text that was removed nothing is left once nobody can bring it back', async () => {
  const { owner } = kit.shop.as
  const { id } = await writeExample(owner, { text: 'top_up: my card is 4111', intent: 'top_up' })
  const first = await removeExample(owner, { id })
  await takeBack(owner, { id: first.undoId })
  const [used] = await all(`undo WHERE id = '${first.undoId}'`)
  expect(used).toMatchObject({ kind: 'removed', data: {} })
  const { undoId } = await removeExample(owner, { id })
  const held = async () => (await all(`undo WHERE data->>'id' = '${id}'`)).length
  const later = (hours: number) => new Date(Date.now() + hours * 3_600_000)
  await pruneUndos(kit.services, later(23))
  expect(await held()).toBe(1)
  // This account makes no further undo: the worker looks after all.
  await pruneUndos(kit.services, later(25))
  expect(await all('undo')).toEqual([])
  expect(await codeOf(takeBack(owner, { id: undoId }))).toBe('not_found')
})

test('what was removed does not come back once somebody was erased', async () => {
  const { as } = kit.shop
  const { conversationId } = await kit.shop.write('top_up: it is me')
  const { rows } = await kit.owner.query('SELECT contact_id FROM conversation WHERE id = $1', [conversationId])
  const { id } = await writeExample(as.agent, { text: 'card_arrival: as they said', intent: 'card_arrival' })
  const { undoId } = await removeExample(as.owner, { id })
  await eraseContact(as.owner, { id: rows[0].contact_id })
  expect(await codeOf(takeBack(as.owner, { id: undoId }))).toBe('not_found')
})

test('what retention empties does not come back, in its words or masked; anything else does', async () => {
  const { as } = kit.shop
  const text = 'top_up: ring me at +49 170 5550123'
  const { conversationId } = await kit.shop.write(text)
  await setStatus(as.agent, { id: conversationId, status: 'resolved' })
  await kit.owner.query(`UPDATE conversation SET resolved_at = now() - interval '100 days' WHERE id = $1`, [
    conversationId,
  ])
  const removed = []
  for (const each of [text, maskText(text), 'top_up: of nobody']) {
    const { id } = await writeExample(as.agent, { text: each, intent: 'top_up' })
    removed.push((await removeExample(as.owner, { id })).undoId)
  }
  await choosePrivacy(as.admin, { keepMonths: 3 })
  await applyRetention(kit.services, (id) => makeCtx(kit.services, { kind: 'system', reason: 'test' }, id, 'en'))
  const [whole = '', masked = '', other = ''] = removed
  for (const id of [whole, masked]) expect(await codeOf(takeBack(as.owner, { id }))).toBe('not_found')
  expect(await takeBack(as.owner, { id: other })).toEqual({ restored: 1, kept: 0 })
})

test('an import says what changed its intent, and is taken back but for what was said of its texts since', async () => {
  const { as, members } = kit.shop
  await writeExample(as.agent, { text: 'top_up: theirs', intent: 'top_up' })
  const { was } = await writeExample(as.agent, { text: 'top_up: moved', intent: 'card_arrival' })
  expect(was).toBeNull()
  expect(await writeExample(as.agent, { text: 'top_up: moved', intent: 'top_up' })).toMatchObject({
    was: 'card_arrival',
  })
  const before = await examples()
  const done = await importExamples(
    as.owner,
    file(
      { text: 'top_up: theirs', label: 'card_arrival', conversation: 'talk-2' },
      { text: 'top_up: moved', label: 'top_up' },
      { text: 'parcel: new here', label: 'parcel' },
      { text: 'parcel: said again', label: 'parcel' },
      { text: 'letter: new here', label: 'letter' },
    ),
  )
  expect(done).toMatchObject({ rows: 5, added: 3, moved: 1, intents: ['parcel', 'letter'] })
  const { id: said } = await writeExample(as.agent, { text: 'parcel: said again', intent: 'parcel' })
  expect(await codeOf(takeBack(as.agent, { id: done.undoId }))).toBe('not_found')
  expect(await takeBack(as.owner, { id: done.undoId })).toEqual({ restored: 4, kept: 1 })
  const left = await examples()
  expect(left.filter(({ id }) => id !== said)).toEqual(before)
  expect(left.find(({ id }) => id === said)).toMatchObject({ intent: 'parcel', author_id: members.agent })
  expect(await intentNamed('letter')).toMatchObject({ archived: true })
  expect(await intentNamed('parcel')).toMatchObject({ archived: false })
})

test('the switch of what comes along leaves merged intents alone, and one press takes it back', async () => {
  const { owner } = kit.shop.as
  const { key: own } = await createIntent(owner, { name: 'Swaps', description: '' })
  const merge = await mergeIntents(owner, { key: 'exchange_item', into: own })
  await updateIntent(owner, { key: 'newsletter', archived: true })
  const standing = async () =>
    (await readIntents(owner)).intents.map(({ key, archived, mergedInto }) => ({ key, archived, mergedInto }))
  const before = await standing()
  const off = await chooseBuiltin(owner, { used: false })
  expect((await intentNamed('refund'))?.archived).toBe(true)
  const on = await chooseBuiltin(owner, { used: true })
  expect(await intentNamed('newsletter')).toMatchObject({ archived: false })
  expect(await intentNamed('exchange_item')).toMatchObject({ archived: true, mergedInto: own })
  // Somebody decided about one of them meanwhile.
  await updateIntent(owner, { key: 'refund', archived: true })
  expect(await takeBack(owner, { id: on.undoId })).toEqual({ restored: on.changed - 1, kept: 1 })
  expect(await takeBack(owner, { id: off.undoId })).toEqual({ restored: off.changed, kept: 0 })
  expect(await standing()).toEqual(before)
  await takeBack(owner, { id: merge.undoId })
  expect(await intentNamed('exchange_item')).toMatchObject({ archived: false, mergedInto: null })
})
