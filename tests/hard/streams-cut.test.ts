/** Streams of visitors and of the desk are cut at random: after it all every reader has everything, once, in order. */
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReader } from '@/app/widget/frame/stream'
import { emptyThread, receive } from '@/app/widget/frame/thread'
import { newId } from '@/lib/core/ids'
import { signIn } from '../bench/kit/people'
import type { Shop } from '../db/ingest/house'
import { FaultProxy } from '../kit/fault-proxy'
import { amount, held } from '../kit/guarantee'
import { until } from '../kit/installation'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { newSession, post } from '../kit/writers'

const cuts = amount(1_000, 50)
/** Readers of each kind. A person may open 60 streams a minute, which so many readers do not meet. */
const readers = amount(20, 3)

let real: RealHouse
let web: Program
let proxy: FaultProxy
let site: string
beforeAll(async () => {
  real = await openRealHouse({ durable: false })
  web = await real.web()
  await web.answers()
  proxy = new FaultProxy(web.port)
  site = await proxy.start()
})
afterAll(async () => {
  await proxy?.stop()
  await real?.close()
})

interface Reader {
  end(): void
  ended: Promise<void>
}

/** Reads one stream after the other, each as `ask` says, until it is ended; what a stream says goes to `hear` as it comes. */
function read(ask: () => { path: string; headers: http.OutgoingHttpHeaders; hear: (piece: string) => void }): Reader {
  let over = false
  let request: http.ClientRequest
  const once = () =>
    new Promise<void>((done) => {
      const { path, headers, hear } = ask()
      request = http.get(`${site}${path}`, { headers, agent: false }, (response) => {
        response.setEncoding('utf8')
        response.on('data', hear)
        response.on('error', () => done())
        response.on('close', () => done())
      })
      request.on('error', () => done())
      request.on('close', () => done())
    })
  const reading = async () => {
    while (!over) {
      await once()
      await sleep(10 * Math.random())
    }
  }
  const ended = reading()
  return {
    ended,
    end: () => {
      over = true
      request.destroy()
    },
  }
}

/** The widget's own parts: its reader of streams, and its thread. Every hole and every repeat that the wire brings is counted. */
function visitor(shop: Shop, contactId: string, forgetful = false) {
  const thread = emptyThread()
  const seen = { gaps: 0, repeats: 0 }
  const reader = read(() => ({
    path: `/api/widget/events?after=${forgetful ? 0 : thread.cursor}`,
    headers: { authorization: `Bearer ${newSession(real, shop, contactId)}` },
    hear: createReader((data) => {
      const message = JSON.parse(data)
      if (!message.id) return
      if (thread.known.has(message.id)) seen.repeats++
      else if (!receive(thread, message)) seen.gaps++
    }),
  }))
  return { thread, seen, ...reader }
}

/** As a browser's EventSource: an event counts once its blank line has come, and so does its id (WHATWG HTML § 9.2.6). */
function desk(shop: Shop, cookie: string, forgetful = false) {
  let last = ''
  let from = ''
  const ids: string[] = []
  const reader = read(() => {
    let rest = ''
    return {
      path: `/api/v1/shop-${shop.accountId}/live`,
      headers: { cookie, ...(last && !forgetful ? { 'last-event-id': last } : {}) },
      hear: (piece) => {
        const blocks = (rest + piece).split('\n\n')
        rest = blocks.pop() as string
        for (const block of blocks) {
          const id = /^id: (.*)$/m.exec(block)?.[1]
          if (id) last = id
          if (/^event: ready$/m.test(block)) from ||= last
          else if (/^event: message/m.test(block)) ids.push(last)
        }
      },
    }
  })
  return { ids, from: () => from, ...reader }
}

/** Visitors write, steadily, until they are told to stop. */
function writeSteadily(shop: Shop, contacts: string[]): { written: () => number; end: () => Promise<void> } {
  const agent = new http.Agent({ keepAlive: true })
  let over = false
  let written = 0
  const write = async (contactId: string) => {
    while (!over) {
      const said = { clientId: newId(), text: `a message of some length, so that cuts fall into it ${'…'.repeat(20)}` }
      const answer = await post(agent, web.url, newSession(real, shop, contactId), said)
      expect(answer.status).toBe(201)
      written++
      await sleep(40 * Math.random())
    }
  }
  const writing = Promise.all(contacts.map(write))
  const end = async () => {
    over = true
    await writing
    agent.destroy()
  }
  return { written: () => written, end }
}

