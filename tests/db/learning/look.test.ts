/** Labels are looked through by the worker: asked for by whoever opens the page, over all that was said, and shown as it still stands. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { askLook, dropLook, holdLook, keepLook, type Taken, takeLook } from '@/lib/features/learning/look'
import { importExamples, writeExample } from '@/lib/flows/change-examples'
import { eraseContact } from '@/lib/flows/erase-contact'
import { lookAtLabels } from '@/lib/flows/look-at-labels'
import { readHealth } from '@/lib/flows/read-health'
import { reply } from '@/lib/flows/reply'
import { startTraining } from '@/lib/flows/start-training'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { ctxOf } from '../ingest/house'
import { label, newsOf, type Written } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

const turn = () => lookAtLabels(kit.services, (accountId) => ctxOf(kit.services as never, accountId))
const ago = (minutes: number) =>
  kit.owner.query(
    'UPDATE label_look SET looked_at = looked_at - make_interval(mins => $1), asked_at = asked_at - make_interval(mins => $1)',
    [minutes],
  )

test('who opens the page asks for a look; the worker does it, and the page hears of it', async () => {
  const { owner } = kit.shop.as
  expect(await turn()).toBe(false)
  expect(await readHealth(owner)).toMatchObject({ lookedAt: null, again: true })
  // Looked at by one of two workers.
  expect((await Promise.all([turn(), turn()])).filter(Boolean)).toHaveLength(1)
  expect(await readHealth(owner)).toMatchObject({ lookedAt: expect.any(Date), again: false })
  expect(await newsOf(kit, kit.shop)).toContain('account.updated health')
  expect(await turn()).toBe(false)
  // Something new is looked at once the last look is a minute old.
  await writeExample(owner, { text: 'where is my card', intent: 'refund' })
  expect((await readHealth(owner)).again).toBe(false)
  await ago(2)
  expect((await readHealth(owner)).again).toBe(true)
  expect(await turn()).toBe(true)
  await ago(2)
  expect((await readHealth(owner)).again).toBe(false)
})

test('a worker that died over it is replaced after a minute', async () => {
  await kit.owner.query('UPDATE label_look SET asked_at = now(), taken_at = now()')
  expect(await turn()).toBe(false)
  await kit.owner.query(`UPDATE label_look SET taken_at = now() - interval '61 seconds'`)
  expect(await turn()).toBe(true)
})

test('nobody takes what is looked at already, and what was found among texts that went meanwhile is not written back', async () => {
  const { owner } = kit.shop.as
  const within = <T>(work: (tx: Tx) => Promise<T>) => inAccount(owner, work)
  // Another worker found it waiting as well, and comes after it was done.
  expect(await within((tx) => takeLook(tx, owner))).toBeNull()
  await within((tx) => askLook(tx, owner))
  const look = (await within((tx) => takeLook(tx, owner))) as Taken
  const vault = await accountVault(owner)
  const found = { doubts: [], contradictions: [], overlaps: [], proposals: [{ messageIds: [], words: ['secret'] }] }
  const keep = (one: Taken) => within((tx) => keepLook(tx, owner, vault, one, { at: new Date(), found }))
  await within((tx) => dropLook(tx, owner))
  await within((tx) => holdLook(tx, owner, look))
  expect(await keep(look)).toBe(false)
  const kept = () => kit.owner.query('SELECT found, asked_at > looked_at AS again FROM label_look')
  expect((await kept()).rows).toEqual([{ found: null, again: true }])
  // At once, not after a minute.
  const next = (await within((tx) => takeLook(tx, owner))) as Taken
  await within((tx) => holdLook(tx, owner, next))
  expect(await keep(next)).toBe(true)
})

test('contradictions are found among all texts, however old', async () => {
  const { owner } = kit.shop.as
  await writeExample(owner, { text: 'the oldest of all texts is here', intent: 'refund' })
  await importExamples(owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 2_600)))
  await writeExample(owner, { text: 'the oldest of all texts is here!', intent: 'top_up' })
  await kit.owner.query('UPDATE label_look SET asked_at = now()')
  const heard = new Set<number>()
  const looking = lookAtLabels(kit.services, (accountId) => ctxOf(kit.services as never, accountId), 5)
  for (let over = false; !over; ) {
    over = await Promise.race([looking, new Promise<false>((done) => setTimeout(done, 5, false))])
    const { rows } = await kit.owner.query('SELECT taken_at FROM label_look WHERE taken_at IS NOT NULL')
    for (const { taken_at } of rows) heard.add(taken_at.getTime())
  }
  // All the while its worker says that it lives.
  expect(heard.size).toBeGreaterThan(2)
  const { contradictions } = await readHealth(owner)
  expect(contradictions.map((group) => group.map(({ intent }) => intent).sort())).toEqual([['refund', 'top_up']])
})

test('doubts and overlaps come from the newest ordinary training, however many failed since', async () => {
  const { owner } = kit.shop.as
  await startTraining(owner)
  await kit.work()
  const before = await kit.health(owner)
  expect(before.doubts).toHaveLength(1)
  expect(before.overlaps[0]).toMatchObject({ one: 'card_arrival', other: 'refund', count: 3 })
  expect(before.overlaps[0]?.texts.length).toBeGreaterThan(0)
  await kit.owner.query(
    `INSERT INTO training_run (account_id, id, dataset_id, state, seed, created_at)
     SELECT account_id, gen_random_uuid(), dataset_id, 'failed', 9, now() FROM training_run, generate_series(1, 60)`,
  )
  expect((await kit.health(owner)).doubts).toEqual(before.doubts)
})

test('what nobody answered within a day is grouped, too, unless an intent covers it; an erased message is in no group', async () => {
  const { shop } = kit
  const covered = (text: string) => /refund/.test(text)
  kit.services.classifier.classify = async ({ text }) =>
    label(covered(text) ? {} : { intent: /lift/.test(text) ? 'invoice' : 'complaint', intentProbability: 0.4 })
  const written: Written[] = []
  for (const at of [1, 2, 3, 4, 5, 6]) written.push(await shop.write(`can you lend me a ladder of ${at} metres`))
  for (const at of [1, 2, 3, 4, 5, 6]) await shop.write(`a refund for order ${at} please`)
  const proposals = async () => (await kit.health(shop.as.owner)).proposals
  expect(await proposals()).toEqual([])
  await kit.owner.query(`UPDATE message SET created_at = now() - interval '25 hours' WHERE kind = 'incoming'`)
  const [ladder, ...others] = await proposals()
  expect(others).toEqual([])
  expect(ladder).toMatchObject({ people: 6, unanswered: 6, words: expect.arrayContaining(['ladder']) })
  expect(ladder?.messageIds).toHaveLength(6)

  const [first, second] = written as [Written, Written]
  await eraseContact(shop.as.owner, { id: first.from.contactId })
  // Nothing of it is kept until the next look, which is asked for at once.
  const { rows } = await kit.owner.query('SELECT found FROM label_look WHERE account_id = $1', [shop.accountId])
  expect(rows).toEqual([{ found: null }])
  expect((await proposals())[0]?.messageIds).toHaveLength(5)
  await reply(shop.as.agent, { id: second.conversationId, clientId: newId(), text: 'We can', attachments: [] })
  expect(await proposals()).toEqual([])
})
