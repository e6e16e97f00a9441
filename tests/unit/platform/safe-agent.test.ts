/** A library that asks through Node's http is held to the same look: the address connected to, one at a time, whatever its name meant before. */
import http, { createServer, type Server } from 'node:http'
import https, { createServer as createTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readNetworks } from '@/lib/core/networks'
import { type AgentReach, SafeAgent } from '@/lib/platform/safe-agent'
import { NotFetched, type Resolve } from '@/lib/platform/safe-fetch'
import { addressesAt } from '../../kit/hostile/addresses'
import { ownCertificate } from '../../kit/own-certificate'

const reached: string[] = []
const server: Server = createServer((request, response) => response.end(request.headers.host))
let port = 0
beforeAll(async () => {
  server.on('connection', (socket) => void reached.push(socket.localAddress?.replace('::ffff:', '') ?? ''))
  await new Promise<void>((done) => server.listen(0, '::', done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((done) => server.close(done) && server.closeAllConnections()))

/** The answer's text, or why there is none. */
const ask = (url: string, reach: AgentReach): Promise<string> =>
  new Promise((done) => {
    const failed = (error: Error & { code?: string; port?: number }) =>
      done(error instanceof NotFetched ? error.reason : `${error.code} ${error.port ?? ''}`)
    try {
      const by = url.startsWith('https:') ? https : http
      const request = by.get(url, { agent: new SafeAgent(reach) }, (response) => {
        let text = ''
        response.on('data', (piece) => {
          text += piece
        })
        response.on('error', failed)
        response.on('end', () => done(text))
      })
      request.on('error', failed)
    } catch {
      done('refused')
    }
  })

test('no spelling of this machine or a network of its own is connected to', async () => {
  const resolve: Resolve = async () => ['127.0.0.1', '::1']
  const outcomes = await Promise.all(addressesAt(port).map((url) => ask(url, { opened: [], resolve })))
  expect(outcomes.filter((one) => one !== 'refused')).toEqual([])
  expect(outcomes.length).toBeGreaterThanOrEqual(60)
  expect(reached).toEqual([])
  // Control: the same agent where the operator opened it, and Node's own.
  expect(await ask(`http://127.0.0.1:${port}/`, { opened: readNetworks('127.0.0.1') })).toBe(`127.0.0.1:${port}`)
  expect(reached.splice(0)).toEqual(['127.0.0.1'])
})

test('a name is looked up once for each request, and what was looked at is what is connected to', async () => {
  let asked = 0
  const lying: Resolve = async () => (asked++ ? ['127.0.0.1'] : ['127.0.0.2'])
  // 127.0.0.2 stands for the internet here.
  const reach = { opened: readNetworks('127.0.0.2'), resolve: lying }
  const url = `http://rebinding.test:${port}/`
  expect(await ask(url, reach)).toBe(`rebinding.test:${port}`)
  expect(await ask(url, reach)).toBe('refused')
  expect([asked, reached.splice(0)]).toEqual([2, ['127.0.0.2']])
  // Control: an agent that looks at the name first and then connects by it reaches the other one.
  asked = 0
  await lying('')
  await new Promise((done) => {
    const lookup = (_name: string, _options: object, told: (error: null, found: object[]) => void) =>
      void lying('').then(([address]) => told(null, [{ address, family: 4 }]))
    http.get(url, { lookup: lookup as never }, (response) => response.resume().on('end', done))
  })
  expect(reached.splice(0)).toEqual(['127.0.0.1'])
})

test('the operator’s own address is asked at its host, port and protocol, and nowhere else', async () => {
  const resolve: Resolve = async () => ['127.0.0.1']
  const reach = { own: `http://sign-in.test:${port}/realm`, opened: [], resolve }
  expect(await ask(`http://sign-in.test:${port}/keys`, reach)).toBe(`sign-in.test:${port}`)
  for (const url of [
    `http://sign-in.test.:${port}/`,
    `http://other.test:${port}/`,
    `https://sign-in.test:${port}/`,
    `http://sign-in.test:${port + 1}/`,
    `http://127.0.0.1:${port}/`,
  ])
    expect([url, await ask(url, reach)]).toEqual([url, 'refused'])
  // What clouds tell about a machine is nobody's sign-in.
  const cloud: Resolve = async () => ['169.254.169.254']
  expect(await ask(`http://sign-in.test:${port}/`, { ...reach, resolve: cloud })).toBe('refused')
  expect(reached.splice(0)).toEqual(['127.0.0.1'])
})

test('https is TLS to its own port, with the name, and a certificate that nobody signed is refused', async () => {
  const names: string[] = []
  const pair = ownCertificate(['sign-in.test'])
  const SNICallback = (name: string, done: (error: null) => void) => void [names.push(name), done(null)]
  const secure = createTls({ ...pair, SNICallback }, (_request, response) => response.end('secret'))
  await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done))
  const resolve: Resolve = async () => ['127.0.0.1']
  const reach = { opened: readNetworks('127.0.0.1'), resolve }
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const at = (secure.address() as AddressInfo).port
  expect(await ask(`https://sign-in.test:${at}/`, reach)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT ')
  expect(names).toEqual(['sign-in.test'])
  vi.unstubAllEnvs()
  // Nobody listens there: what is said is where it went.
  expect(await ask('https://sign-in.test/', reach)).toMatch(/^ECONNREFUSED 443$/)
  expect(await ask('http://sign-in.test/', reach)).toMatch(/^ECONNREFUSED 80$/)
  await new Promise((done) => secure.close(done))
})
