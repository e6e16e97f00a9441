/** What was exported comes back equal into another account, from every form: long texts, many rows, sources; intents out of use stay so. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { longestText } from '@/lib/core/text'
import { readExampleFile } from '@/lib/features/learning/input'
import { importExamples, removeExample, writeExample } from '@/lib/flows/change-examples'
import { createIntent, mergeIntents, updateIntent } from '@/lib/flows/change-intents'
import { changePlan } from '@/lib/flows/change-plan'
import { correctLabel } from '@/lib/flows/correct-label'
import { type ExportKind, exportExamples } from '@/lib/flows/export-examples'
import { readExamples } from '@/lib/flows/read-examples'
import { readIntents } from '@/lib/flows/read-intents'
import type { Ctx } from '@/lib/platform/context'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await changePlan(kit.rival.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
})
afterAll(() => kit.close())

const bytesOf = async (ctx: Ctx, kind: ExportKind) => Buffer.from(await exportExamples(ctx, { kind }))
const linesOf = (file: Buffer) => file.toString().trimEnd().split('\n').sort()
const intentsOf = async (ctx: Ctx) => new Map((await readIntents(ctx)).intents.map((one) => [one.key, one]))

/** A number in a text is a number to a model: what must differ is said in letters. */
const numbered = (_: unknown, at: number) => {
  const word = [...String(at)].map((digit) => `${'bdfgklmnps'[Number(digit)]}a`).join('')
  return JSON.stringify({ text: `my card ${word}`, label: at % 2 ? 'card_arrival' : 'top_up' })
}

