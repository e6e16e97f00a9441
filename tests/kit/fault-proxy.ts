/** A TCP proxy between a program and its readers that cuts connections where nobody expects it. */
import net from 'node:net'

export interface Cut {
  /** Passed on from the server before the cut; it may fall in the middle of a word. */
  bytes: number
  /** At the latest after so many milliseconds, from the first byte of the answer on. */
  ms: number
  /** Does not wait for an answer: the milliseconds count from the connection on. */
  early: boolean
  /** With a reset instead of an ordinary end. */
  reset: boolean
}

export class FaultProxy {
  cuts = 0
  /** What the next connection gets; null lets it live. */
  plan: () => Cut | null = () => null
  readonly #lives = new Set<(byUs: boolean) => void>()
  readonly #server: net.Server

  constructor(readonly target: number) {
    this.#server = net.createServer((reader) => this.#join(reader))
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    return `http://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`
  }

  #join(reader: net.Socket): void {
    const upstream = net.connect(this.target, '127.0.0.1')
    const cut = this.plan()
    let left = cut?.bytes ?? Infinity
    let over = false
    const end = (byUs: boolean) => {
      if (over) return
      over = true
      clearTimeout(timer)
      this.#lives.delete(end)
      if (byUs) this.cuts++
      if (byUs && cut?.reset) reader.resetAndDestroy()
      else reader.end()
      upstream.destroy()
    }
    let timer: NodeJS.Timeout | undefined
    const countDown = () => {
      if (cut) timer ??= setTimeout(() => end(true), cut.ms)
    }
    if (cut?.early) countDown()
    this.#lives.add(end)
    for (const socket of [reader, upstream]) {
      socket.setNoDelay(true)
      socket.on('error', () => end(false))
      socket.on('close', () => end(false))
    }
    reader.on('data', (piece) => upstream.write(piece))
    upstream.on('data', (piece) => {
      if (over) return
      countDown()
      reader.write(piece.subarray(0, left))
      left -= piece.length
      if (left <= 0) end(true)
    })
  }

  /** Cuts what is open now. */
  cutAll(): void {
    for (const end of this.#lives) end(true)
  }

  async stop(): Promise<void> {
    this.cutAll()
    await new Promise((done) => this.#server.close(done))
  }
}
