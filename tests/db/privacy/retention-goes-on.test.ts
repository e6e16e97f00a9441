/** Retention and erasing again: one failure keeps nobody else's; and contacts of whom nothing is left go, whenever they were seen last. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { applyRetention } from '@/lib/flows/apply-retention'
import { attachAsVisitor } from '@/lib/flows/attach-file'
import { changePlan } from '@/lib/flows/change-plan'
import { choosePrivacy } from '@/lib/flows/choose-privacy'
import { eraseAgain } from '@/lib/flows/erase-contact'
import { openSession } from '@/lib/flows/open-session'
import { readAudit } from '@/lib/flows/read-audit'
import { receiveMessage } from '@/lib/flows/receive-message'
import { setStatus } from '@/lib/flows/set-status'
import { noteErasure } from '@/lib/platform/erasures'
import { pdf } from '../../kit/sample-files'
import { createKit, type Kit, type Shop } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const system = (accountId = '') => makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en')
const run = () => applyRetention(kit.services, system)

async function came(shop: Shop, { wrote = true, file = false } = {}): Promise<string> {
  const { siteKey, inboxId, accountId } = shop
  const identity = { name: 'Ann Other' }
  const session = { siteKey, origin: undefined, host: undefined, identity }
  const { contactId, sessionId } = await openSession(system(), session)
  const ctx = makeCtx(kit.services, { kind: 'visitor', contactId, sessionId, inboxId }, accountId, 'en')
  const attachments = file ? [(await attachAsVisitor(ctx, { name: 'a.pdf', bytes: pdf() })).id] : []
  if (!wrote) return contactId
  const clientId = ctx.newId()
  const { received } = await receiveMessage(ctx, { clientId, text: 'refund: it is long ago', attachments })
  await setStatus(shop.as.agent, { id: received.conversationId, status: 'resolved' })
  await kit.owner.query(`UPDATE conversation SET resolved_at = now() - interval '100 days' WHERE id = $1`, [
    received.conversationId,
  ])
  await seen(contactId, 100)
  return contactId
}

const seen = (contactId: string, days: number) =>
  kit.owner.query(`UPDATE contact SET last_seen_at = now() - $2 * interval '1 day' WHERE id = $1`, [contactId, days])

const there = async (ids: readonly string[]): Promise<string[]> =>
  (await kit.owner.query('SELECT id FROM contact WHERE id = ANY ($1) ORDER BY id', [ids])).rows.map(({ id }) => id)

/** Files that cannot be removed, as after a wrong chown. */
async function withoutRemoving(work: () => Promise<void>): Promise<void> {
  const { storage } = kit.services
  const remove = () => Promise.reject(new Error('EACCES'))
  kit.services.storage = Object.assign(Object.create(storage), { remove })
  try {
    await work()
  } finally {
    kit.services.storage = storage
  }
}

test('an account, or a contact, whose file cannot be removed keeps no other; the next run finishes', async () => {
  const { shop, rival } = kit
  for (const { as } of [shop, rival]) await choosePrivacy(as.admin, { keepMonths: 3 })
  const stuck = [await came(shop, { file: true }), await came(rival, { file: true })].sort()
  const others = [await came(shop), await came(rival)]
  await withoutRemoving(async () => {
    await expect(run()).rejects.toThrow('EACCES')
    expect(await there([...stuck, ...others])).toEqual(stuck)
  })
  expect(await run()).toBe(2)
  expect(await there(stuck)).toEqual([])
})

test('however many of them keep those behind them no longer', async () => {
  const { shop } = kit
  const stuck = await came(shop, { file: true })
  await kit.owner.query(
    `INSERT INTO conversation (account_id, id, display_id, inbox_id, contact_id, status, last_sequence, resolved_at, last_activity_at, created_at, superseded_by)
     SELECT account_id, gen_random_uuid(), 1000 + n, inbox_id, contact_id, 'resolved', 0, resolved_at - interval '1 day', resolved_at, resolved_at, gen_random_uuid()
     FROM (SELECT * FROM conversation WHERE contact_id = $1) c, generate_series(1, 560) n`,
    [stuck],
  )
  // Each with the message and its file.
  await kit.owner.query(
    `WITH said AS (
       INSERT INTO message SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'conversation_id', c.id, 'client_id', gen_random_uuid()))).*
       FROM conversation c, message m JOIN attachment a ON a.message_id = m.id
       WHERE c.contact_id = $1 AND a.contact_id = $1 AND c.id <> m.conversation_id RETURNING id)
     INSERT INTO attachment SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'message_id', said.id))).*
     FROM said, attachment a WHERE a.contact_id = $1`,
    [stuck],
  )
  await kit.owner.query(`UPDATE conversation SET resolved_at = now() - interval '200 days' WHERE contact_id = $1`, [
    stuck,
  ])
  const other = await came(shop)
  await withoutRemoving(async () => {
    await expect(run()).rejects.toThrow('EACCES')
    expect(await there([other])).toEqual([])
  })
  expect(await run()).toBe(561)
  expect(await there([stuck])).toEqual([])
})

test('what had gone of a contact before it failed stands in the audit log', async () => {
  const { shop } = kit
  const stuck = await came(shop, { file: true })
  // The file belongs to the last of many messages, in whichever order they are met.
  const last = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
  await kit.owner.query(
    `INSERT INTO message SELECT (jsonb_populate_record(m, jsonb_build_object('client_id', gen_random_uuid(), 'sequence', 100 + n,
       'id', CASE n WHEN 700 THEN $2::uuid ELSE gen_random_uuid() END))).*
     FROM message m JOIN attachment a ON a.message_id = m.id, generate_series(1, 700) n WHERE a.contact_id = $1 ORDER BY n`,
    [stuck, last],
  )
  await kit.owner.query('UPDATE attachment SET message_id = $2 WHERE contact_id = $1', [stuck, last])
  await changePlan(shop.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
  const facts = async () => (await readAudit(shop.as.owner, { act: 'retention.applied' })).entries[0]?.facts
  await withoutRemoving(async () => {
    await expect(run()).rejects.toThrow('EACCES')
    expect(await facts()).toMatchObject({ conversations: 0, messages: 500, contacts: 0, files: 0 })
  })
  expect(await run()).toBe(1)
  expect(await facts()).toMatchObject({ conversations: 1, contacts: 1, files: 1 })
})

test('one who cannot be erased again keeps no other', async () => {
  const { accountId } = kit.shop
  const [stuck, ...others] = [await came(kit.shop, { file: true }), await came(kit.shop), await came(kit.shop)]
  for (const contactId of [stuck, ...others]) await noteErasure(kit.services.env, { accountId, contactId })
  await withoutRemoving(async () => {
    await expect(eraseAgain(kit.services, system)).rejects.toThrow('EACCES')
    expect(await there([stuck, ...others])).toEqual([stuck])
  })
  expect(await eraseAgain(kit.services, system)).toBe(1)
})

test('who was seen once more, or never wrote, goes once that is long ago too', async () => {
  const [back, silent] = [await came(kit.shop), await came(kit.shop, { wrote: false })]
  const open = await kit.shop.write('refund: still open')
  await seen(back, 30)
  expect(await run()).toBe(1)
  expect(await there([back, silent])).toEqual([back, silent].sort())
  for (const id of [back, silent, open.from.contactId]) await seen(id, 100)
  const kept = await came(kit.shop, { wrote: false, file: true })
  await seen(kept, 100)
  expect(await run()).toBe(0)
  // An open conversation, and a file that waits to be sent, keep theirs.
  expect(await there([back, silent, open.from.contactId, kept])).toEqual([open.from.contactId, kept].sort())
})
