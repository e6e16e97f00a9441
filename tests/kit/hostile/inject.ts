/** Calls a request handler without a network: a request and a response of memory, hundreds of thousands of times a minute. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable, Writable } from 'node:stream'

export interface Asked {
  method: string
  /** With its query. */
  url: string
  headers: Record<string, string>
  body?: Buffer | undefined
}

export interface Answered {
  status: number
  headers: Record<string, string>
  body: string
}

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
) => Promise<void>

const socket = { remoteAddress: '10.9.8.7', setNoDelay: () => {}, setTimeout: () => {} }

class MemoryResponse extends Writable {
  statusCode = 200
  headersSent = false
  readonly said: Record<string, string> = {}
  readonly parts: Buffer[] = []
  setHeader(name: string, value: unknown): void {
    this.said[name.toLowerCase()] = String(value)
  }
  getHeader = (name: string): string | undefined => this.said[name.toLowerCase()]
  writeHead(status: number, headers: Record<string, unknown> = {}): this {
    // What Node would refuse to send is a failure here, too.
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value)
    for (const value of Object.values(this.said))
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new Error(`a header that cannot be sent: ${value}`)
    this.statusCode = status
    this.headersSent = true
    return this
  }
  flushHeaders(): void {}
  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.parts.push(Buffer.from(part))
    done()
  }
}

/** Resolves with the answer; a stream counts as answered with its head, and is left. */
export async function inject(handler: Handler, { method, url, headers, body }: Asked): Promise<Answered> {
  const request = Object.assign(Readable.from(body?.length ? [body] : []), { method, url, headers, socket })
  const response = new MemoryResponse()
  const ended = new Promise<void>((resolve) => response.once('close', resolve).once('finish', resolve))
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  await handler(
    request as unknown as IncomingMessage,
    response as unknown as ServerResponse,
    path,
    new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
  )
  if (response.said['content-type']?.startsWith('text/event-stream')) response.destroy()
  await ended
  return { status: response.statusCode, headers: response.said, body: Buffer.concat(response.parts).toString() }
}
