/** Many streams at once: those that idle with news among them, and readers that never read. */
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import type { Shop } from '../db/ingest/house'
import { amount, held, stretched, whole } from '../kit/guarantee'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { type Change, weaken } from '../kit/weakened'
import { newSession, newVisitors, post, quantile } from '../kit/writers'

let real: RealHouse
let web: Program
let shop: Shop
beforeAll(async () => {
  real = await openRealHouse({ durable: false })
  web = await real.web()
  await web.answers()
  shop = await real.house.shop()
})
afterAll(() => real?.close())

/** Memory of a web server, megabytes. */
const memory = (of: Program): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${of.pid}/status`, 'utf8'))?.[1]) / 1_000

/** The same server without a protection, for a control; its programs take seconds to make, so only in full. */
async function without(name: string, ...changes: Change[]): Promise<Program> {
  const program = await real.web({}, await weaken(name, ...changes))
  await program.answers()
  return program
}

/** How many connections from these ports the server still holds open, by the kernel's table: readers that do not read cannot tell. */
function heldBy(of: Program, ports: readonly number[]): number {
  const wanted = new Set(ports)
  const lines = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n'))
  return lines.filter((line) => {
    const [, mine, theirs, state] = /^\s*\d+: \w+:(\w{4}) \w+:(\w{4}) (\w\w)/.exec(line) ?? []
    const open = state === '01'
    return open && Number.parseInt(mine ?? '', 16) === of.port && wanted.has(Number.parseInt(theirs ?? '', 16))
  }).length
}

/** A stream on a bare socket; what comes is heard as text. */
async function follow(token: string, after: number, hear: (text: string) => void, of = web): Promise<Socket> {
  const socket = connect(of.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET /api/widget/events?after=${after}&token=${token} HTTP/1.1\r\nhost: x\r\n\r\n`)
  socket.setEncoding('utf8')
  socket.on('data', hear)
  return socket
}

/** Opens so many streams of these contacts; how much larger the server has become, megabytes. */
async function openStreams(of: Program, count: number, contacts: string[], hear: (text: string, at: number) => void) {
  const before = memory(of)
  const sockets: Socket[] = []
  let ready = 0
  for (let at = 0; at < count; at++) {
    const heard = (text: string) => {
      if (text.includes('event: ready')) ready++
      hear(text, at)
    }
    sockets.push(await follow(newSession(real, shop, contacts[at % contacts.length] as string), 0, heard, of))
    // As browsers come: not all in one moment.
    for (const end = Date.now() + 20_000; at - ready > 400 && Date.now() < end; ) await sleep(5)
  }
  for (const end = Date.now() + 60_000; ready < count && Date.now() < end; ) await sleep(50)
  expect(ready).toBe(count)
  return { sockets, grown: memory(of) - before }
}

test('streams that idle, and news among them', async () => {
  const count = amount(10_000, 150)
  const visitors = await newVisitors(real, shop, 50)
  const contacts = await real.server.ask<{ id: string }>('SELECT id FROM contact WHERE account_id = $1 LIMIT 50', [
    shop.accountId,
  ])
  /** Of each piece of news: which streams have heard it, and when. */
  const heard = new Map<string, Map<number, number>>()
  /** The end of what a stream heard last: news may come in two pieces. */
  const tails: string[] = []
  const ids = contacts.map(({ id }) => id)
  const { sockets, grown } = await openStreams(web, count, ids, (text, at) => {
    const all = (tails[at] ?? '') + text
    tails[at] = all.slice(-40)
    for (const [said] of all.matchAll(/idle-[\w-]{36}/g)) {
      const by = heard.get(said)
      if (by && !by.has(at)) by.set(at, performance.now())
    }
  })
  expect(grown).toBeLessThan(400)
  const agent = new http.Agent({ keepAlive: true })
  /** Of every stream and every piece of news that is for it. */
  const took: number[] = []
  for (const token of visitors.slice(0, amount(50, 10))) {
    const text = `idle-${newId()}`
    const by = new Map<number, number>()
    heard.set(text, by)
    const began = performance.now()
    expect((await post(agent, web.url, token, { clientId: newId(), text })).status).toBe(201)
    const wanted = count / ids.length
    for (const end = Date.now() + 30_000; by.size < wanted && Date.now() < end; ) await sleep(2)
    expect(by.size).toBe(wanted)
    for (const when of by.values()) took.push(when - began)
  }
  const late = quantile(took, 0.99)
  expect(late).toBeLessThan(stretched(1_000))
  for (const socket of sockets) socket.destroy()
  agent.destroy()
  let control = ''
  if (whole) {
    // A server that keeps something for each stream is seen by the same look.
    const file = 'lib/border/sse.ts'
    const wasteful = { file, from: '  open = true\n', to: '  open = true\n  waste = Buffer.alloc(300_000, 1)\n' }
    const other = await without('streams', wasteful)
    const { sockets: more, grown: much } = await openStreams(other, 1_500, ids, () => {})
    for (const socket of more) socket.destroy()
    await other.kill()
    expect(much).toBeGreaterThan(400)
    control = `; control: 1500 streams of a server that keeps 300 kB for each, ${much.toFixed(0)} MB`
  }
  held(
    '6 streams that idle',
    `${count} streams, ${grown.toFixed(0)} MB more in the web server; ${took.length} arrivals of news, each at all its ${count / ids.length} streams: p99 ${late.toFixed(0)} ms${control}`,
  )
})