const anyCut = () => ({
  bytes: Math.floor(4_000 * Math.random()),
  ms: 400 * Math.random(),
  early: Math.random() < 0.1,
  reset: Math.random() < 0.5,
})

/** Lets the readers live through so many cuts while at least as many messages are written. */
async function endure(shop: Shop, contacts: string[], times: number): Promise<void> {
  const writing = writeSteadily(shop, contacts)
  const before = proxy.cuts
  proxy.plan = anyCut
  proxy.cutAll()
  while (proxy.cuts - before < times || writing.written() < times) await sleep(20)
  proxy.plan = () => null
  await writing.end()
}

const lastSequences = async (shop: Shop) =>
  new Map(
    (
      await real.server.ask<{ contact_id: string; last: string }>(
        'SELECT contact_id, last_sequence AS last FROM conversation WHERE account_id = $1',
        [shop.accountId],
      )
    ).map((row) => [row.contact_id, Number(row.last)]),
  )

const newsAfter = async (shop: Shop, from: string) => {
  const [xid, id] = from.split('-')
  const rows = await real.server.ask<{ at: string }>(
    `SELECT xid || '-' || id AS at FROM event WHERE account_id = $1 AND type LIKE 'message%' AND (xid, id) > ($2, $3) ORDER BY xid, id`,
    [shop.accountId, xid, id],
  )
  return rows.map(({ at }) => at)
}

async function open() {
  const shop = await real.house.shop()
  const contacts: string[] = []
  for (let n = 0; n < readers; n++) contacts.push((await real.house.visitor(shop)).contactId)
  const { services } = real.house
  const cookies: string[] = []
  for (let n = 0; n < readers; n++) cookies.push(await signIn({ services, env: services.env }, shop, Math.random()))
  return { shop, contacts, cookies }
}

test(`${cuts} random cuts of widget and desk streams: no gap, no repeat, in order`, async () => {
  const { shop, contacts, cookies } = await open()
  const visitors = contacts.map((contactId) => ({ contactId, ...visitor(shop, contactId) }))
  const desks = cookies.map((cookie) => desk(shop, cookie))
  expect(await until(() => desks.every(({ from }) => from()), 20_000)).toBe(true)
  await endure(shop, contacts, cuts)
  await until(async () => {
    const last = await lastSequences(shop)
    const news = await newsAfter(shop, desks[0]?.from() as string)
    return (
      visitors.every(({ contactId, thread }) => thread.cursor === last.get(contactId)) &&
      desks.every(({ ids }) => ids.at(-1) === news.at(-1))
    )
  }, 20_000)
  for (const each of [...visitors, ...desks]) each.end()
  await Promise.all([...visitors, ...desks].map(({ ended }) => ended))

  const last = await lastSequences(shop)
  let shown = 0
  for (const { contactId, thread, seen } of visitors) {
    const sequences = thread.messages.map(({ sequence }) => sequence)
    expect(sequences).toEqual(Array.from({ length: last.get(contactId) as number }, (_, at) => at + 1))
    expect(seen).toEqual({ gaps: 0, repeats: 0 })
    shown += sequences.length
  }
  for (const { ids, from } of desks) {
    expect(ids).toEqual(await newsAfter(shop, from()))
    shown += ids.length
  }
  held(
    '1 streams cut',
    `${proxy.cuts} cuts in ${2 * readers} streams of widget and desk, ${shown} events, 0 gaps, 0 repeats, in order`,
  )
})

test('control: readers that forget their place have gaps at the desk and repeats in the widget', async () => {
  const { shop, contacts, cookies } = await open()
  const [contactId = '', ...others] = contacts
  const visiting = visitor(shop, contactId, true)
  const agent = desk(shop, cookies[0] as string, true)
  expect(await until(() => agent.from() !== '', 20_000)).toBe(true)
  await endure(shop, [contactId, ...others], 30)
  for (const each of [visiting, agent]) each.end()
  await Promise.all([visiting.ended, agent.ended])
  expect(visiting.seen.repeats).toBeGreaterThan(0)
  const news = await newsAfter(shop, agent.from())
  expect(news.length).toBeGreaterThan(agent.ids.length)
})
