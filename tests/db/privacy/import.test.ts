/** An account's file brought into another installation gives the same file again, byte by byte; and the account works there. */
import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { portableTables } from '@/lib/features/accounts/portable'
import { championOf } from '@/lib/features/learning/champion'
import { openMail } from '@/lib/features/mail/sealed'
import { changePlan } from '@/lib/flows/change-plan'
import { eraseContact } from '@/lib/flows/erase-contact'
import { listConversations } from '@/lib/flows/list-conversations'
import { openSession } from '@/lib/flows/open-session'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readAttachment } from '@/lib/flows/read-attachment'
import { checkAudit } from '@/lib/flows/read-audit'
import { readConversation } from '@/lib/flows/read-conversation'
import { readLearning } from '@/lib/flows/read-learning'
import { receiveMessage } from '@/lib/flows/receive-message'
import { reply } from '@/lib/flows/reply'
import { requestLink } from '@/lib/flows/request-link'
import { resetPassword } from '@/lib/flows/reset-password'
import { rollBack } from '@/lib/flows/roll-back'
import { rotateIdentitySecret } from '@/lib/flows/rotate-identity-secret'
import { searchConversations } from '@/lib/flows/search-conversations'
import { signIn } from '@/lib/flows/sign-in'
import type { Ctx } from '@/lib/platform/context'
import { createLearningKit, type LearningKit } from '../learning/kit'
import { codeOf, type Kit } from '../settings/kit'
import { actingAs, bring, comparable, emptyKit, enrich, fileOf, linesIn } from './rich-account'

let here: LearningKit
let there: Kit
let file: string
let owner: Ctx
beforeAll(async () => {
  here = await createLearningKit()
  there = await emptyKit()
  await enrich(here)
  file = await fileOf(here.shop.as.owner)
}, 120_000)
afterAll(async () => {
  await here?.close()
  await there?.close()
})

const count = async (kit: Kit, table: string, accountId: string): Promise<number> =>
  (await kit.owner.query(`SELECT count(*)::int AS n FROM "${table}" WHERE account_id = $1`, [accountId])).rows[0].n

