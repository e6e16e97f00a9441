/** The same wake-up over Redis publish/subscribe, for many web processes (REDIS_URL). */
import { Redis } from 'ioredis'
import type { EventBus } from '../../core/ports'
import type { Log } from '../log'
import { Waker } from './waker'

const channel = 'lingxi_event'

export class RedisBus implements EventBus {
  readonly #waker: Waker
  readonly #out: Redis
  readonly #in: Redis

  constructor(url: string, log: Log) {
    const options = { maxRetriesPerRequest: 1, retryStrategy: (n: number) => Math.min(2_000, 100 * n) }
    this.#out = new Redis(url, { ...options, enableOfflineQueue: false })
    this.#in = new Redis(url, { ...options, maxRetriesPerRequest: null })
    for (const client of [this.#out, this.#in]) client.on('error', (error) => log.debug({ err: error }, 'redis'))
    this.#waker = new Waker(async (payload) => void (await this.#out.publish(channel, payload)))
    this.#in.on('message', (_channel, payload) => this.#waker.heard(payload))
    this.#in.subscribe(channel).catch((error) => log.debug({ err: error }, 'redis subscribe'))
  }

  wake(accountId: string): void {
    this.#waker.wake(accountId)
  }
  onWake(listener: (accountId: string) => void): () => void {
    return this.#waker.listen(listener)
  }
  state(): 'ready' | 'away' {
    return this.#in.status === 'ready' ? 'ready' : 'away'
  }
  async close(): Promise<void> {
    this.#in.disconnect()
    this.#out.disconnect()
  }
}
