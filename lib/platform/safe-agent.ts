/**
 * `safe-fetch` for a library that asks by itself through Node's `http`: an agent whose connections are looked at in the same
 * connect step, and whose answers end after the same size and time. Redirects are for whoever asks; each would be a new request.
 */
import { Agent, type ClientRequest, type ClientRequestArgs, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { readNetworks } from '../core/networks'
import { checkedConnector, longest, mostBytes, NotFetched, type Reach, readAddress } from './safe-fetch'

export interface AgentReach extends Reach {
  /** An address that the operator set: its host and port may be in a network of one's own, too. */
  own?: string
}

/** What Node gives an agent of a request; `gone` is ours. */
type Asked = ClientRequestArgs & { gone?: AbortSignal }

const urlOf = ({ protocol, host, port }: Asked): string =>
  `${protocol}//${host?.includes(':') ? `[${host}]` : host}:${port}`

export class SafeAgent extends Agent {
  readonly #reach: Reach
  readonly #own: URL | null

  constructor({ own, ...reach }: AgentReach) {
    // No connection is kept: none of yesterday's can be used for today's meaning of a name.
    super({ keepAlive: false })
    // One agent for both: Node compares this with the URL's, and a library has one setting for all its requests.
    Object.assign(this, { protocol: undefined })
    this.#reach = reach
    this.#own = own && URL.canParse(own) ? new URL(own) : null
  }

  #opened(url: URL): Reach {
    if (url.host !== this.#own?.host || url.protocol !== this.#own.protocol) return this.#reach
    return { ...this.#reach, opened: [...this.#reach.opened, ...readNetworks('allow')] }
  }

  /** Called by Node for each request. */
  addRequest(request: ClientRequest, given: Asked): void {
    const gone = new AbortController()
    let asking: ClientRequest | IncomingMessage = request
    const late = setTimeout(() => asking.destroy(new NotFetched('too_slow')), longest)
    request.once('close', () => {
      clearTimeout(late)
      gone.abort()
    })
    request.once('response', (response) => {
      asking = response
      limit(response)
    })
    // Node fills in the port of the agent, which is that of http.
    const port = given.protocol === 'https:' && Number(given.port) === 80 ? 443 : given.port
    // @ts-expect-error Not declared, and what agents are made of.
    super.addRequest(request, { ...given, port, gone: gone.signal })
  }

  override createConnection(asked: Asked, done: (error: Error | null, socket: Duplex) => void): undefined {
    const none = undefined as unknown as Duplex
    try {
      const url = new URL(urlOf(asked))
      const reach = this.#opened(url)
      if (reach === this.#reach) readAddress(url.href)
      const connect = checkedConnector(reach, longest, asked.gone ?? AbortSignal.timeout(longest))
      const { host, hostname, protocol, port } = url
      connect(
        {
          host,
          hostname: hostname.replace(/^\[|\]$/g, ''),
          protocol,
          port: port || (protocol === 'https:' ? '443' : '80'),
        },
        // Before it was connected to and looked at, nothing is written.
        (...[error, socket]) => done(error, socket ?? none),
      )
    } catch (error) {
      done(error instanceof NotFetched ? error : new NotFetched('refused', { cause: error }), none)
    }
    return undefined
  }
}

/** Counts what comes, before anybody reads it: a library gathers the whole of it. */
function limit(response: IncomingMessage): void {
  const push = response.push.bind(response)
  let size = 0
  response.push = (piece: Buffer | null, ...more) => {
    size += piece?.length ?? 0
    if (size <= mostBytes) return push(piece, ...more)
    response.destroy(new NotFetched('too_large'))
    return false
  }
}
