/** Answers kept for a moment: bounded, and asked once even when many wait for the same one. */

/** The newest `limit` answers, each for `life` milliseconds counted from when it was asked. */
export class Remembered<V> {
  readonly #entries = new Map<string, { at: number; answer: Promise<V> }>()
  constructor(
    readonly life: number,
    readonly limit: number,
    /** An answer that must be asked again next time (for instance "not yet a member"). */
    readonly fleeting: (value: V) => boolean = () => false,
  ) {}

  get(key: string, ask: () => Promise<V>): Promise<V> {
    const now = performance.now()
    const known = this.#entries.get(key)
    if (known && now - known.at < this.life) return known.answer
    const answer = ask()
    const entry = { at: now, answer }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > this.limit) this.#entries.delete(this.#entries.keys().next().value as string)
    const drop = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    }
    answer.then((value) => (this.fleeting(value) ? drop() : undefined), drop)
    return answer
  }

  clear(): void {
    this.#entries.clear()
  }
}
