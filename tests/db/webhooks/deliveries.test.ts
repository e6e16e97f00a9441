/** How sending goes: tries, rests and giving up, the log, erasure, and who may do what. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { readNetworks } from '@/lib/core/networks'
import { claimDeliveries } from '@/lib/features/webhooks/outbox'
import { sendWebhookAgain, testWebhook, updateWebhook } from '@/lib/flows/change-webhooks'
import { eraseContact } from '@/lib/flows/erase-contact'
import { readDeliveries, readWebhooks } from '@/lib/flows/read-webhooks'
import { pruneWebhooks, webhookSender } from '@/lib/flows/send-webhooks'
import { accountVault, contactBox } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { codeOf } from '../settings/kit'
import { createWebhookKit, type WebhookKit } from './kit'

const hour = 3_600_000
let kit: WebhookKit
beforeAll(async () => {
  kit = await createWebhookKit()
})
afterAll(() => kit.close())
beforeEach(async () => {
  for (const table of ['webhook_endpoint', 'webhook_cursor', 'mail', 'event'])
    await kit.owner.query(`DELETE FROM ${table}`)
  kit.receiver.answer = (_hook, response) => void response.end()
  kit.ahead = 0
  kit.arrived()
})

const fail =
  (status: number, words = 'no'): WebhookKit['receiver']['answer'] =>
  (_hook, response) =>
    void response.writeHead(status).end(words)
const log = async (id: string) => (await readDeliveries(kit.shop.as.admin, { id })).deliveries

test('what fails is tried again with longer and longer pauses, under one id, and then given up', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  kit.receiver.answer = fail(500, 'out of order')
  await kit.shop.write('refund: hello')
  const begun = Date.now()
  const times: number[] = []
  for (let tries = 1; tries <= 12; tries++) {
    await kit.work()
    const [row] = await log(id)
    times.push(kit.ahead / hour)
    if (row?.state === 'failed') break
    expect(row).toMatchObject({ state: 'queued', attempts: tries, status: 500, answer: 'out of order' })
    kit.ahead = Math.max(Date.parse(row?.dueAt as string) - begun, kit.ahead) + 700_000
  }
  expect(await log(id)).toMatchObject([{ state: 'failed', attempts: 9, dueAt: null, endedAt: expect.any(String) }])
  expect(times.at(-1)).toBeGreaterThan(16)
  expect(times.at(-1)).toBeLessThan(32)
  const hooks = kit.arrived()
  expect(hooks).toHaveLength(9)
  expect(new Set(hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(new Set(hooks.map(({ body }) => body)).size).toBe(1)
  // Once more by hand: the same id, and now it works.
  kit.receiver.answer = (_hook, response) => void response.end('thanks')
  await sendWebhookAgain(kit.shop.as.admin, { id, delivery: hooks[0]?.json.id as string })
  await kit.work()
  expect(kit.arrived().map(({ json }) => json.id)).toEqual([hooks[0]?.json.id])
  expect(await log(id)).toMatchObject([{ state: 'sent', status: 200, answer: 'thanks', error: null }])
  expect((await readWebhooks(kit.shop.as.admin)).endpoints).toMatchObject([{ failingSince: null }])
})

test.each([
  [
    'a redirect',
    (_: unknown, response: Parameters<WebhookKit['receiver']['answer']>[1]) =>
      void response.writeHead(302, { location: kit.receiver.url }).end(),
    { status: 302, error: null },
  ],
  [
    'a cut connection',
    (_: unknown, response: Parameters<WebhookKit['receiver']['answer']>[1]) => void response.socket?.destroy(),
    { status: null, error: 'unreachable' },
  ],
])('%s is a failure, and is not followed', async (_name, answer, expected) => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  kit.receiver.answer = answer
  await kit.shop.write('refund: hello')
  await kit.work()
  expect(kit.arrived()).toHaveLength(1)
  expect(await log(id)).toMatchObject([{ state: 'queued', attempts: 1, ...expected }])
})

test('a long answer is cut and counts', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  kit.receiver.answer = fail(200, 'x'.repeat(3_000_000))
  await kit.shop.write('refund: hello')
  await kit.work()
  const [row] = await log(id)
  expect([row?.state, row?.answer?.length]).toEqual(['sent', 1_024])
})

test('slow endpoints of one account leave places for others, and a worker that stops gives back what it has in hand', async () => {
  await kit.endpoint(kit.shop, ['message.created'], '/slow')
  await kit.endpoint(kit.rival, ['message.created'], '/quick')
  kit.receiver.answer = (hook, response) => void (hook.path.endsWith('quick') && response.end())
  const { from } = await kit.shop.write('refund: 0')
  for (let n = 1; n < 8; n++) await kit.shop.write(`refund: ${n}`, from)
  await kit.rival.write('refund: quick')
  const sender = webhookSender(kit.services, kit.system, { opened: readNetworks('127.0.0.0/8') })
  const to = (path: string) => kit.receiver.hooks.filter((hook) => hook.path.endsWith(path)).length
  const [slow, quick] = [to('slow'), to('quick')]
  for (let round = 0; round < 8; round++) {
    await sender.round()
    await sleep(100)
  }
  expect([to('slow') - slow, to('quick') - quick]).toEqual([4, 1])
  const began = performance.now()
  await sender.stop()
  expect(performance.now() - began).toBeLessThan(5_000)
  const rows = (await kit.rows()).filter((row) => row.account_id === kit.shop.accountId)
  expect(rows.map(({ state, error }) => [state, error])).toEqual(Array(8).fill(['queued', null]))
})

test('an endpoint that fails again and again rests, while others go on', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'], '/broken')
  await kit.endpoint(kit.shop, ['message.created'], '/well')
  kit.receiver.answer = (hook, response) => void response.writeHead(hook.path.endsWith('broken') ? 503 : 200).end()
  const { from } = await kit.shop.write('refund: 0')
  for (let n = 1; n < 20; n++) await kit.shop.write(`refund: ${n}`, from)
  await kit.work()
  const paths = kit.arrived().map(({ path }) => path)
  expect(paths.filter((path) => path.endsWith('well'))).toHaveLength(20)
  const tried = paths.filter((path) => path.endsWith('broken')).length
  expect(tried).toBeGreaterThanOrEqual(5)
  expect(tried).toBeLessThan(12)
  expect((await log(id)).filter(({ attempts }) => attempts === 0)).toHaveLength(20 - tried)
  kit.receiver.answer = (_hook, response) => void response.end()
  kit.ahead = hour
  await kit.work()
  expect((await log(id)).every(({ state }) => state === 'sent')).toBe(true)
})

const mails = async () =>
  (await kit.owner.query('SELECT "to", subject FROM mail ORDER BY "to"')).rows as { to: string; subject: string }[]

test('five days without success switch it off: who manages the account is told, once, and what waited is dropped', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  kit.receiver.answer = fail(500)
  await kit.shop.write('refund: hello')
  await kit.work()
  kit.ahead = 4 * 24 * hour
  await kit.work()
  expect((await readWebhooks(kit.shop.as.admin)).endpoints).toMatchObject([{ enabled: true }])
  expect(await mails()).toEqual([])
  kit.ahead = 5 * 24 * hour + 1_000
  await kit.shop.write('refund: again')
  await kit.work()
  expect((await readWebhooks(kit.shop.as.admin)).endpoints).toMatchObject([{ enabled: false, offBecause: 'failing' }])
  const subject = `shop: the webhook to ${new URL(kit.receiver.url).host} was switched off`
  expect(await mails()).toEqual(['admin@shop.example', 'owner@shop.example'].map((to) => ({ to, subject })))
  expect((await log(id)).filter(({ state }) => state === 'queued')).toEqual([])
  const { rows } = await kit.owner.query(`SELECT actor_id, facts FROM audit_entry WHERE act = 'webhook.switched_off'`)
  expect(rows).toEqual([{ actor_id: null, facts: { because: 'failing' } }])
  expect(await codeOf(testWebhook(kit.shop.as.admin, { id }))).toBe('webhook_off')
  await updateWebhook(kit.shop.as.admin, { id, enabled: true })
  expect((await readWebhooks(kit.shop.as.admin)).endpoints).toMatchObject([{ offBecause: null, failingSince: null }])
})

test('410 Gone switches it off at once', async () => {
  await kit.endpoint(kit.shop, ['message.created'])
  kit.receiver.answer = fail(410)
  await kit.shop.write('refund: hello')
  await kit.work()
  expect((await readWebhooks(kit.shop.as.admin)).endpoints).toMatchObject([{ enabled: false, offBecause: 'gone' }])
  expect(await mails()).toHaveLength(2)
})

test('nothing of a text lies in the outbox in clear; an erased person is not told of, and leaves the log', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created', 'contact.erased'])
  const { from, conversationId } = await kit.shop.write('refund: wordnobodyelsesays')
  kit.receiver.answer = (hook, response) => void response.writeHead(500).end(hook.body)
  await kit.work()
  const [row] = await kit.rows()
  const clear = await kit.owner.query('SELECT d::text || e::text AS all FROM webhook_delivery d, webhook_endpoint e')
  for (const word of ['wordnobodyelsesays', kit.receiver.url, 'whsec_']) expect(clear.rows[0].all).not.toContain(word)
  const sealed = row?.answer as Buffer
  expect(sealed.toString('latin1')).not.toContain('wordnobodyelsesays')
  expect((await log(id))[0]?.answer).toContain('wordnobodyelsesays')
  const box = await contactBox(kit.system(kit.shop.accountId), from.contactId)
  const account = await accountVault(kit.system(kit.shop.accountId))
  const about = `${row?.id} webhook answer`
  // Under the contact's key, which goes with them: nobody else's opens it.
  expect(box.open(sealed, about)).toContain('wordnobodyelsesays')
  expect(() => account.open(sealed, about)).toThrow()
  await kit.shop.write('refund: another', from)
  await kit.derive(kit.shop)
  await eraseContact(kit.shop.as.admin, { id: from.contactId })
  expect(await kit.rows()).toEqual([])
  kit.receiver.answer = (_hook, response) => void response.end()
  kit.arrived()
  kit.ahead = 48 * hour
  await kit.work()
  expect(kit.arrived().map(({ json }) => [json.type, json.data])).toEqual([
    ['contact.erased', { contact: { id: from.contactId } }],
  ])
  expect(conversationId).toBeTruthy()
})

test('a conversation that is gone when its news is due is dropped', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  const { conversationId } = await kit.shop.write('refund: hello')
  await kit.derive(kit.shop)
  await kit.owner.query('DELETE FROM message WHERE conversation_id = $1', [conversationId])
  await kit.work()
  expect(await log(id)).toMatchObject([{ state: 'dropped', error: 'gone', attempts: 1 }])
  expect(kit.arrived()).toEqual([])
})

test('several workers have each delivery in hand once, and news become one delivery', async () => {
  await kit.endpoint(kit.shop, ['message.created'])
  const { from } = await kit.shop.write('refund: 0')
  for (let n = 1; n < 10; n++) await kit.shop.write(`refund: ${n}`, from)
  const system = kit.system(kit.shop.accountId)
  await Promise.all([kit.derive(kit.shop), kit.derive(kit.shop), kit.derive(kit.shop)])
  await kit.derive(kit.shop)
  const claims = await Promise.all([1, 2, 3].map(() => inAccount(system, (tx) => claimDeliveries(tx, system, 5))))
  const ids = claims.flat().map((one) => one.id)
  expect([ids.length, new Set(ids).size]).toEqual([10, 10])
  expect(await inAccount(system, (tx) => claimDeliveries(tx, system, 5))).toEqual([])
  // Derived once more, from the beginning: the same ids, nothing twice.
  await kit.owner.query('UPDATE webhook_cursor SET xid = 0, id = 0')
  await kit.derive(kit.shop)
  expect(await kit.rows()).toHaveLength(10)
  // A cursor of another database, from before a restore.
  await kit.owner.query('UPDATE webhook_cursor SET xid = 9000000000000')
  await kit.work()
  await kit.shop.write('refund: after a restore', from)
  await kit.work()
  expect(await kit.rows()).toHaveLength(11)
})

test('the log is kept for a week', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  for (const days of [8, 6])
    await kit.owner.query(
      `INSERT INTO webhook_delivery (account_id, endpoint_id, id, type, facts, happened_at, created_at, due_at, state)
       VALUES ($1, $2, $3, 'webhook.test', '{}', now(), now() - $4 * interval '1 day', now(), 'sent')`,
      [kit.shop.accountId, id, newId(), days],
    )
  await pruneWebhooks(kit.services, new Date())
  expect(await kit.rows()).toHaveLength(1)
})

test('a test event, pages of the log, and what others may not', async () => {
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  const { admin, agent } = kit.shop.as
  for (let n = 0; n < 52; n++) await testWebhook(admin, { id })
  await kit.work()
  const first = kit.arrived()[0]
  expect(first?.json).toMatchObject({ type: 'webhook.test', data: {} })
  const page = await readDeliveries(admin, { id })
  expect([page.deliveries.length, page.more]).toEqual([50, true])
  const rest = await readDeliveries(admin, { id, before: page.deliveries.at(-1)?.id })
  expect([rest.deliveries.length, rest.more]).toEqual([2, false])
  expect(new Set([...page.deliveries, ...rest.deliveries].map((one) => one.id)).size).toBe(52)
  expect((await readDeliveries(admin, { id, state: 'failed' })).deliveries).toEqual([])
  expect(await codeOf(readWebhooks(agent))).toBe('forbidden')
  for (const ask of [readDeliveries, testWebhook, updateWebhook] as const)
    expect(await codeOf(ask(kit.rival.as.admin, { id, enabled: true } as never) as Promise<unknown>)).toBe('not_found')
  for (let n = 0; n < 9; n++) await kit.endpoint(kit.shop, ['message.created'])
  expect(await codeOf(kit.endpoint(kit.shop, ['message.created']))).toBe('too_many')
  expect(JSON.stringify(await readWebhooks(admin))).not.toContain('whsec_')
})
