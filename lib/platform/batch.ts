/** Gathers single pieces of work that arrive at the same time into one call, and answers each on its own. */

export interface BatchOptions<I, O> {
  /** Does a batch; results come back in the order of the items. */
  run: (items: I[]) => Promise<O[]>
  most: number
  /** Batches running at once. While all are busy new items gather: load makes batches larger by itself. */
  flushers: number
  /** Items that must wait before a further batch runs beside another: two small batches cost more than one large. */
  beside: number
  /**
   * Callers that were answered together come back together: after a batch the next one waits up to this long for as many
   * again, milliseconds. A caller alone never waits.
   */
  linger: number
  /** Items that may wait before new ones are refused. */
  queue: number
  /** The error for an item that finds the queue full. */
  full: () => Error
}

interface Item<I, O> {
  input: I
  resolve: (output: O) => void
  reject: (error: unknown) => void
}

export class Batcher<I, O> {
  #waiting: Item<I, O>[] = []
  #running = 0
  #scheduled = false
  /** Size of the newest batch. */
  #usual = 1
  #lingering: NodeJS.Timeout | null = null
  constructor(readonly options: BatchOptions<I, O>) {}

  get size(): number {
    return this.#waiting.length
  }

  add(input: I): Promise<O> {
    if (this.#waiting.length >= this.options.queue) return Promise.reject(this.options.full())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => {
        this.#scheduled = false
        this.#pump()
      })
    })
  }

  #pump(): void {
    const { flushers, beside, most, linger } = this.options
    while (this.#waiting.length > (this.#running === 0 ? 0 : beside) && this.#running < flushers) {
      if (this.#waiting.length < this.#usual && this.#running === 0 && linger > 0) {
        this.#lingering ??= setTimeout(() => {
          this.#usual = 1
          this.#pump()
        }, linger)
        return
      }
      if (this.#lingering) clearTimeout(this.#lingering)
      this.#lingering = null
      const batch = this.#waiting.splice(0, most)
      this.#usual = batch.length
      this.#running++
      void this.#run(batch).finally(() => {
        this.#running--
        this.#pump()
      })
    }
  }

  async #run(batch: Item<I, O>[]): Promise<void> {
    try {
      const outputs = await this.options.run(batch.map((item) => item.input))
      for (const [i, item] of batch.entries()) item.resolve(outputs[i] as O)
    } catch (error) {
      const single = batch.length === 1 || (error as { code?: string }).code === 'database_away'
      if (single) for (const item of batch) item.reject(error)
      // One bad item must not fail its neighbours: each is tried alone.
      else for (const item of batch) await this.#run([item])
    }
  }
}
