/** Streams and files with the real handlers: each follower hears of its own account or thread, each reader gets own files only. */
import http from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { streamAccount } from '@/lib/border/live'
import type { Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { newId } from '@/lib/core/ids'
import { reply } from '@/lib/flows/reply'
import { services } from '@/lib/start'
import type { Shop } from '../db/settings/kit'
import { held, whole } from '../kit/guarantee'
import { type Caller, listen, type Port, roleNames, unlimited } from './access/house'
import { type FullHouse, openFullHouse } from './access/things'

let house: FullHouse
let port: Port
beforeAll(async () => {
  house = await openFullHouse(false)
  port = await listen(house, unlimited(routes))
})
afterAll(async () => {
  await port.close()
  await house.close()
})

interface Heard {
  text: () => string
  close: () => void
  status: number
}

/** Opens a stream and listens. */
function follow(at: Port, path: string, headers: Record<string, string>): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${at.origin}${path}`, { headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (part: Buffer) => {
        text += part
      })
      answer.on('error', () => {})
      resolve({ text: () => text, status: answer.statusCode ?? 0, close: () => request.destroy() })
    })
    request.on('error', reject)
  })
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > end) throw new Error('did not come')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const live = (shop: Shop) => `/api/v1/${shop.slug}/live`
const said = async (shop: Shop): Promise<string> => (await shop.write('refund normal: news')).conversationId

/** Both accounts get news; whose a stream heard of, once its own came. */
async function heardOf(stream: Heard): Promise<{ own: boolean; foreign: boolean }> {
  // The other account's first: whatever is told of it would have come before one's own.
  const foreign = await said(house.shop)
  const own = await said(house.rival)
  await until(() => stream.text().includes(own))
  return { own: true, foreign: stream.text().includes(foreign) || stream.text().includes(house.mine.conversation) }
}

describe('the stream of an account', () => {
  test('tells every role of its own account and nobody of another', async () => {
    let opened = 0
    for (const role of whole ? roleNames : (['owner'] as const)) {
      const caller = house.caller(`another account's ${role}`)
      // From the beginning of time, and with the mark of a stream of the other account.
      for (const after of ['', '?after=0-0', '?after=0.0', `?after=${newId()}`]) {
        const stream = await follow(port, live(house.rival) + after, caller.headers)
        expect(stream.status).toBe(200)
        await until(() => stream.text().includes('event: ready'))
        expect(await heardOf(stream)).toEqual({ own: true, foreign: false })
        stream.close()
        opened++
      }
      const refused = await follow(port, live(house.shop), caller.headers)
      expect(refused.status).toBe(404)
      refused.close()
    }
    held('3 streams of accounts', `${opened} streams with news of two accounts: 0 events of the other one`)
  })

  test('it bites: a stream of the wrong account is heard', async () => {
    const broken = routes.map(
      (route): Route =>
        route.path.endsWith('/live')
          ? {
              ...route,
              stream: (ctx, _input, _call, stream) =>
                streamAccount({ ...ctx, accountId: house.shop.accountId }, services().follower, stream),
            }
          : route,
    )
    const at = await listen(house, unlimited(broken))
    const stream = await follow(at, live(house.rival), house.caller("another account's owner").headers)
    await until(() => stream.text().includes('event: ready'))
    const foreign = await said(house.shop)
    await until(() => stream.text().includes(foreign))
    stream.close()
    await at.close()
  })
})

describe("a visitor's stream", () => {
  test('tells of one thread only, with either place for the token', async () => {
    const [one, two] = [await house.visitorOf(house.shop), await house.visitorOf(house.shop)]
    const secret = `for-one-${newId()}`
    const ways: [string, Record<string, string>][] = [
      ['/api/widget/events?after=0', { authorization: `Bearer ${two.token}` }],
      [`/api/widget/events?after=0&token=${two.token}`, {}],
      [`/api/widget/events?after=0&token=${one.token}`, { authorization: `Bearer ${two.token}` }],
    ]
    for (const [path, headers] of ways) {
      const stream = await follow(port, path, headers)
      await until(() => stream.text().includes('event: ready'))
      await reply(house.shop.as.agent, { id: one.conversationId, clientId: newId(), text: secret })
      await reply(house.shop.as.agent, { id: two.conversationId, clientId: newId(), text: 'for two' })
      await until(() => stream.text().includes('for two'))
      expect(stream.text()).not.toContain(secret)
      stream.close()
    }
    for (const token of ['', 'x', one.token.slice(1)]) {
      const stream = await follow(port, `/api/widget/events?token=${token}`, {})
      expect(stream.status).toBe(401)
      stream.close()
    }
  })
})

describe('files', () => {
  const get = (path: string, caller: Caller) => port.send('GET', path, caller.headers)

  test('go to their account and their visitor, and are unknown to everybody else', async () => {
    const own = await house.visitorOf(house.shop)
    const stranger = { name: 'another visitor', headers: { authorization: `Bearer ${own.token}` } }
    const of = (shop: Shop, id: string) => `/api/v1/${shop.slug}/attachments/${id}`
    let refused = 0
    for (const id of [house.mine.file, house.mine.draft, newId()]) {
      const never: [string, Caller, number][] = [
        [of(house.shop, id), house.caller('anonymous'), 401],
        [of(house.shop, id), house.caller('visitor'), 401],
        [of(house.shop, id), house.caller('removed owner'), 404],
        [of(house.shop, id), house.caller('expired session'), 401],
        [`/api/widget/attachments/${id}`, stranger, 404],
        [`/api/widget/attachments/${id}`, house.caller("another account's visitor"), 404],
        [`/api/widget/attachments/${id}`, house.caller('owner'), 401],
        ...roleNames.flatMap((role): [string, Caller, number][] => [
          [of(house.shop, id), house.caller(`another account's ${role}`), 404],
          [of(house.rival, id), house.caller(`another account's ${role}`), 404],
        ]),
      ]
      for (const [path, caller, status] of never) {
        expect((await get(path, caller)).status, `${caller.name}, ${path}`).toBe(status)
        refused++
      }
    }
    for (const role of roleNames)
      expect((await get(of(house.shop, house.mine.file), house.caller(role))).status).toBe(200)
    held(
      '3 files',
      `${refused} requests of people without right to a file: 0 answered with it; 4 roles of its account get it`,
    )
  })

  test('cannot be sent on by whoever knows their name', async () => {
    const stranger = await house.visitorOf(house.shop)
    const send = (attachments: string[]) =>
      port.send(
        'POST',
        '/api/widget/messages',
        { authorization: `Bearer ${stranger.token}` },
        JSON.stringify({ clientId: newId(), text: 'mine?', attachments }),
      )
    const nobodys = await send([newId()])
    expect(nobodys.status).toBe(422)
    for (const id of [house.mine.file, house.mine.draft, house.theirs.file])
      expect((await send([id])).body).toBe(nobodys.body)
  })
})
