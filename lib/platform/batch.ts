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
  /** Items of one lane stay in their order, and lanes take turns: whoever sends much waits for themselves. One lane without it. */
  lane?: (item: I) => string
}

interface Item<I, O> {
  input: I
  resolve: (output: O) => void
  reject: (error: unknown) => void
}

export class Batcher<I, O> {
  /** By lane; the lane whose turn it is comes first. None is empty. */
  readonly #lanes = new Map<string, Item<I, O>[]>()
  #waiting = 0
  #running = 0
  #scheduled = false
  /** Size of the newest batch. */
  #usual = 1
  #lingering: NodeJS.Timeout | null = null
  constructor(readonly options: BatchOptions<I, O>) {}

  get size(): number {
    return this.#waiting
  }

  add(input: I): Promise<O> {
    if (this.#waiting >= this.options.queue) return Promise.reject(this.options.full())
    return new Promise((resolve, reject) => {
      const name = this.options.lane?.(input) ?? ''
      const lane = this.#lanes.get(name)
      if (lane) lane.push({ input, resolve, reject })
      else this.#lanes.set(name, [{ input, resolve, reject }])
      this.#waiting++
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
    while (this.#waiting > (this.#running === 0 ? 0 : beside) && this.#running < flushers) {
      if (this.#waiting < this.#usual && this.#running === 0 && linger > 0) {
        this.#lingering ??= setTimeout(() => {
          this.#usual = 1
          this.#pump()
        }, linger)
        return
      }
      if (this.#lingering) clearTimeout(this.#lingering)
      this.#lingering = null
      const batch = this.#take(most)
      this.#usual = batch.length
      this.#running++
      void this.#run(batch).finally(() => {
        this.#running--
        this.#pump()
      })
    }
  }

  #take(most: number): Item<I, O>[] {
    if (this.#lanes.size === 1) {
      const [[name, lane] = ['', []]] = this.#lanes
      const batch = lane.splice(0, most)
      if (!lane.length) this.#lanes.delete(name)
      this.#waiting -= batch.length
      return batch
    }
    const batch: Item<I, O>[] = []
    // One of each lane in turn; who had a turn stands behind the others, also for the next batch.
    for (const [name, lane] of this.#lanes) {
      if (batch.length === most) break
      batch.push(lane.shift() as Item<I, O>)
      this.#lanes.delete(name)
      if (lane.length) this.#lanes.set(name, lane)
    }
    this.#waiting -= batch.length
    return batch
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
