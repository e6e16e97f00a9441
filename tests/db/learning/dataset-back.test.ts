/** The dataset of a training comes into another account as it was: names of intents, sides, conversations, counts and content hash. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples, writeExample } from '@/lib/flows/change-examples'
import { createIntent, updateIntent } from '@/lib/flows/change-intents'
import { changePlan } from '@/lib/flows/change-plan'
import { correctLabel } from '@/lib/flows/correct-label'
import { createAccount } from '@/lib/flows/create-account'
import { type ExportKind, exportDataset, exportExamples } from '@/lib/flows/export-examples'
import { readDatasets } from '@/lib/flows/read-datasets'
import { readExamples } from '@/lib/flows/read-examples'
import { readIntents } from '@/lib/flows/read-intents'
import { startTraining } from '@/lib/flows/start-training'
import type { Ctx, MemberActor } from '@/lib/platform/context'
import { createLearningKit, type LearningKit } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await changePlan(kit.rival.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
})
afterAll(() => kit.close())

const letters = (at: number) => [...String(at)].map((digit) => `${'bdfgklmnps'[Number(digit)]}a`).join('')
const file = (rows: readonly object[]) => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
const namesOf = async (ctx: Ctx) =>
  new Map((await readIntents(ctx)).intents.flatMap(({ key, name, texts }) => (name ? [[name, { key, texts }]] : [])))
const newest = async (ctx: Ctx) => (await readDatasets(ctx)).datasets[0]
const rowsOf = async (ctx: Ctx, id: string) =>
  Buffer.from(await exportDataset(ctx, { id, kind: 'jsonl' }))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('from every form: the same counts, sides, conversations and hash', async () => {
  const { shop, rival } = kit
  const { owner } = shop.as
  const rows = Array.from({ length: 60 }, (_, at) => ({
    text: `where is my parcel ${letters(at)} now`,
    label: at % 2 ? '色差' : 'VIP 退款',
    // As ids in base64url may begin, which a spreadsheet would take for a formula.
    ...(at < 4 && { conversation: `-Ab_${at >> 1}` }),
  }))
  await importExamples(owner, file(rows))
  const colour = (await namesOf(owner)).get('色差')?.key as string
  await writeExample(shop.as.agent, { text: 'the colour is another one', intent: colour })
  // Messages of conversations, in words that the account itself uses: they leave as they are.
  for (let talk = 0; talk < 12; talk++) {
    const { conversationId, from } = await shop.write(`where is my parcel ${letters(talk)}`)
    await shop.write(`is my parcel ${letters(talk)} now`, from)
    const said = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1`, [conversationId])
    for (const { id } of said.rows)
      await correctLabel(shop.as.agent, { messageId: id, field: 'intent', value: talk % 2 ? colour : 'refund' })
  }
  await startTraining(owner)
  const taken = await newest(owner)
  const given = await rowsOf(owner, taken?.id as string)
  expect(given).toHaveLength(85)
  const talks = new Map<string, number>()
  for (const { conversation, source } of given)
    if (source === 'correction') talks.set(conversation, (talks.get(conversation) ?? 0) + 1)
  expect([...talks.values()]).toEqual(Array(12).fill(2))
  expect(given.filter(({ conversation, source }) => source === 'import' && conversation)).toHaveLength(4)
  expect(new Set(given.map(({ label_name }) => label_name))).toEqual(new Set(['色差', 'VIP 退款', undefined]))

  for (const [at, kind] of (['jsonl', 'csv', 'parquet'] as const).entries()) {
    const into = at ? await another(kind) : rival.as.owner
    const bytes = Buffer.from(await exportDataset(owner, { id: taken?.id as string, kind }))
    expect(await importExamples(into, bytes)).toMatchObject({ rows: 85, added: 85 })
    await startTraining(into)
    const back = await newest(into)
    const { terms: _, ...counts } = back?.counts ?? {}
    const { terms: __, ...wanted } = taken?.counts ?? {}
    expect([back?.hash, counts], kind).toEqual([taken?.hash, wanted])
    expect(await rowsOf(into, back?.id as string), kind).toEqual(given)
  }
})

async function another(name: ExportKind): Promise<Ctx> {
  const { as } = kit.rival
  const { userId } = as.owner.actor as MemberActor
  const { accountId, membershipId } = await createAccount({ ...as.owner, actor: { kind: 'user', userId } }, { name })
  const ctx: Ctx = { ...as.owner, accountId, actor: { ...(as.owner.actor as MemberActor), membershipId } }
  await changePlan(ctx, { plan: 'business', interval: 'month', currency: 'usd' })
  return ctx
}

test('one key for two names: the name decides, and is not lost where the key is free', async () => {
  const { shop, rival } = kit
  const made = async (ctx: Ctx, name: string, key: string) => {
    const { key: own } = await createIntent(ctx, { name, description: '' })
    // As keys were made before: by counting.
    await kit.owner.query(`UPDATE intent SET key = $3 WHERE account_id = $1 AND key = $2`, [ctx.accountId, own, key])
    return writeExample(ctx, { text: `这是${name}`, intent: key })
  }
  await made(shop.as.owner, '掉色', 'intent_41')
  await made(shop.as.owner, '缺件', 'intent_42')
  await made(rival.as.owner, '漏发', 'intent_41')
  for (const kind of ['jsonl', 'csv', 'parquet'] as const) {
    await importExamples(rival.as.owner, Buffer.from(await exportExamples(shop.as.owner, { kind })))
    const names = await namesOf(rival.as.owner)
    expect(names.get('漏发'), kind).toEqual({ key: 'intent_41', texts: 1 })
    expect(names.get('缺件'), kind).toEqual({ key: 'intent_42', texts: 1 })
    const key = names.get('掉色')?.key as string
    expect(key, kind).toMatch(/^intent_[0-9a-f]{8}$/)
    const { examples } = await readExamples(rival.as.owner, { intent: key, skip: 0 })
    expect(
      examples.map(({ text }) => text),
      kind,
    ).toEqual(['这是掉色'])
  }
})

test('what comes along is itself by its key, and one that was renamed since is itself by what its key was made of', async () => {
  const { owner } = kit.shop.as
  await updateIntent(owner, { key: 'refund', name: 'Money back' })
  const { key } = await createIntent(owner, { name: 'Gift card', description: '' })
  await writeExample(owner, { text: 'a voucher for my aunt', intent: key })
  const bytes = Buffer.from(await exportExamples(owner, { kind: 'jsonl' }))
  await updateIntent(owner, { key, name: 'Vouchers' })
  expect(await importExamples(owner, bytes)).toMatchObject({ intents: [] })
  expect((await namesOf(owner)).get('Vouchers')).toEqual({ key: 'gift_card', texts: 1 })
  const there = await importExamples(kit.rival.as.owner, bytes)
  expect(there.intents).toEqual(['gift_card'])
  expect([...(await namesOf(kit.rival.as.owner)).keys()]).not.toContain('Money back')
})