async function corrected(text: string): Promise<void> {
  const { conversationId } = await kit.shop.write(text)
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1`, [conversationId])
  await correctLabel(kit.shop.as.agent, { messageId: rows[0].id, field: 'intent', value: 'top_up' })
}

test('more rows than one used to take, texts as long as a message may be, and where each came from', async () => {
  const { shop, rival } = kit
  await importExamples(shop.as.owner, Buffer.from(Array.from({ length: 20_200 }, numbered).join('\n')))
  await writeExample(shop.as.agent, { text: '怎么充值？\n谢谢', intent: 'top_up' })
  await importExamples(shop.as.owner, Buffer.from(JSON.stringify({ text: '  with edges\t', label: 'top_up' })))
  // Of names masking makes the longest: two signs become six.
  await corrected('top_up，联系人张伟，'.repeat(longestText / 13).slice(0, longestText))
  await corrected(`top_up ${'long '.repeat(1_500)}`)

  const file = await bytesOf(shop.as.owner, 'jsonl')
  const given = linesOf(file)
  const rows = given.map((line) => JSON.parse(line) as { text: string; source: string })
  expect(rows).toHaveLength(20_204)
  expect(Math.max(...rows.map(({ text }) => text.length))).toBeGreaterThan(2_000)
  expect(rows.map(({ text }) => text)).toContain('  with edges\t')
  const wanted = given.map((line) => JSON.parse(line))
  for (const kind of ['csv', 'parquet'] as const) {
    const back = await readExampleFile(await bytesOf(shop.as.owner, kind))
    expect(back.map((row) => JSON.stringify(row)).sort(), kind).toEqual(given)
  }
  const imported = await importExamples(rival.as.owner, file)
  expect(imported).toMatchObject({ rows: 20_204, added: 20_204, moved: 0, cases: 0, aside: [] })
  expect(linesOf(await bytesOf(rival.as.owner, 'jsonl')).map((line) => JSON.parse(line))).toEqual(wanted)
}, 300_000)

test('a correction that came in by a file has no conversation here, and can be removed', async () => {
  const { owner } = kit.rival.as
  const { rows } = await kit.owner.query(`SELECT id FROM example WHERE source = 'correction'`)
  expect(rows).toHaveLength(2)
  await removeExample(owner, { id: rows[0].id })
  const mine = (await readExamples(kit.shop.as.owner, { intent: 'top_up', skip: 0 })).examples
  expect(mine.find(({ source }) => source === 'correction')).toMatchObject({ displayId: 2, removable: false })
})

test('what another program calls a source is none', async () => {
  const rows = await readExampleFile(Buffer.from('{"text":"a","label":"b","source":"forum"}\n{"text":"c","label":"b"}'))
  expect(rows.map(({ source }) => source)).toEqual([undefined, undefined])
})

test('an intent that was put aside stays aside, and what was merged goes to the one that took its place', async () => {
  const { owner } = kit.shop.as
  const { key: old } = await createIntent(owner, { name: 'Old phone', description: '' })
  const { key: aside } = await createIntent(owner, { name: 'Fax', description: '' })
  await writeExample(owner, { text: 'my fax is out of paper', intent: aside })
  await mergeIntents(owner, { key: old, into: 'top_up' })
  await updateIntent(owner, { key: aside, archived: true })
  const before = (await readIntents(owner)).intents
  const file = [
    { text: 'an old phone', label: old },
    { text: 'an older phone', label: 'Old phone' },
    { text: 'a fax', label: 'fax' },
  ]
  const imported = await importExamples(owner, Buffer.from(file.map((row) => JSON.stringify(row)).join('\n')))
  expect(imported).toMatchObject({ rows: 3, added: 3, cases: 0, intents: [], aside: [aside] })
  const after = await intentsOf(owner)
  for (const { key, archived, mergedInto } of before) expect(after.get(key)).toMatchObject({ archived, mergedInto })
  const { examples } = await readExamples(owner, { intent: 'top_up', skip: 0 })
  expect(
    examples
      .slice(0, 2)
      .map(({ text }) => text)
      .sort(),
  ).toEqual(['an old phone', 'an older phone'])
  // Used again, it has the text that waited.
  await updateIntent(owner, { key: aside, archived: false })
  expect((await intentsOf(owner)).get(aside)).toMatchObject({ archived: false, texts: 2 })
})

test('labels that differ in more than Latin letters are as many intents, and one written otherwise is the same', async () => {
  const { owner } = kit.shop.as
  const labels = ['C++', 'C', 'C#', 'APP 登录', 'APP 闪退', 'VIP 退款', 'VIP 投诉', '5折', '5星', 'Gift card']
  const rows = labels.flatMap((label, at) =>
    ['one', 'two', 'three', 'four'].map((word) => ({ text: `${word} ${'abcdefghij'[at]}`, label })),
  )
  const file = (some: readonly object[]) => Buffer.from(some.map((row) => JSON.stringify(row)).join('\n'))
  const imported = await importExamples(owner, file(rows))
  expect(imported).toMatchObject({ rows: 40, added: 40, aside: [] })
  expect(imported.intents).toHaveLength(labels.length)
  const after = await intentsOf(owner)
  expect(imported.intents.map((key) => [after.get(key)?.name, after.get(key)?.texts])).toEqual(
    labels.map((label) => [label, 4]),
  )
  // The same file again, keys, and other ways to write what is there.
  const again = [...rows, ...imported.intents.map((label, at) => ({ text: `five ${'abcdefghij'[at]}`, label }))]
  const otherwise = ['c++', 'vip 退款', 'gift-card', 'Gift_Card', 'GIFT CARD', 'Top Up']
  const more = await importExamples(
    owner,
    file([...again, ...otherwise.map((label) => ({ text: `as ${label}`, label }))]),
  )
  expect(more).toMatchObject({ added: 10 + otherwise.length, intents: [], aside: [] })
  const last = await intentsOf(owner)
  expect(imported.intents.map((key) => last.get(key)?.texts)).toEqual([6, 5, 5, 5, 5, 6, 5, 5, 5, 8])
})

test('what comes along is known by what it is called in either language, for agents too, and counts as none of the account’s own', async () => {
  const { as } = kit.rival
  const file = (labels: readonly string[]) =>
    Buffer.from(labels.map((label) => JSON.stringify({ text: `called ${label}`, label })).join('\n'))
  const own = async () => [...(await intentsOf(as.owner)).values()].filter(({ group }) => group === 'own').length
  const before = await own()
  for (const ctx of [as.agent, as.owner])
    expect(await importExamples(ctx, file(['退款', 'placing an ORDER', '发票']))).toMatchObject({
      intents: [],
      aside: [],
    })
  expect(await own()).toBe(before)
  const texts = async (intent: string) =>
    (await readExamples(as.owner, { intent, skip: 0 })).examples.map(({ text }) => text)
  expect(await texts('refund')).toEqual(['called 退款'])
  expect(await texts('place_order')).toEqual(['called placing an ORDER'])
  expect(await texts('invoice')).toEqual(['called 发票'])

  // With a name of its own it is called nothing else; out of use it waits, and merged it is what took its place.
  await updateIntent(as.owner, { key: 'invoice', name: 'Bills' })
  await updateIntent(as.owner, { key: 'refund', archived: true })
  await mergeIntents(as.owner, { key: 'place_order', into: 'order_status' })
  const { intents, aside } = await importExamples(as.owner, file(['退款', '下单', '发票', 'Bills']))
  expect([intents.length, aside]).toEqual([1, ['refund']])
  expect((await intentsOf(as.owner)).get(intents[0] as string)).toMatchObject({ name: '发票', group: 'own' })
  expect(await texts('refund')).toEqual(['called 退款'])
  expect((await texts('order_status')).sort()).toEqual(['called placing an ORDER', 'called 下单'])
  expect(await texts('invoice')).toEqual(['called Bills'])
  // An account's own name from another one is no word for what is out of use here.
  const theirs = { text: 'as they call it', label: 'refund_2', label_name: 'Refund' }
  expect(await importExamples(as.owner, Buffer.from(JSON.stringify(theirs)))).toMatchObject({ intents: ['refund_2'] })
})