test('readers that never read are dropped, and catch up later', async () => {
  const readers = amount(50, 6)
  await newVisitors(real, shop, 1)
  const contactId = (
    await real.server.ask<{ id: string }>('SELECT id FROM contact WHERE account_id = $1 ORDER BY id DESC LIMIT 1', [
      shop.accountId,
    ])
  )[0]?.id as string
  const session = () => newSession(real, shop, contactId)
  const agent = new http.Agent({ keepAlive: true })
  const messages = amount(500, 300)
  // 24 kB each: more than kernels keep for a socket.
  const text = '茶'.repeat(7_900)
  for (let at = 0; at < messages; at += 20) {
    const all = Array.from({ length: 20 }, () => post(agent, web.url, session(), { clientId: newId(), text }))
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(all.map(() => 201))
  }
  agent.destroy()
  const before = memory(web)
  const seen = Array.from({ length: readers }, () => new Set<number>())
  const idsIn = (text: string, into: Set<number>) => {
    for (const [, id] of text.matchAll(/(?:^|\n)id: (\d+)\n/g)) into.add(Number(id))
  }
  const silent = await Promise.all(seen.map(() => follow(session(), 0, () => {})))
  for (const socket of silent) socket.pause()
  let most = 0
  let dropped = 0
  const ports = silent.map((socket) => socket.localPort as number)
  for (const end = Date.now() + amount(60_000, 1_500); dropped < readers && Date.now() < end; await sleep(50)) {
    most = Math.max(most, memory(web) - before)
    dropped = readers - heldBy(web, ports)
  }
  expect(most).toBeLessThan(100)
  // Nobody is kept who takes nothing; the smoke part does not wait for the 15 s.
  if (whole) expect(dropped).toBe(readers)
  // They read again: what had been sent comes, then the end; from the last whole message on they ask anew.
  await Promise.all(
    silent.map(async (socket, at) => {
      const mine = seen[at] as Set<number>
      let text = ''
      socket.removeAllListeners('data')
      socket.on('data', (part: string) => {
        text += part
      })
      socket.resume()
      for (const end = Date.now() + 30_000; !text.includes('event: ready') && !socket.closed && Date.now() < end; )
        await sleep(20)
      socket.destroy()
      idsIn(text.slice(0, text.lastIndexOf('\n\n')), mine)
      let more = ''
      const again = await follow(session(), Math.max(0, ...mine), (part) => {
        more += part
      })
      for (const end = Date.now() + 30_000; !more.includes('event: ready') && Date.now() < end; ) await sleep(20)
      again.destroy()
      idsIn(more, mine)
    }),
  )
  const thread = Array.from({ length: messages }, (_, at) => at + 1)
  for (const mine of seen) expect([...mine].sort((a, b) => a - b)).toEqual(thread)
  let control = ''
  if (whole) {
    const file = 'lib/border/sse.ts'
    const other = await without(
      'readers',
      { file, from: 'if (this.response.writableLength > pileLimit) this.response.destroy()\n    else ', to: '' },
      { file, from: 'if (!this.open || response.writableLength <= rest) return', to: 'if (response) return' },
    )
    const start = memory(other)
    const patient = await Promise.all(seen.map(() => follow(session(), 0, () => {}, other)))
    for (const socket of patient) socket.pause()
    let much = 0
    for (const end = Date.now() + 30_000; much < 200 && Date.now() < end; await sleep(50)) much = memory(other) - start
    for (const socket of patient) socket.destroy()
    await other.kill()
    expect(much).toBeGreaterThan(200)
    control = `; control: a server that writes on, ${much.toFixed(0)} MB and growing`
  }
  held(
    '6 readers that never read',
    `${readers} of a thread of ${((messages * 24) / 1_000).toFixed(0)} MB: ${dropped} dropped, ${most.toFixed(0)} MB more memory at most, 0 messages missing after they came back${control}`,
  )
})
