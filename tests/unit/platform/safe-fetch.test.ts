/** Asking addresses that others wrote: what is connected to was looked at, redirects are looked at anew, size and time have an end. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTls, request as plainly } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server as Tcp } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { mayReach, readNetworks } from '@/lib/core/networks'
import { type Asked, NotFetched, type Resolve, safeFetch } from '@/lib/platform/safe-fetch'
import { held } from '../../kit/guarantee'
import { addressesAt } from '../../kit/hostile/addresses'
import { ownCertificate } from '../../kit/own-certificate'

let heard: string[] = []
let connections = 0
/** Which of this machine's addresses were connected to. */
let reached: string[] = []
const answers: Record<string, RequestListener> = {
  '/large': (_request, response) => {
    response.write(Buffer.alloc(400_000))
    response.end(Buffer.alloc(200_000))
  },
  '/drip': (_request, response) => {
    response.write('.')
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(timer))
  },
  '/5%20MB': (_request, response) => response.end(Buffer.alloc(5 * 1024 * 1024)),
  '/more': (_request, response) => response.end(Buffer.alloc(5 * 1024 * 1024 + 1)),
  '/silent': () => {},
  '/headers': (_request, response) => response.socket?.write('HTTP/1.1 200 OK\r\n'),
}
const listener: RequestListener = (request, response) => {
  heard.push(`${request.method} ${request.headers.host} ${request.url}`)
  const url = new URL(request.url ?? '', 'http://x')
  const to = url.searchParams.get('to')
  const special = answers[url.pathname]
  if (special) return special(request, response)
  if (to) return void response.writeHead(Number(url.searchParams.get('as') ?? 302), { location: to }).end('moved')
  response.end(JSON.stringify(request.headers))
}
const server: Server = createServer(listener)
let port = 0
let base = ''
beforeAll(async () => {
  server.on('connection', (socket) => {
    connections++
    reached.push(socket.localAddress?.replace('::ffff:', '') ?? '')
  })
  await new Promise<void>((listening) => server.listen(0, '::', listening))
  port = (server.address() as AddressInfo).port
  base = `http://127.0.0.1:${port}`
})
afterAll(() => new Promise((closed) => server.close(closed) && server.closeAllConnections()))

const opened = readNetworks('127.0.0.1')
const own = (asked: Asked, resolve?: Resolve) => safeFetch(asked, { opened, ...(resolve ? { resolve } : {}) })
const why = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error) => (error instanceof NotFetched ? error.reason : `other: ${error}`),
  )

describe('addresses', () => {
  test('no spelling of this machine or a network of its own is connected to', async () => {
    ;[heard, connections] = [[], 0]
    const outcomes = await Promise.all(
      addressesAt(port).map((url) =>
        // As if each name were known, and meant this machine.
        why(safeFetch({ url, patience: 3_000 }, { opened: [], resolve: async () => ['127.0.0.1', '::1'] })),
      ),
    )
    expect(outcomes.filter((one) => one !== 'refused')).toEqual([])
    expect(outcomes.length).toBeGreaterThanOrEqual(86)
    expect([heard, connections]).toEqual([[], 0])
    // Control: where the operator opened it, the same is asked.
    expect((await own({ url: base })).status).toBe(200)
    expect(connections).toBe(1)
    held(
      '5 the one way to ask',
      `${outcomes.length} spellings whose names all mean this machine: 0 connections; opened: 1`,
    )
  })

  test('a name is looked up once, and what was looked at is what is connected to', async () => {
    let asked = 0
    const lying: Resolve = async () => (asked++ ? ['127.0.0.1'] : ['127.0.0.2'])
    // 127.0.0.2 stands for the internet here, and 127.0.0.1 for what must not be reached.
    const reach = { opened: readNetworks('127.0.0.2'), resolve: lying }
    reached = []
    const url = `http://rebinding.test:${port}/`
    expect(await why(safeFetch({ url }, reach))).toBe('answered')
    expect([asked, reached]).toEqual([1, ['127.0.0.2']])
    expect(await why(safeFetch({ url }, reach))).toBe('refused')
    expect(reached).toEqual(['127.0.0.2'])
    // Control: looked at first and then connected to by its name, as many do it, 127.0.0.1 is reached.
    asked = 0
    expect(mayReach((await lying(''))[0] as string, reach.opened)).toBe(true)
    await fetch(`http://${await lying('')}:${port}/`)
    expect(reached).toEqual(['127.0.0.2', '127.0.0.1'])
  })

  test('of several addresses of a name only those that may be asked are', async () => {
    const url = `http://both.test:${port}/`
    expect(await why(safeFetch({ url }, { opened: [], resolve: async () => ['127.0.0.1', '10.0.0.1', '::1'] }))).toBe(
      'refused',
    )
    const answer = await own({ url }, async () => ['169.254.169.254', '127.0.0.1'])
    expect(heard.at(-1)).toBe(`GET both.test:${port} /`)
    expect(answer.status).toBe(200)
    expect(await why(own({ url }, async () => []))).toBe('unknown_host')
    expect(await why(own({ url }, () => Promise.reject(new Error('no'))))).toBe('unknown_host')
  })

  test.each([
    ...['ftp://127.0.0.1/', 'file:///etc/passwd', 'data:text/plain,x', 'javascript:1', 'http://', 'x', ''],
    ...['http://user@127.0.0.1/', 'http://user:word@127.0.0.1/', 'http://:word@127.0.0.1/'],
    ...[
      'http://127.0.0.1:22/',
      'http://127.0.0.1:25/',
      'http://127.0.0.1:1023/',
      'https://127.0.0.1:465/',
      'http://127.0.0.1:0/',
    ],
  ])('%s has a form that is not asked', async (url) => {
    expect(await why(own({ url }))).toBe('refused')
  })

  test('a proxy that the environment names is not asked', async () => {
    const proxy = `http://localhost:${port}`
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) vi.stubEnv(name, proxy)
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    heard = []
    await own({ url: `${base}/straight` })
    // A proxy would have been given the whole address.
    expect(heard).toEqual([`GET 127.0.0.1:${port} /straight`])
    vi.unstubAllEnvs()
  })
})

