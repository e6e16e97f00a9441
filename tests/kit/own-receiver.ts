/** Somebody's server that webhooks are sent to: keeps what arrives, answers as told, and lets something happen at each point of a delivery. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** In the order of a delivery: after `received` all of it is here, after `answered` its sender has been told so. */
export type ReceiverPoint = 'connected' | 'head' | 'received' | 'answered'

export interface ArrivedHook {
  path: string
  headers: Record<string, string>
  body: string
  json: { id: string; type: string; data: Record<string, Record<string, unknown>> }
}

export class OwnReceiver {
  readonly hooks: ArrivedHook[] = []
  url = ''
  /** What it answers; 200 and nothing if not said. */
  answer: (hook: ArrivedHook, response: ServerResponse) => void = (_hook, response) => void response.end()
  #point: ReceiverPoint | undefined
  #act: () => void | Promise<void> = () => {}
  readonly #silent = new WeakSet<Socket>()
  readonly #server = createServer((request, response) => void this.#hear(request, response))

  async start(): Promise<this> {
    this.#server.on('connection', (socket) => {
      socket.on('error', () => {})
      void this.#reached('connected', socket)
    })
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`
    return this
  }

  stop(): Promise<void> {
    return new Promise((done) => {
      this.#server.close(() => done())
      this.#server.closeAllConnections()
    })
  }

  /** Does something once, when the next delivery gets there; that delivery gets an answer only if `act` says so by resolving. */
  when(point: ReceiverPoint, act: () => void | Promise<void>): void {
    this.#point = point
    this.#act = act
  }

  async #reached(point: ReceiverPoint, socket: Socket): Promise<void> {
    if (this.#point !== point) return
    this.#point = undefined
    const acted = this.#act()
    if (!acted) this.#silent.add(socket)
    await acted
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request
    await this.#reached('head', socket)
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const headers = request.headers as Record<string, string>
    const hook = { path: request.url ?? '', headers, body, json: body ? JSON.parse(body) : {} }
    this.hooks.push(hook)
    await this.#reached('received', socket)
    if (this.#silent.has(socket)) return
    response.on('finish', () => void this.#reached('answered', socket))
    this.answer(hook, response)
  }
}
