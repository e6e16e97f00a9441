/** Server-sent events (WHATWG HTML § 9.2) on a bare response: heartbeat, back-pressure cap, one close. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A reader that lets this much pile up is dropped; it reconnects and catches up from its last id. Bytes. */
const pileLimit = 262_144
/** Who catches up gets no more before this little is left, and is dropped after so long without taking any, bytes and milliseconds. */
const rest = 65_536
const patience = 15_000
const heartbeat = 20_000

export interface SseStream {
  readonly lastEventId: string | undefined
  readonly open: boolean
  /** @param id what the reader sends back as Last-Event-ID */
  send(event: string, data: unknown, id?: string): void
  /** Sends bytes made once for many streams (see encodeEvent). */
  sendEncoded(bytes: Buffer): void
  /** Resolves when the reader has taken nearly all that was sent, or has gone: for sending much at once. */
  taken(): Promise<void>
  onClose(listener: () => void): void
  close(): void
}

const streams = new Set<Stream>()
let timer: NodeJS.Timeout | undefined

/** Open streams in this process. */
export const streamCount = (): number => streams.size

/** Ends every stream (shutdown); readers reconnect elsewhere. */
export function closeStreams(): void {
  for (const stream of streams) stream.close()
}

/** One event as bytes. */
export const encodeEvent = (event: string, data: unknown, id?: string): Buffer =>
  Buffer.from(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

const beat = Buffer.from(': \n\n')

class Stream implements SseStream {
  readonly lastEventId: string | undefined
  #listeners: (() => void)[] = []
  open = true
  constructor(
    request: IncomingMessage,
    readonly response: ServerResponse,
    lastEventId: string | undefined,
  ) {
    this.lastEventId = lastEventId
    request.socket.setNoDelay(true)
    request.socket.setTimeout(0)
    response.once('close', () => this.#ended())
    response.on('error', () => this.#ended())
  }
  send(event: string, data: unknown, id?: string): void {
    this.sendEncoded(encodeEvent(event, data, id))
  }
  sendEncoded(bytes: Buffer): void {
    if (!this.open || this.response.writableEnded) return
    this.#begin()
    if (this.response.writableLength > pileLimit) this.response.destroy()
    else this.response.write(bytes)
  }
  async taken(): Promise<void> {
    const { response } = this
    if (!this.open || response.writableLength <= rest) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => response.destroy(), patience).unref()
      const done = () => {
        clearTimeout(timer)
        response.off('drain', done).off('close', done)
        resolve()
      }
      response.once('drain', done).once('close', done)
    })
  }
  onClose(listener: () => void): void {
    if (this.open) this.#listeners.push(listener)
    else listener()
  }
  close(): void {
    if (this.open) {
      this.#begin()
      this.response.end()
    }
    this.#ended()
  }
  /** The head goes with the first words: what fails before them leaves in the one form of failures. */
  #begin(): void {
    if (this.response.headersSent) return
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    this.response.write('retry: 1000\n\n')
  }
  #ended(): void {
    if (!this.open) return
    this.open = false
    streams.delete(this)
    if (streams.size === 0 && timer) {
      clearInterval(timer)
      timer = undefined
    }
    for (const listener of this.#listeners) listener()
    this.#listeners = []
  }
}

/** Turns a response into a stream. `lastEventId` comes from the header or, for a first connect, from the query. */
export function openStream(request: IncomingMessage, response: ServerResponse, fallbackId?: string): SseStream {
  const header = request.headers['last-event-id']
  const stream = new Stream(request, response, (Array.isArray(header) ? header[0] : header) ?? fallbackId)
  streams.add(stream)
  timer ??= setInterval(() => {
    for (const each of streams) each.sendEncoded(beat)
  }, heartbeat).unref()
  return stream
}
