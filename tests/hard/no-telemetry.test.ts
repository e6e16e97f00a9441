/** The product sends nothing about itself or its users to anybody: every connection and every name asked for by its programs is listed. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { amount, held } from '../kit/guarantee'
import { temporaryFolder, until } from '../kit/installation'
import { openRealHouse, type RealHouse } from '../kit/real-programs'
import { newVisitors, post } from '../kit/writers'

const folder = temporaryFolder()
const [preload, list] = [join(folder.path, 'listen.mjs'), join(folder.path, 'list.txt')]
/** Runs in each program before its own code. */
const listening = `
import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'
import { appendFileSync } from 'node:fs'
const say = (what) => appendFileSync(${JSON.stringify(list)}, what + '\\n')
const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...given) {
  const [to] = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given)
  say(to.path ?? (to.host ?? 'localhost') + ':' + to.port)
  return connect.apply(this, given)
}
const send = dgram.Socket.prototype.send
dgram.Socket.prototype.send = function (...given) {
  say('datagram ' + given.filter((one) => typeof one !== 'function' && typeof one !== 'object').join(' '))
  return send.apply(this, given)
}
for (const of of [dns, dns.promises])
  for (const name of Object.keys(of).filter((name) => /^(lookup|resolve)/.test(name))) {
    const ask = of[name]
    of[name] = function (...given) {
      if (given[0] !== 'localhost' && !net.isIP(given[0])) say('name ' + given[0])
      return ask.apply(this, given)
    }
  }
`

let real: RealHouse
beforeAll(async () => {
  writeFileSync(preload, listening)
  real = await openRealHouse({ durable: false })
})
afterAll(async () => {
  await real?.close()
  folder.remove()
})

const said = (): string[] => (existsSync(list) ? [...new Set(readFileSync(list, 'utf8').trim().split('\n'))] : [])

test('web, worker and inference connect to the database and to each other, and ask for no name', async () => {
  const told = { NODE_OPTIONS: `--import=${preload}` }
  const inference = await real.inference(undefined, told)
  await inference.answers('/v2/health/ready')
  const more = { ...told, INFERENCE_URL: inference.url }
  const [web] = [await real.web(more), await real.worker(more)]
  await web.answers()
  const shop = await real.house.shop()
  const agent = new http.Agent({ keepAlive: true })
  const tokens = await newVisitors(real, shop, 10)
  for (const token of tokens)
    expect((await post(agent, web.url, token, { clientId: newId(), text: 'Where is it?' })).status).toBe(201)
  for (const path of ['/', '/sign-in', '/pricing', '/widget.js', '/api/health'])
    await (await fetch(web.url + path)).text()
  const labelled = async () => {
    const [row] = await real.server.ask<{ n: number }>(
      `SELECT count(*)::int AS n FROM message WHERE account_id = $1 AND label_state = 'labelled'`,
      [shop.accountId],
    )
    return row?.n === tokens.length
  }
  expect(await until(labelled, 60_000)).toBe(true)
  // What a program says of itself it says at its start, or after a while.
  await sleep(amount(30_000, 2_000))
  agent.destroy()
  const database = new URL(real.house.database.appUrl)
  const known = new Set([database.host, `localhost:${database.port}`, new URL(inference.url).host])
  expect(said().filter((to) => !known.has(to))).toEqual([])
  expect(said()).toEqual(expect.arrayContaining([new URL(inference.url).host]))
  const seen = said().length
  // Control: a program that calls home is heard, whichever way.
  const home = `
    await fetch('http://telemetry.example/').catch(() => {})
    const { createSocket } = await import('node:dgram')
    createSocket('udp4').send('x', 8125, '127.0.0.1', () => process.exit())`
  execFileSync(process.execPath, ['--import', preload, '--input-type=module', '-e', home])
  const heard = said().filter((to) => !known.has(to))
  expect(heard).toEqual(
    expect.arrayContaining([expect.stringMatching(/telemetry\.example/), 'datagram x 8125 127.0.0.1']),
  )
  held(
    '8 no telemetry',
    `3 programs from their start, 10 messages, 5 pages: ${seen} places connected to, all of them the database or inference; control: ${heard.length} calls home heard`,
  )
})