describe('redirects', () => {
  const chain = (length: number, end = `${base}/end`): string =>
    length ? `${base}/?to=${encodeURIComponent(chain(length - 1, end))}` : end

  test('are followed as far as was said, three at most; not at all if nothing was said, and never by a POST', async () => {
    expect((await own({ url: chain(3), redirects: 3 })).url).toBe(`${base}/end`)
    expect(await why(own({ url: chain(4), redirects: 9 }))).toBe('redirects')
    expect(await why(own({ url: chain(2), redirects: 1 }))).toBe('redirects')
    heard = []
    expect((await own({ url: chain(1) })).status).toBe(302)
    expect((await own({ url: chain(1), method: 'POST', body: '{}', redirects: 3 })).status).toBe(302)
    expect(heard).toHaveLength(2)
  })

  test('each is looked at like the first', async () => {
    const resolve: Resolve = async () => ['127.0.0.1']
    const into = (to: string) =>
      why(own({ url: `http://outside.test:${port}/?to=${encodeURIComponent(to)}`, redirects: 3 }, resolve))
    const closed = [
      `http://[::1]:${port}/`,
      'http://169.254.169.254/latest',
      'http://10.0.0.1/',
      '//192.168.0.1/',
      'file:///etc/passwd',
      `http://a@127.0.0.1:${port}/`,
      'http://127.0.0.1:22/',
      `http://0:${port}/`,
    ]
    for (const to of closed) expect([to, await into(to)]).toEqual([to, 'refused'])
    held('5 the one way to ask, redirects', `${closed.length} into closed networks: 0 followed`)
  })
})

describe('size and time', () => {
  test('an answer that is too long is refused, or cut where that was asked for', async () => {
    expect(await why(own({ url: `${base}/large`, most: 500_000 }))).toBe('too_large')
    expect((await own({ url: `${base}/large`, most: 600_000 })).body).toHaveLength(600_000)
    expect((await own({ url: `${base}/large`, most: 100, cut: true })).body).toHaveLength(100)
  })

  test.each([undefined, 50_000_000])('five megabytes are the most, whatever is asked for (%s)', async (most) => {
    const asked = (path: string) => ({ url: base + path, ...(most ? { most } : {}) })
    expect((await own(asked('/5%20MB'))).body).toHaveLength(5 * 1024 * 1024)
    expect(await why(own(asked('/more')))).toBe('too_large')
  })

  test.each([undefined, 60_000])('ten seconds are the most, whatever is asked for (%s)', async (patience) => {
    const late = vi.spyOn(AbortSignal, 'timeout')
    await own({ url: base, ...(patience ? { patience } : {}) })
    expect(late.mock.calls).toEqual([[10_000]])
    late.mockRestore()
  })

  test.each(['/drip', '/silent', '/headers'])('%s ends when its time is up', async (path) => {
    const began = performance.now()
    expect(await why(own({ url: base + path, patience: 300 }))).toBe('too_slow')
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  test('so does a name that is never answered for', async () => {
    expect(await why(own({ url: `http://never.test:${port}/`, patience: 200 }, () => new Promise(() => {})))).toBe(
      'too_slow',
    )
  })

  test('nothing is unpacked, and whoever asked can end it', async () => {
    const body = JSON.parse(
      (await own({ url: base, headers: { 'accept-encoding': 'gzip', 'x-own': '1' } })).body.toString(),
    )
    expect(body).toMatchObject({ 'accept-encoding': 'identity', 'x-own': '1' })
    const ending = new AbortController()
    setTimeout(() => ending.abort(), 50)
    expect(await why(own({ url: `${base}/silent`, signal: ending.signal }))).toBe('unreachable')
  })
})

describe('TLS', () => {
  const pair = ownCertificate(['hooks.test'])
  const secure = createTls(pair, (_request, response) => response.end('secret'))
  const mute: Tcp = createTcp((socket) => socket.on('error', () => {}).end('not TLS\r\n'))
  beforeAll(async () => {
    await new Promise<void>((listening) => secure.listen(0, '127.0.0.1', listening))
    await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening))
  })
  afterAll(() => void [secure.close(), mute.close()])
  const portOf = (one: { address(): unknown }) => (one.address() as AddressInfo).port

  test('a certificate that nobody signed is refused, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    expect(await why(own({ url: `https://127.0.0.1:${portOf(secure)}/` }))).toBe('tls')
    vi.unstubAllEnvs()
    expect(await why(own({ url: `https://127.0.0.1:${portOf(mute)}/` }))).toBe('tls')
    // Control: who knows it reaches the same server.
    const status = await new Promise((done, failed) =>
      plainly({ host: '127.0.0.1', port: portOf(secure), ca: pair.cert }, ({ statusCode }) => done(statusCode))
        .on('error', failed)
        .end(),
    )
    expect(status).toBe(200)
  })
})
