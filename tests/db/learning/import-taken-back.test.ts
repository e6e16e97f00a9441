/** What the way back of an import leaves alone: intents on which something else stands, merges since, and what is imported after it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples, removeExample, writeCase, writeExample } from '@/lib/flows/change-examples'
import { createIntent, mergeIntents } from '@/lib/flows/change-intents'
import { intentOfMessages, labelMessages } from '@/lib/flows/label-messages'
import { moveExamples } from '@/lib/flows/move-examples'
import { readIntents } from '@/lib/flows/read-intents'
import { takeBack } from '@/lib/flows/take-back'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

const file = (...rows: { text: string; label: string }[]) =>
  Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
const intentNamed = async (key: string) =>
  (await readIntents(kit.shop.as.owner)).intents.find((intent) => intent.key === key)
const intentsOf = async (...ids: string[]): Promise<string[]> => {
  const { rows } = await kit.owner.query('SELECT intent FROM example WHERE id = ANY($1)', [ids])
  return rows.map(({ intent }) => intent)
}
async function messageOf(text: string): Promise<string> {
  const { conversationId } = await kit.shop.write(text)
  const { rows } = await kit.owner.query('SELECT id FROM message WHERE conversation_id = $1', [conversationId])
  return rows[0].id
}
const word = (n: number): string => [...String(n)].map((figure) => 'abcdefghij'[Number(figure)]).join('x')

test('an intent that was merged since stays merged, and the merge is taken back by itself', async () => {
  const { owner } = kit.shop.as
  const done = await importExamples(owner, file({ text: 'a letter please', label: 'letterly' }))
  const merge = await mergeIntents(owner, { key: 'letterly', into: 'refund' })
  expect(await takeBack(owner, { id: done.undoId })).toEqual({ restored: 0, kept: 1 })
  expect(await intentNamed('letterly')).toMatchObject({ archived: true, mergedInto: 'refund' })
  expect(await takeBack(owner, { id: merge.undoId })).toEqual({ restored: 1, kept: 0 })
  expect(await intentNamed('letterly')).toMatchObject({ archived: false, mergedInto: null, texts: 1 })
})

test('an intent with a case, or with a word about a message, stays in use', async () => {
  const { as } = kit.shop
  const done = await importExamples(
    as.owner,
    file(
      { text: 'cased new', label: 'casely' },
      { text: 'said new', label: 'saidly' },
      { text: 'gone new', label: 'gonely' },
    ),
  )
  await writeCase(as.owner, { text: 'a case of it', intent: 'casely' })
  await labelMessages(as.agent, { messageIds: [await messageOf('complaint: said in a chat')], intent: 'saidly' })
  await kit.owner.query(`UPDATE contact SET training_consent = 'refused'`)
  expect(await takeBack(as.owner, { id: done.undoId })).toEqual({ restored: 3, kept: 0 })
  await kit.owner.query('UPDATE contact SET training_consent = NULL')
  for (const [key, archived] of [
    ['casely', false],
    ['saidly', false],
    ['gonely', true],
  ] as const)
    expect(await intentNamed(key), key).toMatchObject({ archived })
})

test('an intent of the review that was merged, or taught, since is left as it is', async () => {
  const { owner } = kit.shop.as
  const make = async (name: string) =>
    intentOfMessages(owner, { messageIds: [await messageOf(`complaint: ${name}`)], name, description: '' })
  const [merged, taught, alone] = [await make('Lanterns'), await make('Umbrellas'), await make('Kettles')]
  await mergeIntents(owner, { key: merged.key, into: 'refund' })
  await writeExample(owner, { text: 'an umbrella', intent: taught.key })
  for (const { undoId } of [merged, taught, alone]) await takeBack(owner, { id: undoId as string })
  expect(await intentNamed(merged.key)).toMatchObject({ archived: true, mergedInto: 'refund' })
  expect(await intentNamed(taught.key)).toMatchObject({ archived: false })
  expect(await intentNamed(alone.key)).toMatchObject({ archived: true, mergedInto: null })
})

test('taken back and imported again, the texts teach their intent, and that is taken back, too', async () => {
  const { owner } = kit.shop.as
  const rows = Array.from({ length: 6 }, (_, n) => ({ text: `parcel ${word(n)}`, label: 'parcelly' }))
  await takeBack(owner, { id: (await importExamples(owner, file(...rows))).undoId })
  expect(await intentNamed('parcelly')).toMatchObject({ archived: true })
  const again = await importExamples(owner, file(...rows))
  expect(again).toMatchObject({ added: 6, intents: ['parcelly'], aside: [] })
  expect(await intentNamed('parcelly')).toMatchObject({ archived: false, texts: 6 })
  await takeBack(owner, { id: again.undoId })
  expect(await intentNamed('parcelly')).toMatchObject({ archived: true, texts: 0 })
})

test('what comes back of an intent that was merged meanwhile is of the one in its place', async () => {
  const { owner } = kit.shop.as
  const { key } = await createIntent(owner, { name: 'Olds', description: '' })
  const write = async (text: string) => (await writeExample(owner, { text, intent: key })).id
  const [removed, imported, moved] = [await write('old words'), await write('other old'), await write('more old')]
  const presses = [
    await importExamples(owner, file({ text: 'other old', label: 'top_up' })),
    await moveExamples(owner, { ids: [moved], intent: 'top_up' }),
    await removeExample(owner, { id: removed }),
  ]
  await mergeIntents(owner, { key, into: 'refund' })
  for (const { undoId } of presses) expect(await takeBack(owner, { id: undoId })).toEqual({ restored: 1, kept: 0 })
  expect(await intentsOf(removed, imported, moved)).toEqual(['refund', 'refund', 'refund'])
})

test('a text that stands in a file more than once goes back all the way, and counts once', async () => {
  const { as } = kit.shop
  const { id } = await writeExample(as.agent, { text: 'twice here', intent: 'refund' })
  const all = async () => (await kit.owner.query('SELECT * FROM example ORDER BY id')).rows
  const before = await all()
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => ({ text: `filler ${word(from + n)}`, label: 'filler' }))
  const both = [
    { text: 'twice here', label: 'filler' },
    { text: 'thrice new', label: 'filler' },
  ]
  const content = file(...both, ...rows(0, 2_100), ...both, ...rows(2_100, 10_100), ...both)
  const done = await importExamples(as.owner, content)
  expect(done).toMatchObject({ rows: 10_106, added: 10_101 })
  expect(await intentsOf(id)).toEqual(['filler'])
  expect(await takeBack(as.owner, { id: done.undoId })).toEqual({ restored: 10_102, kept: 0 })
  expect(await all()).toEqual(before)
})
