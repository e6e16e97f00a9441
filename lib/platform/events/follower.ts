/**
 * Hands the event rows of an account to whoever follows it in this process, in commit order and without gaps: rows are
 * read in (transaction, id) order below the oldest running transaction, so one that commits late is never passed by.
 */
import type { Services } from '../context'
import { callInAccount } from '../db/in-account'
import { everyone } from './waker'

/** Place in an account's event rows. */
export interface Cursor {
  xid: bigint
  id: bigint
}

export interface EventRow {
  xid: string
  id: string
  type: string
  conversation_id: string | null
  message_id: string | null
  data: Record<string, unknown>
}

export type EventListener = (events: readonly EventRow[]) => void

export const formatCursor = (at: { xid: bigint | string; id: bigint | string }): string => `${at.xid}-${at.id}`

export function parseCursor(text: string | undefined): Cursor | null {
  const parts = /^(\d{1,18})-(\d{1,18})$/.exec(text ?? '')
  return parts ? { xid: BigInt(parts[1] as string), id: BigInt(parts[2] as string) } : null
}

/** Followers look by themselves this often, so that a lost wake-up costs at most this, milliseconds. */
const look = 1_000
const page = 500

interface Followed {
  cursor: Cursor
  listeners: Set<EventListener>
  reading: boolean
  again: boolean
  /** Looks again soon after a wake-up that found nothing: an older transaction was still running. */
  soon: NodeJS.Timeout | undefined
}

/** First pause before looking again behind a running transaction, milliseconds; doubles up to the regular look. */
const firstPause = 2

export class Follower {
  readonly #accounts = new Map<string, Followed>()
  readonly #timer: NodeJS.Timeout
  readonly #unsubscribe: () => void

  constructor(readonly services: Pick<Services, 'database' | 'bus' | 'log'>) {
    this.#unsubscribe = services.bus.onWake((account) => {
      if (account === everyone) this.#lookEverywhere()
      else this.#look(account, firstPause)
    })
    this.#timer = setInterval(() => this.#lookEverywhere(), look)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
    this.#accounts.clear()
  }

  /** The place after everything that has committed so far. */
  async here(): Promise<Cursor> {
    const [row] = await callInAccount<{ xid: string }>(
      this.services as Services,
      { name: 'here', text: 'SELECT news_horizon()::text AS xid' },
      [],
    )
    return { xid: BigInt(row?.xid ?? '0'), id: 0n }
  }

  /** Rows of an account after a cursor; what a stream that resumes has missed. */
  async since(accountId: string, cursor: Cursor): Promise<EventRow[]> {
    return callInAccount<EventRow>(this.services as Services, readEvents, [
      accountId,
      cursor.xid.toString(),
      cursor.id.toString(),
      page,
    ])
  }

  /** Calls `listener` with rows that commit from now on. Returns the way to stop. */
  async follow(accountId: string, listener: EventListener): Promise<() => void> {
    let followed = this.#accounts.get(accountId)
    if (!followed) {
      const cursor = await this.here()
      followed = this.#accounts.get(accountId)
      if (!followed) {
        followed = { cursor, listeners: new Set(), reading: false, again: false, soon: undefined }
        this.#accounts.set(accountId, followed)
      }
    }
    const entry = followed
    entry.listeners.add(listener)
    return () => {
      entry.listeners.delete(listener)
      if (entry.listeners.size === 0 && this.#accounts.get(accountId) === entry) this.#accounts.delete(accountId)
    }
  }

  #lookEverywhere(): void {
    for (const account of this.#accounts.keys()) this.#look(account)
  }

  #look(accountId: string, pause = 0): void {
    const followed = this.#accounts.get(accountId)
    if (!followed) return
    if (followed.reading) followed.again = true
    else void this.#read(accountId, followed, pause)
  }

  async #read(accountId: string, followed: Followed, pause: number): Promise<void> {
    followed.reading = true
    clearTimeout(followed.soon)
    let found = 0
    try {
      for (;;) {
        followed.again = false
        const rows = await this.since(accountId, followed.cursor)
        const last = rows.at(-1)
        found += rows.length
        if (last) {
          followed.cursor = { xid: BigInt(last.xid), id: BigInt(last.id) }
          for (const listener of followed.listeners) listener(rows)
        }
        if (!followed.again && rows.length < page) break
      }
    } catch (error) {
      this.services.log.debug({ err: error }, 'events cannot be read; trying again within a second')
    } finally {
      followed.reading = false
      if (pause && !found && pause < look && followed.listeners.size) {
        followed.soon = setTimeout(() => this.#look(accountId, pause * 2), pause)
      }
    }
  }
}

const readEvents = { name: 'read_events', text: 'SELECT * FROM read_events($1, $2, $3, $4)' }
