/**
 * The one way to ask an address that somebody else wrote. What is checked is the very address that is connected to, so that a
 * name which means something else a moment later gains nothing; each redirect is checked anew; size and time are bounded.
 */
import { lookup, Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher, request } from 'undici'
import { mayReach, type Network } from '../core/networks'

export interface Asked {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Redirects that are followed, at most 3; none if not said. Only of GET. */
  redirects?: number
  /** Bytes of the answer that are read; 5 MB if not said, and at most. */
  most?: number
  /** A longer answer is cut there, and is no failure. */
  cut?: boolean
  /** Milliseconds for all of it, redirects included; 10 s if not said, and at most. */
  patience?: number
  signal?: AbortSignal
}

export interface Answered {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  /** Where it came from in the end. */
  url: string
}

/** Why there is no answer. `refused`: the address, its port or its form is not one that is asked. */
export const whyNot = ['refused', 'unknown_host', 'unreachable', 'tls', 'too_slow', 'too_large', 'redirects'] as const
export type WhyNot = (typeof whyNot)[number]

export class NotFetched extends Error {
  constructor(
    readonly reason: WhyNot,
    options?: ErrorOptions,
  ) {
    super(reason, options)
    this.name = 'NotFetched'
  }
}

export type Resolve = (name: string) => Promise<string[]>

export interface Reach {
  /** Networks of the operator's own that may be asked, too. */
  opened: readonly Network[]
  /** Names to addresses; for tests. */
  resolve?: Resolve
}

const mostRedirects = 3
export const mostBytes = 5 * 1024 * 1024
export const longest = 10_000

/**
 * A URL that may be asked, by its form: http or https, no name and password in it, port 80, 443 or 1024 and above — those below
 * are the ports of mail, remote shells and the like, which a request could speak to.
 * @throws NotFetched refused
 */
export function readAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const port = Number(url?.port || 443)
  const sound =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    !url.username &&
    !url.password &&
    (port === 80 || port === 443 || port >= 1024)
  if (!sound) throw new NotFetched('refused')
  return url
}

/**
 * Asks name servers without a thread of the pool: names that never answer would keep four of them, and with them every file and
 * password of this process. Names that only this machine knows are those of networks of its own.
 */
async function resolveName(name: string, opened: readonly Network[]): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (found.length || !opened.length) return found
  return (await lookup(name, { all: true }).catch(() => [])).map(({ address }) => address)
}

/** Opens connections to addresses that were looked at, and to no others. */
export function checkedConnector(
  { opened, resolve }: Reach,
  patience: number,
  signal: AbortSignal,
): buildConnector.connector {
  const look: LookupFunction = (name, options, done) => {
    const answer = resolve ? resolve(name) : resolveName(name, opened)
    answer
      .then((found) => {
        if (!found.length) throw new NotFetched('unknown_host')
        const addresses = found
          .filter((address) => mayReach(address, opened))
          .map((address) => ({ address, family: isIP(address) }))
        const [first] = addresses
        // Whoever waited for the name may have gone: nothing is connected to for nobody.
        if (!first || signal.aborted) throw new NotFetched('refused')
        if (options.all) done(null, addresses)
        else done(null, first.address, first.family)
      })
      .catch((error: unknown) => done(error instanceof NotFetched ? error : new NotFetched('unknown_host'), []))
  }
  const connect = buildConnector({ lookup: look, timeout: patience, rejectUnauthorized: true })
  return (options, callback) => {
    // An address in the URL is looked up by nobody.
    if (isIP(options.hostname) && !mayReach(options.hostname, opened)) return callback(new NotFetched('refused'), null)
    connect(options, (error, socket) => {
      if (!socket) return callback(error ?? new NotFetched('unreachable'), null)
      // What it is connected to, said by the system: before a byte of the request is on its way.
      if (!mayReach(socket.remoteAddress ?? '', opened)) {
        socket.destroy()
        return callback(new NotFetched('refused'), null)
      }
      callback(null, socket)
    })
  }
}

/** @throws NotFetched for everything that is no answer */
export async function safeFetch(asked: Asked, reach: Reach): Promise<Answered> {
  const patience = Math.min(asked.patience ?? longest, longest)
  const late = AbortSignal.timeout(patience)
  const signal = asked.signal ? AbortSignal.any([late, asked.signal]) : late
  const follow = asked.method === 'POST' ? 0 : Math.min(asked.redirects ?? 0, mostRedirects)
  // One for each call: no connection is kept, so none of yesterday's can be used for today's meaning of a name. Proxies that the
  // environment names are not asked.
  const dispatcher = new Agent({ connect: checkedConnector(reach, patience, signal), pipelining: 0, connections: 1 })
  try {
    let url = readAddress(asked.url)
    for (let left = follow; ; left--) {
      const answer = await ask(url, asked, dispatcher, signal)
      const to = follow && answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined
      if (typeof to !== 'string') return answer
      if (!left) throw new NotFetched('redirects')
      const next = readAddress(URL.canParse(to, url) ? new URL(to, url).href : '')
      // What began encrypted does not go on in clear.
      if (url.protocol === 'https:' && next.protocol === 'http:') throw new NotFetched('redirects')
      url = next
    }
  } catch (error) {
    throw late.aborted ? new NotFetched('too_slow', { cause: error }) : reasonOf(error)
  } finally {
    // Not waited for: a connection that is still being made ends by itself.
    void dispatcher.destroy().catch(() => {})
  }
}

async function ask(url: URL, asked: Asked, dispatcher: Dispatcher, signal: AbortSignal): Promise<Answered> {
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    signal,
    method: asked.method ?? 'GET',
    // Compressed, a small answer could become a large one.
    headers: { 'user-agent': 'Lingxi', ...asked.headers, 'accept-encoding': 'identity' },
    body: asked.body ?? null,
    headersTimeout: longest,
    bodyTimeout: longest,
  })
  const most = Math.min(asked.most ?? mostBytes, mostBytes)
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length
    pieces.push(piece)
    if (size <= most) continue
    if (!asked.cut) throw new NotFetched('too_large')
    break
  }
  return { status: statusCode, headers, body: Buffer.concat(pieces).subarray(0, most), url: url.href }
}

/** The innermost reason: several addresses of a name fail together, each with its own. */
function reasonOf(error: unknown): NotFetched {
  for (let at: unknown = error; at instanceof Error; at = at instanceof AggregateError ? at.errors[0] : at.cause) {
    if (at instanceof NotFetched) return at
    const { code = '' } = at as { code?: string }
    if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_)/.test(code))
      return new NotFetched('tls', { cause: error })
  }
  return new NotFetched('unreachable', { cause: error })
}
