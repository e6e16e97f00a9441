/** Gathers wake-ups for a few milliseconds so that a thousand commits a second cost a hundred notices, not a thousand. */

/** How long wake-ups gather before other processes are told, milliseconds. */
const gather = 8
/** A notice longer than this says "everyone" instead (PostgreSQL takes payloads up to 8,000 bytes). */
const longest = 180

export const everyone = '*'

export class Waker {
  readonly #listeners = new Set<(accountId: string) => void>()
  readonly #own = crypto.randomUUID()
  #waiting = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /** @param send tells other processes; its failure only delays them by their own looking */
  constructor(readonly send: (payload: string) => Promise<void>) {}

  wake(accountId: string): void {
    for (const listener of this.#listeners) listener(accountId)
    this.#waiting.add(accountId)
    this.#timer ??= setTimeout(() => this.#flush(), gather)
  }

  #flush(): void {
    this.#timer = undefined
    const accounts = this.#waiting.size > longest ? everyone : [...this.#waiting].join(',')
    this.#waiting = new Set()
    this.send(`${this.#own} ${accounts}`).catch(() => {})
  }

  /** A notice from any process; our own has been acted on already. */
  heard(payload: string): void {
    const [from, accounts = ''] = payload.split(' ')
    if (from === this.#own) return
    for (const account of accounts.split(',')) for (const listener of this.#listeners) listener(account)
  }

  listen(listener: (accountId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
