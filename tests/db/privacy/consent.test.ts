/** Whom models learn from: nobody who refused, only those who agreed where the account says so; and nothing personal of anybody. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { importExamples } from '@/lib/flows/change-examples'
import { choosePrivacy, noteContactConsent, readContactConsent } from '@/lib/flows/choose-privacy'
import { correctLabel } from '@/lib/flows/correct-label'
import { exportExamples } from '@/lib/flows/export-examples'
import { openDataset } from '@/lib/flows/open-dataset'
import { openSession } from '@/lib/flows/open-session'
import { readDatasets, readDatasetTexts } from '@/lib/flows/read-datasets'
import { readIntents } from '@/lib/flows/read-intents'
import { rotateIdentitySecret } from '@/lib/flows/rotate-identity-secret'
import { startTraining } from '@/lib/flows/start-training'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { held } from '../../kit/guarantee'
import { createLearningKit, type LearningKit, linesOf } from '../learning/kit'
import { codeOf, type Written } from '../settings/kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 30)))
})
afterAll(() => kit.close())

/** A visitor whose message was corrected. */
async function teach(text: string): Promise<Written['from']> {
  const { conversationId, from } = await kit.shop.write(text)
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1 AND kind = 'incoming'`, [
    conversationId,
  ])
  await correctLabel(kit.shop.as.agent, { messageId: rows[0].id, field: 'intent', value: 'card_arrival' })
  return from
}

/** What the next training reads, learned and held out. */
async function lessons(): Promise<string> {
  const { as, accountId } = kit.shop
  await startTraining(as.owner)
  await kit.work()
  const { rows } = await kit.owner.query(
    'SELECT dataset_id FROM training_run WHERE account_id = $1 ORDER BY created_at DESC LIMIT 1',
    [accountId],
  )
  const { train, test: held } = await openDataset(as.owner, rows[0].dataset_id)
  return JSON.stringify([kit.tasks.at(-1)?.rows, held, train.length])
}

test('who refused teaches nothing, from the next training on; who agreed does', async () => {
  const { as } = kit.shop
  const { contactId: yes } = await teach('card_arrival: says yes')
  const { contactId: no } = await teach('card_arrival: says never')
  const { contactId: silent } = await teach('card_arrival: says nothing')
  expect(await readContactConsent(as.viewer, { id: yes })).toEqual({ trainingConsent: null })
  await noteContactConsent(as.agent, { id: yes, trainingConsent: 'given' })
  await noteContactConsent(as.agent, { id: no, trainingConsent: 'refused' })
  const first = await lessons()
  expect(['says yes', 'says never', 'says nothing'].map((said) => first.includes(said))).toEqual([true, false, true])
  // What a refusal leaves of a dataset is what is opened of it.
  const taken = async () => (await readDatasets(as.owner)).datasets.at(-1)
  const whole = await taken()
  expect(whole).toMatchObject({ refused: 0, gone: 0 })
  await noteContactConsent(as.agent, { id: silent, trainingConsent: 'refused' })
  expect(await taken()).toMatchObject({ there: (whole?.there ?? 0) - 1, refused: 1, gone: 0 })
  expect((await readDatasetTexts(as.owner, { id: whole?.id as string, skip: 0 })).of).toBe((whole?.there ?? 0) - 1)
  await noteContactConsent(as.agent, { id: silent, trainingConsent: null })
  const counted = async () => (await readIntents(as.owner)).intents.find(({ key }) => key === 'card_arrival')
  expect(await counted()).toMatchObject({ texts: 32 })

  await choosePrivacy(as.owner, { learnFrom: 'consented' })
  const second = await lessons()
  expect(['says yes', 'says never', 'says nothing'].map((said) => second.includes(said))).toEqual([true, false, false])
  expect(await counted()).toMatchObject({ texts: 31 })
  expect(String(await exportExamples(as.owner, { kind: 'jsonl' }))).not.toContain('nothing')
  // Taken back, it counts at once.
  await choosePrivacy(as.owner, { learnFrom: 'all' })
  await noteContactConsent(as.agent, { id: no, trainingConsent: null })
  expect(await lessons()).toContain('says never')
  held(
    '8 consent',
    'of 3 contacts the one who refused taught nothing, and with “only those who agreed” the silent one neither',
  )
  expect(await codeOf(noteContactConsent(as.viewer, { id: silent, trainingConsent: 'given' }))).toBe('forbidden')
  expect(await codeOf(noteContactConsent(kit.rival.as.owner, { id: silent, trainingConsent: 'given' }))).toBe(
    'not_found',
  )
})

test('a refusal stays when the site vouches for the visitor, whoever of the two refused', async () => {
  const { as, siteKey, inboxId, accountId } = kit.shop
  const { identitySecret } = await rotateIdentitySecret(as.admin, { id: inboxId })
  const outside = makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')
  /** A stranger who turns out to be somebody known; what each said before. */
  async function joined(userId: string, stranger: 'given' | 'refused' | null, known: 'given' | 'refused' | null) {
    const signature = createHmac('sha256', identitySecret).update(userId).digest('hex')
    const session = { siteKey, origin: undefined, host: undefined, identity: { userId, signature } }
    const { contactId: id } = await openSession(outside, session)
    if (known) await noteContactConsent(as.agent, { id, trainingConsent: known })
    const from = await teach(`card_arrival: once ${userId}`)
    if (stranger) await noteContactConsent(as.agent, { id: from.contactId, trainingConsent: stranger })
    const held = { accountId, ...from }
    expect((await openSession(outside, { ...session, held })).contactId).toBe(id)
    return (await readContactConsent(as.viewer, { id })).trainingConsent
  }
  expect(await joined('no-one', 'refused', null)).toBe('refused')
  expect(await joined('no-two', 'refused', 'given')).toBe('refused')
  expect(await joined('no-three', null, 'refused')).toBe('refused')
  expect(await joined('yes-four', null, null)).toBeNull()
  expect(await joined('yes-five', 'given', 'given')).toBe('given')
  const learned = await lessons()
  const said = ['once no-one', 'once no-two', 'once no-three', 'once yes-four', 'once yes-five']
  expect(said.map((text) => learned.includes(text))).toEqual([false, false, false, true, true])
})

test('nothing personal reaches a training', async () => {
  const personal = [
    'mei.wang@mail.example',
    '13800138000',
    '4242 4242 4242 4242',
    'Xanthippe Quill',
    'hunter2horse9',
    '李小龙',
  ]
  await importExamples(
    kit.shop.as.owner,
    Buffer.from(
      [
        'write to mei.wang@mail.example or call 13800138000',
        'my card is 4242 4242 4242 4242 and my password is hunter2horse9',
        'My name is Xanthippe Quill',
        '我叫李小龙，卡还没到',
      ]
        .map((text) => JSON.stringify({ text: `card_arrival: ${text}`, label: 'card_arrival' }))
        .join('\n'),
    ),
  )
  await lessons()
  const rows = JSON.stringify(kit.tasks.at(-1)?.rows)
  expect(personal.filter((said) => rows.includes(said))).toEqual([])
  // The control: they are in what is stored.
  expect(String(await exportExamples(kit.shop.as.owner, { kind: 'jsonl' }))).toContain('[email]')
  held('8 consent, nothing personal', `0 of ${personal.length} planted values in a training`)
})

test('names that the account knows are learned and exported by nobody, where nothing leads to them, either', async () => {
  const { as, accountId } = kit.shop
  const vault = await accountVault(as.owner)
  const { contactId } = await teach('card_arrival: thornwick pelham again, told Pelham the agent Agnieszka')
  const { rows } = await kit.owner.query('SELECT key FROM contact WHERE account_id = $1 AND id = $2', [
    accountId,
    contactId,
  ])
  // The control: nothing of it is masked while nobody is called so.
  expect(await lessons()).toMatch(/thornwick pelham.*Agnieszka/)
  const name = vault.contact(contactId, rows[0].key).seal('Thornwick Pelham', `${contactId} name`)
  await kit.owner.query('UPDATE contact SET name = $1 WHERE id = $2', [name, contactId])
  await kit.owner.query(`UPDATE "user" SET name = 'Agnieszka Wrona' WHERE name = 'shop agent'`)
  await startTraining(as.owner, { seed: 7 })
  await kit.work()
  expect(JSON.stringify(kit.tasks.at(-1)?.rows)).not.toMatch(/thornwick|pelham|agnieszka/i)
  expect(String(await exportExamples(as.owner, { kind: 'jsonl' }))).not.toMatch(/thornwick|pelham|agnieszka/i)
})
