/** What endpoints are told, and when: from event rows to signed requests, for exactly those who asked. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { webhookEvents } from '@/lib/features/webhooks/events'
import { addNote } from '@/lib/flows/add-note'
import { assignConversation } from '@/lib/flows/assign'
import { setThresholds } from '@/lib/flows/change-intents'
import { deleteWebhook, rotateWebhook, updateWebhook } from '@/lib/flows/change-webhooks'
import { correctLabel } from '@/lib/flows/correct-label'
import { eraseContact } from '@/lib/flows/erase-contact'
import { flagMessage } from '@/lib/flows/flag-message'
import { reply } from '@/lib/flows/reply'
import { setPriority } from '@/lib/flows/set-priority'
import { setStatus } from '@/lib/flows/set-status'
import { undoChange } from '@/lib/flows/undo-change'
import { createWebhookKit, type WebhookKit } from './kit'

let kit: WebhookKit
beforeAll(async () => {
  kit = await createWebhookKit()
})
afterAll(() => kit.close())
beforeEach(async () => {
  await kit.owner.query('DELETE FROM webhook_endpoint')
  await kit.owner.query('DELETE FROM webhook_cursor')
  kit.receiver.answer = (_hook, response) => void response.end()
  kit.ahead = 0
  kit.arrived()
})

/** Types in an order that does not depend on which request was quicker. */
const types = () => {
  const order = [...webhookEvents, 'webhook.test'] as string[]
  const hooks = kit.arrived().map(({ json }) => json.type)
  return hooks.sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

test('a conversation from its first message to its end, with a note that nobody is told of', async () => {
  const { as, members, accountId } = kit.shop
  await kit.endpoint(kit.shop, [...webhookEvents])
  const { conversationId: id, from } = await kit.shop.write('refund negative high: where is my money?')
  await kit.work()
  const first = kit.arrived()
  expect(first.map(({ json }) => json.type).sort()).toEqual([
    'conversation.created',
    'message.created',
    'message.labelled',
  ])
  const of = (type: string) => first.find(({ json }) => json.type === type)
  expect(of('message.created')?.json).toEqual({
    id: expect.any(String),
    type: 'message.created',
    version: 1,
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    account: { id: accountId, slug: 'shop' },
    data: {
      conversation: {
        ...{
          id,
          number: 1,
          inboxId: kit.shop.inboxId,
          status: 'open',
          priority: 'normal',
          assigneeId: null,
          teamId: null,
        },
        createdAt: expect.any(String),
        url: expect.stringMatching(/\/shop\/inbox\/1$/),
      },
      contact: { id: from.contactId, externalId: null, name: null, email: null },
      message: {
        ...{ id: expect.any(String), from: 'visitor', author: null, attachments: [], createdAt: expect.any(String) },
        text: 'refund negative high: where is my money?',
      },
    },
  })
  const label = (value: string, probability: number) => ({ value, probability, by: 'model' })
  expect(of('message.labelled')?.json.data.labels).toEqual({
    ...{ intent: label('refund', 0.9), sentiment: label('negative', 0.9), urgency: label('high', 0.9) },
    ...{ language: label('en', 0.99), certain: true, modelVersion: expect.any(String) },
  })

  await addNote(as.agent, { id, clientId: newId(), text: 'a note among us' })
  await reply(as.agent, { id, clientId: newId(), text: 'On its way.' })
  await kit.work()
  const answers = kit.arrived()
  expect(answers.map(({ json }) => json.type)).toEqual(['message.created'])
  expect(answers[0]?.json.data.message).toMatchObject({
    ...{ from: 'agent', text: 'On its way.', author: { id: members.agent, name: 'shop agent' } },
  })

  await assignConversation(as.agent, { id, assigneeId: members.agent })
  await setPriority(as.agent, { id, priority: 'high' })
  await kit.work()
  expect(types()).toEqual(['conversation.assigned', 'conversation.updated', 'conversation.updated'])
  const { changeId } = await setStatus(as.agent, { id, status: 'resolved' })
  await kit.work()
  expect(types()).toEqual(['conversation.resolved', 'conversation.updated'])
  await undoChange(as.agent, { id, changeId: changeId as string })
  await kit.work()
  expect(types()).toEqual(['conversation.reopened', 'conversation.updated'])
  await setStatus(as.agent, { id, status: 'resolved' })
  await kit.shop.write('thanks', from)
  await kit.work()
  expect(types()).toEqual([
    ...[
      'conversation.resolved',
      'conversation.reopened',
      'conversation.updated',
      'message.created',
      'message.labelled',
    ],
  ])
  await kit.shop.write('and again', from)
  await kit.work()
  expect(types()).toEqual(['message.created', 'message.labelled'])
  const said = JSON.stringify(kit.receiver.hooks)
  expect(said).not.toContain('a note among us')
  // Nor was it put in for the sender to find out.
  expect((await kit.rows()).filter(({ state }) => state !== 'sent')).toEqual([])
  expect(new Set(kit.receiver.hooks.map(({ json }) => json.id)).size).toBe(kit.receiver.hooks.length)
})

test('a label below the line of its intent is told as unsure, and a mark of the desk is told to nobody', async () => {
  const { as } = kit.shop
  await kit.endpoint(kit.shop, [...webhookEvents])
  await setThresholds(as.owner, { thresholds: [{ key: 'refund', threshold: 0.95 }] })
  const { conversationId } = await kit.shop.write('refund: below the line')
  await kit.work()
  const labelled = kit.arrived().find(({ json }) => json.type === 'message.labelled')
  expect(labelled?.json.data.labels).toMatchObject({ intent: { value: 'refund', probability: 0.9 }, certain: false })
  await setThresholds(as.owner, { thresholds: [{ key: 'refund', threshold: null }] })
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1`, [conversationId])
  await flagMessage(as.agent, { messageId: rows[0].id, reason: 'thumbs_down' })
  await kit.work()
  expect(types()).toEqual([])
})

test('a late label and a correction are told, each once', async () => {
  await kit.endpoint(kit.shop, ['message.labelled'])
  const { conversationId } = await kit.shop.write('away: later')
  await kit.work()
  expect(types()).toEqual([])
  const { rows } = await kit.owner.query('SELECT id FROM message WHERE conversation_id = $1', [conversationId])
  const labelled = {
    message_id: rows[0].id,
    model_version: 'late',
    intent: 'refund',
    intent_probability: 0.5,
    in_scope: false,
  }
  const more = {
    sentiment: 'neutral',
    sentiment_probability: 1,
    sentiment_score: 0,
    language: 'en',
    language_probability: 1,
  }
  const items = [{ ...labelled, ...more, urgency: 'low', urgency_probability: 1, latency_ms: 1, ord: 0 }]
  await kit.owner.query('SELECT label_messages($1, $2::jsonb)', [kit.shop.accountId, JSON.stringify(items)])
  await kit.work()
  expect(kit.arrived().map(({ json }) => json.data.labels)).toMatchObject([{ certain: false, modelVersion: 'late' }])
  await correctLabel(kit.shop.as.agent, { messageId: rows[0].id, field: 'intent', value: 'invoice' })
  await kit.work()
  expect(kit.arrived().map(({ json }) => json.data.labels?.intent)).toEqual([
    { value: 'invoice', probability: null, by: 'person' },
  ])
})

test('each endpoint gets what it asked for, under one id for the same news, and another account nothing', async () => {
  await kit.endpoint(kit.shop, ['message.created'], '/a')
  await kit.endpoint(kit.shop, ['message.created', 'message.labelled'], '/b')
  await kit.endpoint(kit.rival, [...webhookEvents], '/rival')
  await kit.shop.write('refund: hello')
  await kit.work()
  const hooks = kit.arrived()
  expect(hooks.map(({ path, json }) => `${path} ${json.type}`).sort()).toEqual([
    ...['/hooks/a message.created', '/hooks/b message.created', '/hooks/b message.labelled'],
  ])
  const ids = hooks.filter(({ json }) => json.type === 'message.created').map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(1)
  expect(hooks.every(({ headers, json }) => headers['webhook-id'] === json.id)).toBe(true)
})

test('an account without an endpoint that is on has no cursor, and what happens meanwhile is not told later', async () => {
  const cursors = async () => (await kit.owner.query('SELECT account_id FROM webhook_cursor')).rowCount
  await kit.shop.write('refund: before')
  const { id } = await kit.endpoint(kit.shop, ['message.created'])
  expect(await cursors()).toBe(1)
  await kit.shop.write('refund: while on')
  await kit.work()
  await updateWebhook(kit.shop.as.admin, { id, enabled: false })
  expect(await cursors()).toBe(0)
  await kit.shop.write('refund: while off')
  await kit.work()
  expect(await kit.derive(kit.shop)).toBe(0)
  await updateWebhook(kit.shop.as.admin, { id, enabled: true })
  await kit.shop.write('refund: on again')
  await kit.work()
  expect(kit.arrived().map(({ json }) => json.data.message?.text)).toEqual(['refund: while on', 'refund: on again'])
  await deleteWebhook(kit.shop.as.admin, { id })
  expect([await cursors(), (await kit.rows()).length]).toEqual([0, 0])
})

test('endpoints that are switched on and off at the same moments keep their cursor', async () => {
  const { admin } = kit.shop.as
  const [one, other] = [
    await kit.endpoint(kit.shop, ['message.created']),
    await kit.endpoint(kit.shop, ['message.created']),
  ]
  for (let round = 0; round < 12; round++) {
    const on = round % 2 === 0
    await Promise.all([
      updateWebhook(admin, { id: one.id, enabled: !on }),
      updateWebhook(admin, { id: other.id, enabled: on }),
    ])
    const { rowCount } = await kit.owner.query('SELECT 1 FROM webhook_cursor')
    expect([round, rowCount]).toEqual([round, 1])
  }
})

test('a transaction that commits late is told of, too', async () => {
  await kit.endpoint(kit.shop, ['contact.erased'])
  const say = (contactId: string) =>
    kit.owner.query(`INSERT INTO event (account_id, type, data) VALUES ($1, 'account.updated', $2)`, [
      ...[kit.shop.accountId, { part: 'contact', contactId, erased: true }],
    ])
  const [late, early] = [newId(), newId()]
  await kit.owner.query('BEGIN')
  await say(late)
  const { contactId } = (await kit.shop.write('refund: hello')).from
  await eraseContact(kit.shop.as.admin, { id: contactId })
  await kit.work()
  // What began after it waits for it: nothing may come in between.
  expect(kit.arrived()).toEqual([])
  await say(early)
  await kit.owner.query('COMMIT')
  await kit.work()
  const told = kit.arrived().map(({ json }) => json.data)
  expect(told).toHaveLength(3)
  expect(told).toEqual(expect.arrayContaining([late, early, contactId].map((id) => ({ contact: { id } }))))
})

test('a secret that was replaced signs for a day beside the new one', async () => {
  const { id, secret } = await kit.endpoint(kit.shop, ['message.created'])
  const { secret: fresh } = await rotateWebhook(kit.shop.as.admin, { id })
  const signedBy = async (): Promise<boolean[]> => {
    await kit.shop.write('refund: hello')
    await kit.work()
    const [hook] = kit.arrived()
    const { 'webhook-id': name, 'webhook-timestamp': time, 'webhook-signature': signature } = hook?.headers ?? {}
    return [secret, fresh].map((one) => {
      const key = Buffer.from(one.slice(6), 'base64')
      const mine = createHmac('sha256', key).update(`${name}.${time}.${hook?.body}`).digest('base64')
      return signature?.split(' ').includes(`v1,${mine}`) ?? false
    })
  }
  expect(await signedBy()).toEqual([true, true])
  kit.ahead = 24 * 3_600_000 + 1_000
  expect(await signedBy()).toEqual([false, true])
})
