/** The visitor's API as others build on it, over a whole web server: each answer and each refusal, with its status, code and words. */
import http from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { addAccount } from '@/lib/features/accounts/write'
import { inAccount } from '@/lib/platform/db/in-account'
import { ctxOf } from '../db/ingest/house'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'

let real: RealHouse
let web: Program
let shop: Shop

interface Shop {
  inboxId: string
  siteKey: string
}

/** An account as signing up makes one, with its inbox. */
function newShop(): Promise<Shop> {
  const accountId = newId()
  const ctx = ctxOf(real.house.services, accountId)
  return inAccount(ctx, async (tx) => {
    await addAccount(tx, ctx, { slug: `shop-${accountId}`, name: 'Shop', timeZone: 'UTC' })
    const { id, siteKey } = await tx.inbox.findFirstOrThrow({ select: { id: true, siteKey: true } })
    return { inboxId: id, siteKey }
  })
}

beforeAll(async () => {
  real = await openRealHouse({ durable: false })
  ;[web, shop] = await Promise.all([real.web(), newShop()])
  await web.answers()
})
afterAll(() => real?.close())

interface Answered {
  status: number
  headers: http.IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: whatever the answer holds
  body: any
}

/** Raw, since a client of the platform would set an origin and a length of its own. Pieces leave without a length before them. */
function ask(
  method: string,
  path: string,
  sent?: object | string | string[],
  headers: Record<string, string> = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${web.url}${path}`, { method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const json = response.headers['content-type']?.includes('json')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: json ? JSON.parse(text) : text,
        })
      })
    })
    // A body that is too large may be answered before all of it has left.
    request.on('error', reject)
    if (Array.isArray(sent)) for (const piece of sent) request.write(piece)
    request.end(
      typeof sent === 'object' && !Array.isArray(sent) ? JSON.stringify(sent) : Array.isArray(sent) ? '' : sent,
    )
  })
}

const sessions = '/api/widget/sessions'
const messages = '/api/widget/messages'
const opened = async (more: object = {}, headers = {}) =>
  ask('POST', sessions, { siteKey: shop.siteKey, ...more }, headers)
const visitor = async () => {
  const { body, status } = await opened()
  expect({ status, body }).toMatchObject({ status: 201 })
  const authorization = { authorization: `Bearer ${body.token}` }
  return {
    contactId: body.contactId as string,
    write: (sent: object | string | string[], headers = {}) =>
      ask('POST', messages, sent, { ...authorization, ...headers }),
    read: (query = '') => ask('GET', `${messages}${query}`, undefined, authorization),
  }
}
const said = (text: string, clientId = newId()) => ({ clientId, text })

/** A problem document in every part, and nothing of the inside. */
function refused({ status, headers, body }: Answered, wanted: number, code: string): void {
  expect({ status, code: body.code }).toEqual({ status: wanted, code })
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(body).toMatchObject({ type: `about:blank#${code}`, status: wanted })
  expect(body.title).toMatch(/\S/)
  expect(body.detail).toMatch(/\S/)
  expect(JSON.stringify(body)).not.toMatch(/node_modules|prisma|\bat \w+ \(/i)
}

test('a session, a message, the same again, and the thread in pages', async () => {
  const session = await opened({ locale: 'zh-CN', page: 'https://shop.example/tea' })
  expect(session.status).toBe(201)
  expect(session.body).toMatchObject({
    token: expect.any(String),
    contactId: expect.any(String),
    inbox: { name: 'Shop' },
  })
  const { write, read } = await visitor()
  const first = said('我要退款，太慢了!')
  const stored = await write(first)
  expect(stored.status).toBe(201)
  expect(stored.body).toEqual({
    id: expect.any(String),
    conversationId: expect.any(String),
    sequence: 1,
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  const again = await write(first)
  expect([again.status, again.body]).toEqual([200, stored.body])
  refused(await write({ ...first, text: 'something else' }), 409, 'client_id_reused')
  await write(said('Where is my order?'))
  const page = await read('?after=0&limit=1')
  expect(page.body).toMatchObject({ last: 1, messages: [{ sequence: 1, text: first.text }] })
  expect((await read('?after=1')).body.messages.map((one: { text: string }) => one.text)).toEqual([
    'Where is my order?',
  ])
})

test('what a text may not be', async () => {
  const { write, read } = await visitor()
  expect((await write(said('龍'.repeat(8_000)))).status).toBe(201)
  refused(await write(said('龍'.repeat(8_001))), 422, 'text_too_long')
  refused(await write(said('  \n')), 422, 'text_empty')
  refused(await write(said('a\u0000b')), 422, 'text_invalid')
  refused(await write(`{"clientId":"${newId()}","text":"a\\ud800b"}`), 422, 'text_invalid')
  refused(await write(said('hello', 'no id')), 422, 'invalid_input')
  refused(await write('{"text":'), 400, 'body_not_json')
  expect((await read()).body.messages).toHaveLength(1)
})

test('a body over 64 KiB is 413, whether its length is told before or not, and the next request is served', async () => {
  const { write, read } = await visitor()
  const rest = JSON.stringify({ clientId: newId(), text: 'hello', pad: '' }).length
  const padded = (bytes: number) => ({ clientId: newId(), text: 'hello', pad: 'x'.repeat(bytes - rest) })
  refused(await write(padded(65_537)), 413, 'body_too_large')
  refused(await write(Array.from({ length: 9 }, () => 'x'.repeat(8_192))), 413, 'body_too_large')
  // At the limit the size is no fault; an unknown field is none either.
  expect((await write(padded(65_536))).status).not.toBe(413)
  expect((await write(said('small'))).status).toBe(201)
  expect((await read()).body.messages.at(-1).text).toBe('small')
})

test('who may not: unknown site keys, foreign pages, tokens of nobody', async () => {
  for (const siteKey of ['nobody', 'k'.repeat(101), '']) {
    refused(await ask('POST', sessions, { siteKey }), 404, 'unknown_site_key')
  }
  refused(await ask('POST', messages, said('hello')), 401, 'token_invalid')
  refused(await ask('GET', messages, undefined, { authorization: 'Bearer x' }), 401, 'token_invalid')
  refused(await ask('GET', '/api/widget/events?token=x'), 401, 'token_invalid')
  refused(await ask('PUT', messages, said('hello')), 405, 'method_not_allowed')
  const closed = await newShop()
  await real.server.ask('UPDATE inbox SET allowed_origins = $1 WHERE id = $2', [
    ['https://shop.example'],
    closed.inboxId,
  ])
  const from = (origin: string) => ask('POST', sessions, { siteKey: closed.siteKey }, { origin })
  refused(await from('https://other.example'), 403, 'foreign_origin')
  expect((await from('https://shop.example')).status).toBe(201)
})

test('the 31st message within half a minute is 429 with the seconds to wait, in the words of whoever wrote it; another visitor is served', async () => {
  const { write, read } = await visitor()
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => write(said(`${n}`))))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 201))
  const late = await write(said('too fast'), { 'accept-language': 'zh-CN' })
  refused(late, 429, 'rate_limited')
  expect(late.body.title).toMatch(/\p{Script=Han}/u)
  expect(Number(late.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  expect(Number(late.headers['retry-after'])).toBeLessThanOrEqual(30)
  expect((await read()).body.messages).toHaveLength(30)
  expect((await (await visitor()).write(said('in time'))).status).toBe(201)
})

test('a database that takes nobody is 503 with the seconds to wait and never a 2xx; afterwards the same message is stored once', async () => {
  const { write, read } = await visitor()
  expect((await write(said('before'))).status).toBe(201)
  const { ask: sql, database } = real.server
  const role = new URL(database.appUrl).username
  await sql(`ALTER ROLE "${role}" CONNECTION LIMIT 0`)
  const message = said('during')
  try {
    await sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role])
    const away = await write(message)
    refused(away, 503, 'database_away')
    expect(Number(away.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  } finally {
    await sql(`ALTER ROLE "${role}" CONNECTION LIMIT -1`)
  }
  await expect.poll(async () => (await write(message)).status, { timeout: 20_000 }).toBeLessThan(202)
  expect((await read()).body.messages.map((one: { text: string }) => one.text)).toEqual(['before', 'during'])
})
