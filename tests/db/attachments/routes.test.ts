/** Files over HTTP: limits before work, answers that no browser runs, and the same walls between people as everywhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attachmentRoutes } from '@/lib/border/routes/attachments'
import { deskRoutes } from '@/lib/border/routes/desk'
import { widgetRoutes } from '@/lib/border/routes/widget'
import { largestFile } from '@/lib/core/attachment'
import { newId } from '@/lib/core/ids'
import { inAccount } from '@/lib/platform/db/in-account'
import { pdf, png } from '../../kit/sample-files'
import { Browser, createKit, goodPassword, type Kit, listen, type TestServer } from '../identity/kit'
import { Team } from '../identity/team'

let kit: Kit
let server: TestServer
let team: Team
let desk: Browser
let siteKey = ''
beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit, [...attachmentRoutes, ...widgetRoutes, ...deskRoutes])
  team = await Team.make(kit)
  siteKey = (await inAccount(team.account, (tx) => tx.inbox.findFirstOrThrow())).siteKey
  desk = await signedIn(team.owner.email)
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

async function signedIn(email: string): Promise<Browser> {
  const browser = new Browser(server.origin)
  expect(await browser.signIn('password', { email, password: goodPassword })).toBeNull()
  return browser
}

class Visitor {
  constructor(readonly token: string) {}
  static async open(): Promise<Visitor> {
    const { body } = await new Browser(server.origin).json<{ token: string }>('POST', '/api/widget/sessions', {
      siteKey,
    })
    return new Visitor(body.token)
  }
  call(method: string, path: string, body?: Buffer | string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${server.origin}/api/widget/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    })
  }
  put = (bytes: Buffer, name = '破损 "1".png') =>
    this.call('POST', 'attachments', bytes, { 'x-file-name': encodeURIComponent(name) })
  send = (body: object) =>
    this.call('POST', 'messages', JSON.stringify({ clientId: newId(), text: '', ...body }), {
      'content-type': 'application/json',
    })
}

const idOf = async (answer: Response): Promise<string> => ((await answer.json()) as { id: string }).id
const problem = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code]

describe('a visitor', () => {
  test('puts a picture in, sends it and reads it back, under headers that let nothing run', async () => {
    const visitor = await Visitor.open()
    const bytes = png(20, 10)
    const put = await visitor.put(bytes)
    expect(put.status).toBe(201)
    const file = (await put.json()) as { id: string }
    expect(file).toMatchObject({ name: '破损 1.png', type: 'image/png', size: bytes.length, width: 20, height: 10 })
    const body = { clientId: newId(), attachments: [file.id] }
    const [first, second] = [await visitor.send(body), await visitor.send(body)]
    expect([first.status, second.status]).toEqual([201, 200])
    expect(await second.json()).toEqual(await first.json())
    const { messages } = (await (await visitor.call('GET', 'messages?after=0')).json()) as { messages: object[] }
    expect(messages).toMatchObject([{ text: '', attachments: [file] }])
    const got = await visitor.call('GET', `attachments/${file.id}`)
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'content-disposition': `inline; filename="__ 1.png"; filename*=UTF-8''%E7%A0%B4%E6%8D%9F%201.png`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=3600',
    })
  })

  test('everything but a picture is a download', async () => {
    const visitor = await Visitor.open()
    for (const [bytes, name, type] of [
      [pdf(), 'a.pdf', 'application/pdf'],
      [Buffer.from('a,b\n1,2\n'), 'a.csv', 'text/plain'],
    ] as const) {
      const id = await idOf(await visitor.put(bytes, name))
      const { headers } = await visitor.call('GET', `attachments/${id}`)
      expect(headers.get('content-type')).toBe(type)
      expect(headers.get('content-disposition')).toMatch(new RegExp(`^attachment; filename="${name}"`))
    }
  })

  test('is told why a file is refused', async () => {
    const visitor = await Visitor.open()
    const refused = async (bytes: Buffer) => problem(await visitor.put(bytes))
    expect(await refused(Buffer.alloc(0))).toEqual([422, 'attachment_empty'])
    expect(await refused(Buffer.from('<svg onload=alert(1)>'))).toEqual([415, 'attachment_type'])
    expect(await refused(png().subarray(0, 40))).toEqual([422, 'attachment_damaged'])
    expect(await refused(png(60_000, 60_000))).toEqual([422, 'attachment_pixels'])
    expect(await refused(Buffer.alloc(largestFile + 1, 'a'))).toEqual([413, 'attachment_too_large'])
    expect((await visitor.put(Buffer.alloc(largestFile, 'a'), 'log.txt')).status).toBe(201)
    // A name that is no name is no reason to refuse.
    const odd = await visitor.call('POST', 'attachments', png(), { 'x-file-name': '%E0%A4%A' })
    expect(await odd.json()).toMatchObject({ name: 'file.png' })
    expect(await problem(await new Visitor('nobody').put(png()))).toEqual([401, 'token_invalid'])
  })

  test('is told why a message is refused', async () => {
    const visitor = await Visitor.open()
    const refused = async (body: object) => problem(await visitor.send(body))
    const six = Array.from({ length: 6 }, newId)
    expect(await refused({ attachments: six })).toEqual([422, 'too_many_attachments'])
    expect(await refused({ attachments: [newId()] })).toEqual([422, 'attachment_missing'])
    expect(await refused({})).toEqual([422, 'text_empty'])
    expect(await refused({ attachments: [] })).toEqual([422, 'text_empty'])
    expect(await refused({ text: 'hi', attachments: ['x'] })).toEqual([422, 'invalid_input'])
    const id = await idOf(await visitor.put(png()))
    expect(await refused({ text: 'hi', attachments: [id, id] })).toEqual([422, 'invalid_input'])
  })
})

describe('the walls', () => {
  test('each file is its visitor’s and the account’s, and nobody else’s', async () => {
    const [visitor, stranger] = [await Visitor.open(), await Visitor.open()]
    const id = await idOf(await visitor.put(png()))
    const { conversationId } = (await (await visitor.send({ attachments: [id] })).json()) as { conversationId: string }
    const rival = await Team.make(kit)
    const rivals = await signedIn(rival.owner.email)
    const viewer = await signedIn((await team.join('viewer')).email)
    const own = `/api/v1/${team.owner.slug}/attachments/${id}`
    expect((await desk.fetch('GET', own)).status).toBe(200)
    expect((await viewer.fetch('GET', own)).status).toBe(200)
    expect((await rivals.fetch('GET', own)).status).toBe(404)
    expect((await rivals.fetch('GET', own.replace(team.owner.slug, rival.owner.slug))).status).toBe(404)
    expect((await new Browser(server.origin).fetch('GET', own)).status).toBe(401)
    expect((await stranger.call('GET', `attachments/${id}`)).status).toBe(404)
    expect((await desk.fetch('GET', own.replace(id, 'x'))).status).toBe(404)

    const put = (browser: Browser, slug: string, headers: Record<string, string> = {}) =>
      fetch(`${server.origin}/api/v1/${slug}/conversations/${conversationId}/attachments`, {
        method: 'POST',
        headers: { cookie: `lingxi_session=${browser.session}`, origin: server.origin, ...headers },
        body: new Uint8Array(png()),
      })
    expect((await put(desk, team.owner.slug)).status).toBe(201)
    expect((await put(viewer, team.owner.slug)).status).toBe(403)
    expect((await put(rivals, team.owner.slug)).status).toBe(404)
    expect((await put(rivals, rival.owner.slug)).status).toBe(404)
    // Another site's page cannot use the agent's cookie.
    expect((await put(desk, team.owner.slug, { origin: 'https://elsewhere.example' })).status).toBe(403)
  })
})

test('a network brings no more files by being many visitors', async () => {
  const statuses: number[] = []
  for (let visitors = 0; visitors < 4; visitors++) {
    const visitor = await Visitor.open()
    for (let i = 0; i < 10; i++) statuses.push((await visitor.put(png())).status)
  }
  expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(30)
  expect(statuses.at(-1)).toBe(429)
})
