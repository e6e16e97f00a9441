/** Stripe's API for tests, on the loopback interface: the world over HTTP, Checkout and portal pages, and signed webhooks. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { faultOf, parseForm, readTypes } from './check'
import { holdExpand, Refusal, wrong } from './endpoint'
import { endpoints } from './endpoints'
import type { Event } from './objects'
import { pages } from './pages'
import { StripeWorld } from './world'

/** The header that Stripe puts on an event (docs.stripe.com/webhooks#verify-manually). @param at seconds */
export const sign = (body: string, secret: string, at: number): string =>
  `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`

export interface StripeServer {
  world: StripeWorld
  url: string
  secret: string
  /** Where events are sent; nothing is sent without it. */
  deliverTo(url: string): void
  /** From now on every call fails as if Stripe were away, until called with false. */
  away(now: boolean): void
  /** From now on no answer comes from addresses like this: the connection breaks (or hangs), before or after the request is done. */
  cut(address: RegExp | null, how?: { done?: boolean; hangs?: boolean; afterwards?: () => void }): void
  /** From now on calls like this fail with an error of Stripe's own, until called with null. @param meanwhile what else is done then */
  fails(call: RegExp | null, meanwhile?: () => void): void
  /** Every request that was answered. */
  asked: string[]
  /** Requests that Stripe would never take, in words. */
  faults: string[]
  /** Resolves when all events that were sent were answered. */
  delivered(): Promise<void>
  /** @throws when there are faults that no test took away: nothing that asks a request Stripe never takes passes by it. */
  close(): Promise<void>
}

const body = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** What came of it, to be said again. */
function outcome(act: () => unknown): () => unknown {
  try {
    const result = act()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}

export async function startStripe(
  key: string,
  secret: string,
  now = Math.floor(Date.now() / 1_000),
): Promise<StripeServer> {
  readTypes()
  let target = ''
  let isAway = false
  let cut: { address: RegExp; done?: boolean; hangs?: boolean; afterwards?: () => void } | null = null
  const asked: string[] = []
  const faults: string[] = []
  const sending = new Set<Promise<unknown>>()
  let failing: { call: RegExp; meanwhile?: () => void } | null = null
  /** Answers by idempotency key, refusals as well. */
  const answers = new Map<string, { asked: string; answer: () => unknown }>()

  const deliver = (event: Event) => {
    if (!target) return
    const text = JSON.stringify(event)
    const headers = {
      'content-type': 'application/json',
      'stripe-signature': sign(text, secret, Math.floor(Date.now() / 1_000)),
    }
    const sent: Promise<unknown> = fetch(target, { method: 'POST', body: text, headers })
      .catch(() => {})
      .finally(() => sending.delete(sent))
    sending.add(sent)
  }
  const world = new StripeWorld(now, deliver)

  async function answer(request: IncomingMessage, url: URL): Promise<unknown> {
    if (isAway) throw new Refusal(503, 'api_error', 'away')
    if (request.headers.authorization !== `Bearer ${key}`)
      throw new Refusal(401, 'invalid_request_error', 'no such key')
    const text = request.method === 'GET' ? url.search.slice(1) : await body(request)
    const found = endpoints.find(({ method, path }) => method === request.method && path.test(url.pathname))
    if (!found) {
      const line = `${request.method} ${url.pathname}`
      throw new Refusal(404, 'invalid_request_error', `Unrecognized request URL ${line}`, undefined, true)
    }
    const wish = parseForm(text)
    asked.push(`${request.method} ${url.pathname}`)
    const fault = faultOf(found.asks, wish)
    if (fault) throw wrong(fault)
    holdExpand(found.asks, wish)
    const idempotency = request.headers['idempotency-key'] as string | undefined
    const kept = idempotency && answers.get(idempotency)
    if (kept && kept.asked !== `${url.pathname} ${text}`)
      throw new Refusal(400, 'idempotency_error', 'the same key with other parameters')
    if (kept) return kept.answer()
    const id = decodeURIComponent(found.path.exec(url.pathname)?.[1] ?? '')
    const made = outcome(() => {
      if (failing?.call.test(`${request.method} ${url.pathname}`)) {
        failing.meanwhile?.()
        throw new Refusal(500, 'api_error', 'Something went wrong on our end')
      }
      return structuredClone(found.act(world, wish as never, id))
    })
    if (idempotency && request.method === 'POST')
      answers.set(idempotency, { asked: `${url.pathname} ${text}`, answer: made })
    return made()
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (!url.pathname.startsWith('/v1/')) return pages(world, request, response, url)
    const ends = cut?.address.test(`${request.method} ${url.pathname}`) ? cut : null
    const end = () => {
      if (ends?.hangs) request.resume()
      else request.socket.destroy()
      ends?.afterwards?.()
    }
    if (ends && !ends.done) return end()
    const send = (status: number, value: unknown) => {
      if (ends) return end()
      response.writeHead(status, { 'content-type': 'application/json', 'request-id': world.id('req') })
      response.end(JSON.stringify(value))
    }
    try {
      send(200, await answer(request, url))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.fault) faults.push(`${request.method} ${url.pathname}: ${error.message}`)
      send(error.status, { error: { type: error.type, message: error.message, code: error.code } })
    }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error) => {
      response.writeHead(500).end(JSON.stringify({ error: { type: 'api_error', message: String(error) } }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  world.baseUrl = url
  return {
    world,
    url,
    secret,
    asked,
    faults,
    deliverTo: (address) => {
      target = address
    },
    away: (value) => {
      isAway = value
    },
    fails: (call, meanwhile) => {
      failing = call && { call, ...(meanwhile ? { meanwhile } : {}) }
    },
    cut: (address, how = {}) => {
      cut = address && { address, ...how }
    },
    delivered: async () => {
      while (sending.size) await Promise.all(sending)
    },
    close: async () => {
      target = ''
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      if (faults.length) throw new Error(`Stripe would never take: ${faults.join('; ')}`)
    },
  }
}
