/** The wake-up between processes over LISTEN/NOTIFY: sent after commit, coalesced, on a connection of its own. */
import pg from 'pg'
import type { EventBus } from '../../core/ports'
import type { Log } from '../log'
import { Waker } from './waker'

const channel = 'lingxi_event'

export class PostgresBus implements EventBus {
  readonly #waker: Waker
  #client: pg.Client | undefined
  #closed = false
  #retry: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()

  constructor(
    readonly url: string,
    readonly log: Log,
  ) {
    this.#waker = new Waker((accounts) => this.#notify(accounts))
    void this.#connect()
  }

  async #connect(): Promise<void> {
    if (this.#closed) return
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 4_000, keepAlive: true })
    const again = () => {
      if (this.#client === client) this.#client = undefined
      if (this.#closed || this.#retry) return
      this.#retry = setTimeout(() => {
        this.#retry = undefined
        void this.#connect()
      }, 500)
    }
    client.on('error', again)
    client.on('end', again)
    client.on('notification', (note) => this.#waker.heard(note.payload ?? ''))
    try {
      await client.connect()
      await client.query(`LISTEN ${channel}`)
      this.#client = client
    } catch (error) {
      this.log.debug({ err: error }, 'event bus cannot listen')
      client.end().catch(() => {})
      again()
    }
  }

  /** One after another: a connection runs one statement at a time. */
  #notify(payload: string): Promise<void> {
    const sent = this.#sending.then(async () => {
      await this.#client?.query('SELECT pg_notify($1, $2)', [channel, payload])
    })
    this.#sending = sent.catch(() => {})
    return sent
  }

  wake(accountId: string): void {
    this.#waker.wake(accountId)
  }
  onWake(listener: (accountId: string) => void): () => void {
    return this.#waker.listen(listener)
  }
  state(): 'ready' | 'away' {
    return this.#client ? 'ready' : 'away'
  }
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    await this.#client?.end().catch(() => {})
  }
}
