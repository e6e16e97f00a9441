/** A double of the visitor's side of a server, in memory: the same paths, answers and streams, and failures on demand. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { AttachedFile } from '@/lib/core/attachment'

export interface StoredMessage {
  id: string
  sequence: number
  from: 'visitor' | 'agent'
  authorName?: string
  text: string
  createdAt: string
  clientId?: string
  attachments?: AttachedFile[]
}

interface Failure {
  path: string
  times: number
  status: number
  headers: Record<string, string>
  /** Store first, then fail: the answer is lost on its way. */
  after: boolean
}

const publicDir = join(import.meta.dirname, '../../public')

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

type Body = Record<string, string> & { attachments?: string[] }

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export class VisitorServer {
  readonly siteKey = 'site-key'
  /** Threads by contact. */
  readonly threads = new Map<string, StoredMessage[]>()
  readonly requests: { method: string; path: string; at: number }[] = []
  readonly sessions: Record<string, unknown>[] = []
  /** Contacts that are known already, by the business's own id. */
  readonly people = new Map<string, string>()
  allowedOrigins: string[] = []
  inbox: Record<string, unknown> = { name: 'Cloud Mountain Tea', accent: '#0f766e', ink: '#ffffff', online: true }
  /** Files that were brought, with their bytes. */
  readonly files = new Map<string, AttachedFile & { bytes: Buffer }>()
  /** Uploads answer only once this has resolved. */
  uploads: Promise<unknown> = Promise.resolve()
  /** Streams answer, but nothing comes through them. */
  streamsBlocked = false
  url = ''
  #failures: Failure[] = []
  #streams = new Set<{ contact: string; response: ServerResponse }>()
  #tokens = new Map<string, string>()
  #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: Error) =>
      send(response, 500, { code: 'internal', detail: error.message }),
    )
  })

  async start(port = 0): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(port, '127.0.0.1', done))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.cutStreams()
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }

  /** The next `times` requests whose path holds `path` fail; status 0 cuts the connection. */
  fail(path: string, options: Partial<Omit<Failure, 'path'>> = {}): void {
    this.#failures.push({ path, times: 1, status: 503, headers: {}, after: false, ...options })
  }

  recover(): void {
    this.#failures = []
  }

  /** Every token becomes worthless; contacts are found again by the token they hold. */
  expireTokens(): void {
    for (const [token, contact] of [...this.#tokens]) {
      this.#tokens.delete(token)
      this.#tokens.set(`expired ${token}`, contact)
    }
  }

  cutStreams(): void {
    for (const { response } of this.#streams) response.destroy()
  }

  get streams(): number {
    return this.#streams.size
  }

  /** What all contacts wrote and got, in order of arrival. */
  get messages(): StoredMessage[] {
    return [...this.threads.values()].flat()
  }

  count(path: string): number {
    return this.requests.filter((request) => request.path.includes(path)).length
  }

  /** An agent answers in every thread. `skip` leaves that many sequences unused, as a private note would. */
  reply(text: string, { skip = 0, silent = false, authorName = 'Mei', attachments = [] as AttachedFile[] } = {}): void {
    const files = attachments.length ? { attachments } : {}
    for (const [contact, thread] of this.threads)
      this.#store(
        contact,
        { from: 'agent', authorName, text, ...files },
        (thread.at(-1)?.sequence ?? 0) + 1 + skip,
        silent,
      )
  }

  #store(contact: string, part: Partial<StoredMessage>, sequence: number, silent = false): StoredMessage {
    const message = { id: randomUUID(), sequence, createdAt: new Date().toISOString(), ...part } as StoredMessage
    this.threads.get(contact)?.push(message)
    for (const stream of this.#streams)
      if (stream.contact === contact && !silent && !this.streamsBlocked)
        stream.response.write(`id: ${sequence}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`)
    return message
  }

  #failing(path: string, after: boolean): Failure | undefined {
    const failure = this.#failures.find((one) => path.includes(one.path) && one.times > 0 && one.after === after)
    if (failure) failure.times--
    return failure
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    this.requests.push({ method: request.method ?? '', path: url.pathname, at: Date.now() })
    if (!url.pathname.startsWith('/api/widget/')) return this.#file(url, response)
    const bytes = await bytesOf(request)
    const upload = url.pathname.endsWith('/attachments')
    const body: Body = upload || !bytes.length ? {} : JSON.parse(bytes.toString())
    const failure = this.#failing(url.pathname, false)
    if (failure) {
      this.#refuse(response, failure)
      return
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (url.pathname.endsWith('/sessions')) return this.#open(body, token, response)
    const contact = this.#tokens.get(token)
    if (!contact) return send(response, 401, { code: 'token_invalid' })
    if (url.pathname.endsWith('/events')) return this.#stream(contact, url, request, response)
    if (upload) return this.#keep(bytes, request, response)
    const file = this.files.get(url.pathname.split('/').at(-1) ?? '')
    if (file) return void response.writeHead(200, { 'content-type': file.type }).end(file.bytes)
    if (request.method === 'POST') return this.#receive(contact, body, url.pathname, response)
    const thread = this.threads.get(contact) ?? []
    const after = Number(url.searchParams.get('after') ?? 0)
    const page = thread.filter(({ sequence }) => sequence > after).slice(0, Number(url.searchParams.get('limit') ?? 50))
    send(response, 200, { messages: page, last: page.at(-1)?.sequence ?? after })
  }

  #refuse(response: ServerResponse, { status, headers }: Failure): void {
    if (!status) response.destroy()
    else send(response, status, { code: 'on_demand' }, headers)
  }

  #open(body: Body, held: string, response: ServerResponse): void {
    if (body.siteKey !== this.siteKey) {
      send(response, 404, { code: 'unknown_site_key' })
      return
    }
    this.sessions.push(body)
    const stranger = this.#tokens.get(held) ?? this.#tokens.get(`expired ${held}`) ?? randomUUID()
    const { userId } = (body.identity ?? {}) as { userId?: string }
    const contact = this.people.get(userId ?? '') ?? stranger
    if (contact !== stranger) this.#join(stranger, contact)
    if (!this.threads.has(contact)) this.threads.set(contact, [])
    const token = randomUUID()
    this.#tokens.set(token, contact)
    send(response, 201, { token, contactId: contact, inbox: this.inbox })
  }

  /** What a stranger wrote goes on after what the known contact has; the stranger's tokens are worth nothing from then on. */
  #join(stranger: string, contact: string): void {
    const thread = this.threads.get(contact) ?? []
    const base = thread.at(-1)?.sequence ?? 0
    for (const message of this.threads.get(stranger) ?? [])
      thread.push({ ...message, sequence: message.sequence + base })
    this.threads.set(contact, thread)
    this.threads.delete(stranger)
    for (const [token, owner] of this.#tokens) if (owner === stranger) this.#tokens.delete(token)
  }

  /** Puts a file where it can be fetched. */
  hold(bytes: Buffer, name: string, type: string, more: Partial<AttachedFile> = {}): AttachedFile {
    const file = { id: randomUUID(), name, type, size: bytes.length, ...more }
    this.files.set(file.id, { ...file, bytes })
    return file
  }

  async #keep(bytes: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.uploads
    const name = decodeURIComponent(String(request.headers['x-file-name']))
    const type = bytes.toString('latin1', 1, 4) === 'PNG' ? 'image/png' : 'text/plain'
    if (bytes.includes('<svg')) return send(response, 415, { code: 'attachment_type', title: 'No such files' })
    const size = type === 'image/png' ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : {}
    send(response, 201, this.hold(bytes, name, type, size))
  }

  #receive(
    contact: string,
    { clientId, text, attachments: ids = [] }: Body,
    path: string,
    response: ServerResponse,
  ): void {
    const thread = this.threads.get(contact) ?? []
    const known = thread.find((message) => message.clientId === clientId)
    if (known && known.text !== text) {
      send(response, 409, { code: 'client_id_reused' })
      return
    }
    const next = (thread.at(-1)?.sequence ?? 0) + 1
    const attachments = ids.flatMap((id) => {
      const held = this.files.get(id)
      if (!held) return []
      const { bytes: _, ...file } = held
      return [file]
    })
    const files = attachments.length ? { attachments } : {}
    const message =
      known ?? this.#store(contact, { from: 'visitor', text: text ?? '', clientId: clientId ?? '', ...files }, next)
    const failure = this.#failing(path, true)
    if (failure) {
      this.#refuse(response, failure)
      return
    }
    const { id, sequence, createdAt } = message
    send(response, known ? 200 : 201, { id, conversationId: contact, sequence, createdAt })
  }

  #stream(contact: string, url: URL, request: IncomingMessage, response: ServerResponse): void {
    const after = Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.flushHeaders()
    const stream = { contact, response }
    this.#streams.add(stream)
    response.on('close', () => this.#streams.delete(stream))
    if (this.streamsBlocked) {
      response.end()
      return
    }
    response.write('retry: 1000\n\n')
    for (const message of this.threads.get(contact) ?? [])
      if (message.sequence > after)
        response.write(`id: ${message.sequence}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`)
  }

  async #file(url: URL, response: ServerResponse): Promise<void> {
    const headers: Record<string, string> = { 'cache-control': 'no-cache' }
    let name = url.pathname
    if (name === '/widget/frame') {
      const locale = url.searchParams.get('lang') === 'zh-CN' ? 'zh-CN' : 'en'
      name = `/widget/frame.${locale}.html`
      const policies = JSON.parse(await readFile(join(publicDir, 'widget/policies.json'), 'utf8'))
      headers['content-security-policy'] =
        `${policies[locale].replace('{host}', new URL(this.url).host)}; frame-ancestors ${this.allowedOrigins.length ? this.allowedOrigins.join(' ') : '*'}`
    } else headers['access-control-allow-origin'] = '*'
    const text = await readFile(join(publicDir, name), 'utf8').catch(() => undefined)
    if (text === undefined) return send(response, 404, { code: 'not_found' })
    headers['content-type'] = name.endsWith('.html') ? 'text/html; charset=utf-8' : 'text/javascript; charset=utf-8'
    response.writeHead(200, headers)
    response.end(text)
  }
}

/**
 * A page of some business, on an origin of its own: `page` answers with markup and, if it likes, headers.
 * The same site as the server, or with `localhost` in place of 127.0.0.1 another one.
 */
export async function startShop(page: (path: string) => { html: string; headers?: Record<string, string> }) {
  const server = createServer((request, response) => {
    const { html, headers } = page(request.url ?? '/')
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
    response.end(html)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, stop: () => new Promise((done) => server.close(done)) }
}
