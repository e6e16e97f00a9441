/**
 * `npm run bench -- live`: from a visitor's POST to the agents' streams, after a durable commit, with 200 desks open, beside the
 * POST's own answer; and the memory of 10,000 idle visitor streams beside those of a bare server, in the same minute.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { memoryOf } from './kit/cpu'
import { type House, openHouse } from './kit/house'
import { percentile, post } from './kit/load'
import { signIn } from './kit/people'
import { texts } from './kit/texts'

const desks = 200
/** A person may open so many streams a minute; the desks are shared by this many people. */
const people = 20
const messages = 600
/** Sent before anything counts: a server that has just begun runs code that is not compiled yet. */
const warmUp = 600
/** One message each so many milliseconds: a busy shop, not a flood. */
const pause = 15
const idle = Number(process.argv[2] ?? 10_000)

interface Line {
  socket: Socket
  opened: Promise<void>
}

/** A stream on a raw socket; calls back with each event's name, data and the time it came. */
function openLine(
  port: number,
  path: string,
  headers: string,
  heard: (event: string, data: string, at: number) => void,
): Line {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.on('data', (bytes) => {
      const at = performance.now()
      text += bytes.toString('utf8')
      if (text.startsWith('HTTP/1.1') && !text.startsWith('HTTP/1.1 200')) reject(new Error(text.slice(0, 300)))
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const event = /event: (.+)/.exec(block)?.[1]
        if (event === 'ready') resolve()
        if (event) heard(event, /data: (.+)/.exec(block)?.[1] ?? '', at)
      }
    })
  })
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n`)
  return { socket, opened }
}

async function latency(house: House): Promise<void> {
  const account = await house.newAccount()
  const cookies: string[] = []
  for (let n = 0; n < people; n++) cookies.push(`cookie: ${await signIn(house, account, n)}\r\n`)
  const slug = `bench-${account.ctx.accountId}`
  const tokens = await house.visitors(account, warmUp + messages)
  const sentAt = new Map<string, number>()
  const waits: number[] = []
  const answers: number[] = []
  const early: { id: string; at: number }[] = []
  const lines = Array.from({ length: desks }, (_, n) =>
    openLine(house.port, `/api/v1/${slug}/live`, cookies[n % people] as string, (event, data, at) => {
      if (event !== 'message.created') return
      early.push({ id: JSON.parse(data).messageId, at })
    }),
  )
  await Promise.all(lines.map((line) => line.opened))
  const socket = connect(house.port, '127.0.0.1').setNoDelay(true)
  for (let n = 0; n < warmUp + messages; n++) {
    const began = performance.now()
    const id = await new Promise<string>((resolve) => {
      socket.once('data', (bytes) => resolve(/"id":"([^"]+)"/.exec(bytes.toString())?.[1] ?? ''))
      socket.write(
        post(
          '/api/widget/messages',
          tokens[n] as string,
          JSON.stringify({ clientId: crypto.randomUUID(), text: texts[n % texts.length] }),
        ),
      )
    })
    if (n >= warmUp) {
      sentAt.set(id, began)
      answers.push(performance.now() - began)
    }
    await sleep(Math.max(0, pause - (performance.now() - began)))
  }
  await sleep(1_500)
  for (const { id, at } of early) {
    const began = sentAt.get(id)
    if (began !== undefined) waits.push(at - began)
  }
  for (const list of [waits, answers]) list.sort((a, b) => a - b)
  const answer = percentile(answers, 0.5)
  console.log(
    `${desks} desks, ${messages} messages, ${waits.length} of ${desks * messages} deliveries: p50 ${percentile(waits, 0.5).toFixed(1)} ms, p95 ${percentile(waits, 0.95).toFixed(1)} ms, p99 ${percentile(waits, 0.99).toFixed(1)} ms (POST written → event read, the commit between); the POST's own answer p50 ${answer.toFixed(1)} ms: ratio ${(percentile(waits, 0.5) / answer).toFixed(2)}`,
  )
  socket.destroy()
  for (const line of lines) line.socket.destroy()
}

/** Kilobytes of the process for each of `idle` streams, opened a few at a time. */
async function perStream(pid: number, port: number, path: string, headers: (n: number) => string): Promise<number> {
  const before = memoryOf(pid)
  const lines: Line[] = []
  for (let n = 0; n < idle; n += 250) {
    const some = Array.from({ length: Math.min(250, idle - n) }, (_, i) =>
      openLine(port, path, headers(n + i), () => {}),
    )
    lines.push(...some)
    await Promise.all(some.map((line) => line.opened))
  }
  await sleep(2_000)
  const each = (memoryOf(pid) - before) / idle
  for (const line of lines) line.socket.destroy()
  return each
}

async function bareStreams(): Promise<number> {
  await bundle(resolve('.'), '.build/bench', ['tests/bench/kit/bare-streams.ts'])
  const child = spawn(process.execPath, [resolve('.build/bench/bare-streams.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    await sleep(1_000)
    return await perStream(child.pid as number, JSON.parse(line).port, '/', () => '')
  } finally {
    child.kill('SIGTERM')
  }
}

async function memory(house: House): Promise<void> {
  const account = await house.newAccount()
  const tokens = await house.visitors(account, idle)
  await sleep(1_000)
  const ours = await perStream(
    house.serverPid,
    house.port,
    '/api/widget/events',
    (n) => `authorization: Bearer ${tokens[n]}\r\n`,
  )
  const bare = await bareStreams()
  console.log(
    `${idle} idle visitor streams: ${ours.toFixed(1)} kB each; of a bare server ${bare.toFixed(1)} kB: ratio ${(ours / bare).toFixed(2)}`,
  )
}

const house = await openHouse()
try {
  await latency(house)
  await memory(house)
} finally {
  await house.close()
}
process.exit(0)