test('the account has something in every table that leaves it', () => {
  const found = new Set(linesIn(file).map(({ what }) => what))
  expect(portableTables.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([])
  // Bytes of a table that nobody opens would come in under keys that are not theirs.
  expect(file).not.toMatch(/"\\\\x[0-9a-f]*"/)
})

test('what comes out of the other installation is what went in, byte by byte; a changed row shows', async () => {
  const done = await bring(there, file)
  const { accountId } = here.shop
  expect(done).toMatchObject({ accountId, slug: 'shop', sameId: true, erased: 0, people: { known: 0, added: 4 } })
  owner = await actingAs(there, accountId)
  expect(comparable(await fileOf(owner))).toBe(comparable(file))
  // Nothing was used here, nobody's news were told, nothing is paid for, and one entry of the log says where it is from.
  for (const table of ['usage_record', 'event', ...portableTables.flatMap((one) => (one.notBrought ? [one.name] : []))])
    expect([table, await count(there, table, accountId)]).toEqual([table, 0])
  const { rows } = await there.owner.query(
    'SELECT act, facts FROM audit_entry WHERE account_id = $1 ORDER BY sequence',
    [accountId],
  )
  expect(rows[0]).toMatchObject({ act: 'account.imported', facts: { from: accountId } })
  await changePlan(owner, { plan: 'business', interval: 'month', currency: 'usd' })
  expect((await checkAudit(owner)).broken).toBeNull()
  // The control: one sign of one row.
  await there.owner.query(`UPDATE label SET name = name || '.' WHERE account_id = $1`, [accountId])
  const [a, b] = [comparable(file).split('\n'), comparable(await fileOf(owner)).split('\n')]
  expect(a.filter((line, at) => line !== b[at]).map((line) => JSON.parse(line).what)).toEqual(['label'])
  await there.owner.query(`UPDATE label SET name = rtrim(name, '.') WHERE account_id = $1`, [accountId])
})

test('counts that triggers keep, and copies, are those of the original', async () => {
  const { accountId } = here.shop
  for (const sql of [
    `SELECT key, n FROM conversation_count WHERE account_id = $1 AND n <> 0 ORDER BY key`,
    `SELECT conversation_id, label_id, status, last_activity_at FROM conversation_label WHERE account_id = $1 ORDER BY 1, 2`,
    `SELECT id, labelled, message_count FROM conversation WHERE account_id = $1 ORDER BY id`,
    `SELECT id, cardinality(tokens) AS words, body_hash IS NULL AS silent FROM message WHERE account_id = $1 AND body <> '\\x01' ORDER BY id`,
    `SELECT id, cardinality(tokens) AS words, email_hash IS NULL, external_hash IS NULL FROM contact WHERE account_id = $1 ORDER BY id`,
  ])
    expect((await there.owner.query(sql, [accountId])).rows).toEqual((await here.owner.query(sql, [accountId])).rows)
})

test('a member gets in by a link, and sees lists, texts, files and what is searched for in both languages', async () => {
  const outside = makeCtx(there.services, { kind: 'system', reason: 'test' }, '', 'en')
  const password = 'violet harbour kettle'
  const email = 'agent@shop.example'
  expect(await codeOf(signIn(outside, { email, password }, '192.0.2.1'))).toBe('sign_in_failed')
  await requestLink(outside, { email, purpose: 'reset' }, '192.0.2.1')
  const mail = await there.owner.query(`SELECT id, text, html, sealed FROM mail WHERE "to" = $1`, [email])
  const token = /\/reset\/([\w-]+)/.exec(openMail(there.services.vault, mail.rows[0]).text)?.[1] as string
  await resetPassword(outside, { token, password }, '192.0.2.1')
  const userId = await signIn(outside, { email, password }, '192.0.2.1')
  const agent = await actingAs(there, here.shop.accountId, 'agent')
  expect(agent.actor).toMatchObject({ userId })
  const [ours, theirs] = [await listConversations(agent), await listConversations(here.shop.as.agent)]
  expect(ours).toEqual(theirs)
  for (const q of ['坏了', 'third', 'how to', '林梅'])
    expect((await searchConversations(agent, { q })).rows.map(({ id }) => id)).toEqual(
      (await searchConversations(here.shop.as.agent, { q })).rows.map(({ id }) => id),
    )
  const [found] = (await searchConversations(agent, { q: '坏了' })).rows
  expect(await readConversation(agent, { id: found?.id as string })).toEqual(
    await readConversation(here.shop.as.agent, { id: found?.id as string }),
  )
  const files = linesIn(file).filter(({ what }) => what === 'attachment')
  expect(files).toHaveLength(2)
  for (const { row } of files) {
    const { bytes, name } = await readAttachment(agent, String(row.id))
    expect([name, createHash('sha256').update(bytes).digest('hex')]).toEqual([row.name, row.sha256])
  }
})

test('threads go on: a visitor whom the shop vouches for finds theirs, with the next sequence; numbers are never given twice', async () => {
  const inbox = linesIn(file).find(({ what }) => what === 'inbox')?.row ?? {}
  const session = { siteKey: String(inbox.site_key), origin: 'https://shop.example', host: undefined }
  const outside = makeCtx(there.services, { kind: 'system', reason: 'test' }, '', 'en')
  const opened = await openSession(outside, session)
  const visitor = (who: { contactId: string; sessionId: string }) =>
    makeCtx(there.services, { kind: 'visitor', ...who, inboxId: String(inbox.id) }, here.shop.accountId, 'en')
  const { received } = await receiveMessage(visitor(opened), { clientId: newId(), text: 'refund: I am new' })
  const last = (JSON.parse(file.split('\n')[0] as string).row.account as { lastDisplayId: number }).lastDisplayId
  expect((await readConversation(owner, { id: received.conversationId })).displayId).toBe(last + 1)
  // The old secret of the inbox stayed where it was; a new one signs.
  const { identitySecret } = await rotateIdentitySecret(owner, { id: String(inbox.id) })
  await there.owner.query('UPDATE contact SET external_hash = NULL, external_id = NULL WHERE account_id = $1', [
    newId(),
  ])
  const userId = 'customer-7'
  const signature = createHmac('sha256', identitySecret).update(userId).digest('hex')
  const again = await openSession(outside, { ...session, identity: { userId, signature } })
  expect(again.contactId).toBe(linesIn(file).find(({ row }) => row.external_id === userId)?.row.id)
  await reply(owner, { id: received.conversationId, clientId: newId(), text: 'welcome' })
})

test('models: what was in charge stays behind, the one that comes along answers, and the texts are there to learn again', async () => {
  expect(await championOf(owner)).toMatchObject({ bundle: 'base' })
  const { versions, championId, runs, learned } = await readLearning(owner)
  const before = await readLearning(here.shop.as.owner)
  expect([championId, before.championId]).toEqual([null, before.versions[1]?.id])
  expect(versions.map(({ number, brought }) => [number, brought])).toEqual([
    [2, true],
    [1, true],
  ])
  expect([runs.length, learned]).toEqual([before.runs.length, before.learned])
  const { id } = versions[1] ?? { id: '' }
  expect(await codeOf(promoteVersion(owner, { id }))).toBe('weights_elsewhere')
  expect(await codeOf(rollBack(owner, { id }))).toBe('weights_elsewhere')
})

test('who was erased since stays erased, where the file is brought in again', async () => {
  const gone = linesIn(file).find(({ what, row }) => what === 'contact' && row.name === '林梅 🍵')?.row.id as string
  await eraseContact(here.shop.as.owner, { id: gone })
  const done = await bring(here, file)
  expect(done).toMatchObject({ sameId: false, slug: 'shop-2', erased: 1, people: { known: 4, added: 0 } })
  const left = await fileOf(await actingAs(here, done.accountId))
  expect(left).not.toContain('林梅')
  expect(left).not.toContain('坏了')
  expect(left).toContain('it is me again')
})
