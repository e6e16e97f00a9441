/** Clients that drip their requests hold nobody up. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amount, held, whole } from '../kit/guarantee'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { weaken } from '../kit/weakened'
import { newVisitors, quantile } from '../kit/writers'
import { prepareWriters, writersApart } from '../kit/writers-apart'

let real: RealHouse
let web: Program
beforeAll(async () => {
  real = await openRealHouse({ durable: false })
  web = await real.web()
  await web.answers()
  await prepareWriters()
})
afterAll(() => real?.close())

test('clients that drip hold nobody up, and are put out', async () => {
  const count = amount(1_000, 60)
  // Control: a server that waits for heads keeps them.
  const file = 'lib/cli/server.ts'
  const patient = whole
    ? await real.web({}, await weaken('drip', { file, from: 'headersTimeout = 10_000', to: 'headersTimeout = 0' }))
    : web
  await patient.answers()
  const kept = connect(patient.port, '127.0.0.1').on('error', () => {})
  const sockets = Array.from({ length: count }, () => connect(web.port, '127.0.0.1').on('error', () => {}))
  const closed = Promise.all(sockets.map((socket) => new Promise((done) => socket.once('close', done))))
  for (const socket of [...sockets, kept]) socket.write('GET /api/health HTTP/1.1\r\nhost: x\r\n')
  const dripping = setInterval(() => {
    for (const socket of [...sockets, kept]) if (!socket.destroyed) socket.write('x-a: b\r\n')
  }, 1_000)
  // A session may send 30 in 30 s: on a fast machine few writers are that quick.
  const tokens = await newVisitors(real, await real.house.shop(), 4 * 60)
  const tally = await writersApart({ count: 4, tokens, url: web.url, pauseMs: 20, ms: amount(5_000, 800) })
  expect(tally).toMatchObject({ wrong: [], unmet: 0, refused: 0 })
  const began = performance.now()
  // The smoke part does not wait for it: it takes as long as such clients are given.
  const out = whole && (await Promise.race([closed.then(() => true), sleep(40_000, false)]))
  const seconds = ((performance.now() - began) / 1_000).toFixed(0)
  clearInterval(dripping)
  for (const socket of sockets) socket.destroy()
  expect(out).toBe(whole)
  if (whole) {
    expect([kept.destroyed, kept.readableEnded]).toEqual([false, false])
    await patient.kill()
  }
  kept.destroy()
  held(
    '6 clients that drip',
    `${count} connections: others answered at p95 ${Math.round(quantile(tally.took, 0.95))} ms${whole ? `, all put out ${seconds} s later; control: a server that waits for heads keeps one` : ''}`,
  )
})
