/** The model never blocks the desk: messages are stored without it and labelled when it is back. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labelLater } from '@/lib/flows/label-later'
import { receiveMessage } from '@/lib/flows/receive-message'
import { ctxOf, type House, openHouse, type Shop } from './house'

let house: House
let shop: Shop
let model: http.Server
/** What the stand-in does with a request. */
let mood: 'well' | 'broken' | 'hangs' | 'nonsense' = 'broken'

const answer = (n: number) => {
  const column = (name: string, value: unknown) => ({ name, data: Array.from({ length: n }, () => value) })
  return {
    model_name: 'lingxi',
    model_version: 'test-2',
    outputs: [
      column('intent', 'order_status'),
      column('intent_probability', mood === 'nonsense' ? 7 : 0.9),
      column('intent_in_scope', true),
      column('sentiment', 'neutral'),
      column('sentiment_probability', 0.8),
      column('sentiment_score', 0),
      column('language', 'en'),
      column('language_probability', 1),
      column('urgency', 'normal'),
      column('urgency_probability', 0.9),
    ],
  }
}

beforeAll(async () => {
  model = http.createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    if (mood === 'hangs') return
    response.statusCode = mood === 'broken' ? 500 : 200
    response.end(JSON.stringify(answer(JSON.parse(body).inputs[0].data.length)))
  })
  await new Promise<void>((done) => model.listen(0, '127.0.0.1', done))
  house = await openHouse({ INFERENCE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}` })
  shop = await house.shop()
})
afterAll(async () => {
  await house.close()
  model.closeAllConnections()
  await new Promise((done) => model.close(done))
})

/** Sends one visitor message and says how long its answer took. */
async function send(text: string): Promise<{ id: string; took: number }> {
  const { contactId } = await house.visitor(shop)
  const actor = { kind: 'visitor', contactId, sessionId: contactId, inboxId: shop.inboxId } as const
  const ctx = ctxOf(house.services, shop.accountId, actor)
  const began = performance.now()
  const { received } = await receiveMessage(ctx, { clientId: ctx.newId(), text })
  return { id: received.id, took: performance.now() - began }
}

const state = async (id: string) =>
  (
    await house.owner.query(
      `SELECT m.label_state, p.model_version, c.intent FROM message m LEFT JOIN prediction p ON p.message_id = m.id
       JOIN conversation c ON c.id = m.conversation_id WHERE m.id = $1`,
      [id],
    )
  ).rows[0]
const later = () => labelLater(house.services, (accountId) => ctxOf(house.services, accountId))
const age = () => house.owner.query(`UPDATE message SET created_at = created_at - interval '10 seconds'`)

test('stored without a label while the model is broken, hanging or talking nonsense; labelled when it is back', {
  timeout: 40_000,
}, async () => {
  const ids: string[] = []
  for (const each of ['hangs', 'broken', 'nonsense', 'broken'] as const) {
    mood = each
    const { id, took } = await send(`while it ${each}`)
    // The budget is 150 ms, the model gives up after 2,000: the message waited for the one, not for the other.
    expect(took, each).toBeLessThan(2_000)
    expect(await state(id)).toMatchObject({ label_state: 'pending', model_version: null, intent: null })
    ids.push(id)
  }
  await age()
  expect(await later()).toBe(0)
  mood = 'well'
  // The breaker rests a little before it lets one question through; nobody but this job asks.
  for (let i = 0; i < 100 && (await later()) === 0; i++) await new Promise((done) => setTimeout(done, 200))
  while ((await later()) > 0);
  for (const id of ids)
    expect(await state(id)).toEqual({ label_state: 'labelled', model_version: 'test-2', intent: 'order_status' })
  const told = await house.owner.query(`SELECT count(*)::int AS n FROM event WHERE type = 'message.labelled'`)
  expect(told.rows[0].n).toBe(ids.length)
})

test('two workers label each message once', async () => {
  mood = 'broken'
  const { id } = await send('once')
  await age()
  mood = 'well'
  const done = async (): Promise<number> => (await Promise.all([later(), later()])).reduce((a, b) => a + b, 0)
  let total = 0
  for (let i = 0; i < 60 && total === 0; i++) {
    total += await done()
    await new Promise((wait) => setTimeout(wait, 50))
  }
  expect(total).toBe(1)
  expect(await state(id)).toMatchObject({ label_state: 'labelled' })
})

test('a person who was quicker than the model keeps their word', async () => {
  mood = 'broken'
  const { id } = await send('corrected before it was labelled')
  await house.owner.query(
    `WITH person AS (
       INSERT INTO "user" (id, email, name) VALUES (gen_random_uuid(), 'quick@example.com', 'Quick') RETURNING id
     ), member AS (
       INSERT INTO membership (account_id, id, user_id, role) SELECT $1, gen_random_uuid(), id, 'agent' FROM person RETURNING id
     ), word AS (
       INSERT INTO correction (account_id, id, message_id, field, now, author_id, created_at)
       SELECT $1, gen_random_uuid(), $2, 'intent', 'refund', id, now() FROM member
     )
     UPDATE conversation SET intent = 'refund' WHERE id = (SELECT conversation_id FROM message WHERE id = $2)`,
    [shop.accountId, id],
  )
  await age()
  mood = 'well'
  for (let i = 0; i < 60 && (await later()) === 0; i++) await new Promise((wait) => setTimeout(wait, 100))
  expect(await state(id)).toEqual({ label_state: 'labelled', model_version: 'test-2', intent: 'refund' })
})
