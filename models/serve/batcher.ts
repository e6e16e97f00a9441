/** Gathers texts of concurrent requests into one run: up to 32, or whatever came in while the last run was busy. */
export interface BatcherOptions {
  size?: number
  /** Longest wait for company, in milliseconds. */
  wait?: number
}

interface Waiting<Answer> {
  text: string
  resolve(answer: Answer): void
  reject(error: unknown): void
}

export class Batcher<Answer> {
  private waiting: Waiting<Answer>[] = []
  private busy = false
  private timer: NodeJS.Timeout | undefined
  private readonly size: number
  private readonly wait: number

  constructor(
    private readonly run: (texts: string[]) => Promise<Answer[]>,
    options: BatcherOptions = {},
  ) {
    this.size = options.size ?? 32
    this.wait = options.wait ?? 2
  }

  ask(text: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ text, resolve, reject })
      if (this.busy) return
      if (this.waiting.length >= this.size) this.flush()
      // Alone, a text need not wait: the next turn of the loop brings all requests that are already in the sockets.
      else if (this.waiting.length === 1) setImmediate(() => this.busy || this.flush())
      else this.timer ??= setTimeout(() => this.busy || this.flush(), this.wait)
    })
  }

  private flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const batch = this.waiting.splice(0, this.size)
    if (batch.length === 0) return
    this.busy = true
    this.answer(batch).finally(() => {
      this.busy = false
      if (this.waiting.length > 0) setImmediate(() => this.busy || this.flush())
    })
  }

  private async answer(batch: Waiting<Answer>[]): Promise<void> {
    try {
      const answers = await this.run(batch.map(({ text }) => text))
      for (const [at, one] of batch.entries()) one.resolve(answers[at] as Answer)
    } catch (error) {
      for (const one of batch) one.reject(error)
    }
  }
}
