/** What is read per account and kept for a moment: the visitor's path must not ask the database for it per message. */
import type { Ctx } from './context'

/** How old it may be, milliseconds. */
const fresh = 1_000
/** Accounts kept at once. */
const most = 2_000

export class Moment<V> {
  readonly #kept = new Map<string, { at: number; value: Promise<V> }>()

  constructor(readonly read: (ctx: Ctx) => Promise<V>) {}

  /** At most a second old. A failed read keeps the last good one in use. */
  of(ctx: Ctx): Promise<V> {
    const known = this.#kept.get(ctx.accountId)
    const now = ctx.now().getTime()
    if (known && now - known.at >= 0 && now - known.at < fresh) return known.value
    const value = this.read(ctx).catch((error) => {
      if (known) return known.value
      this.#kept.delete(ctx.accountId)
      throw error
    })
    if (this.#kept.size > most) this.#kept.clear()
    this.#kept.set(ctx.accountId, { at: now, value })
    return value
  }

  /** After a change, so that the next message sees it. */
  forget(accountId: string): void {
    this.#kept.delete(accountId)
  }
}
