/** How much is worked on at once: beyond it a request is told to come again, so that those that are taken are answered in time (docs/decisions/0041-turns.md). */
import { AppError } from '../core/errors'

/** Requests in this process, at work or waiting for their turn. */
const most = 512
/** However slow the machine: one that has just begun is slow, too, and 64 writers of its only account are no overload. */
const least = 128
/** What one account leaves for the others' first requests. */
const spare = 16
/** What half of the requests should be done within, milliseconds. Where they are not, as many are taken as are done in this time. */
const aim = 150
/** Milliseconds that are judged together. One slow one is a burst; what lasts longer is more than can be done. */
const span = 250
/** After so long without an end of any request the past says nothing, milliseconds. */
const memory = 1_000
const more = 1.25
/** An account that has asked within this time is one of those that share, milliseconds. */
const recent = 2_000
/** While others ask, so many of an account are at work at once, or half as many as of all others; the rest of its requests wait. */
const turn = 4
/** Of an account that asks for more than can be done, as many may wait as get their turn within this time, milliseconds; so many in any case. */
const wait = 100
const burst = 32
/** Nobody waits longer for their own account's earlier requests: those may take long by nature. Milliseconds. */
const patience = 200

/** What one account has in the room. */
interface Lane {
  /** Those who ask for no account (to sign in, to begin a chat, Stripe) come from everywhere: they take no turns among accounts. */
  shares: boolean
  work: number
  waiting: { due: number; go: () => void }[]
  timer: NodeJS.Timeout | null
  /** Most at work at once in this span, and in the one before. */
  peak: number
  before: number
  /** Ends in this span. */
  done: number
  /** How many it may have in the room: any, until a queue of it stood for a span. */
  places: number
  /** Somebody was told to come again in this span. */
  refused: boolean
  /** Somebody has been waiting all the time since this span began. */
  standing: boolean
  seen: number
}

/**
 * Room for requests: additive patience would let everyone wait for everyone. How many may be in follows from how many are done
 * in the time that they should take (Little's law); among accounts it is shared by turns, so that whoever asks without pause
 * waits for themselves.
 */
export class Room {
  #all = 0
  readonly #lanes = new Map<string, Lane>()
  #limit = most
  #began = 0
  #slow = 0
  #took: number[] = []

  /** @param now milliseconds of a clock that never goes back */
  constructor(readonly now: () => number = () => performance.now()) {}

  get limit(): number {
    return this.#limit
  }

  /** Says no before anything is done for a request; without an account only where nobody finds room. @throws busy, with the seconds to wait */
  requirePlace(accountId?: string): void {
    const now = this.now()
    if (now - this.#began > span + memory) this.#forget(now)
    const lane = accountId === undefined ? undefined : this.#lanes.get(accountId)
    const own = lane ? lane.work + lane.waiting.length : 0
    // A room that has become too small is too small for those who have more than their part of it: not for whoever has just come.
    const much = this.#all >= this.#limit && own >= this.#limit / Math.max(1, this.#lanes.size)
    const full = own >= this.#places(lane) || (much && lane !== undefined)
    if (lane && full) lane.refused = true
    if (this.#all >= most || full)
      // Not all at the same moment again.
      throw new AppError('busy', { retryAfter: 1 + Math.floor(Math.random() * 3) })
  }

  /**
   * Does the work of one request, whose body has come: who sends slowly holds no place here.
   * @throws busy, with the seconds to wait
   */
  async atWork<T>(accountId: string, work: () => T): Promise<Awaited<T>> {
    this.requirePlace(accountId)
    const came = this.now()
    const lane = this.#laneOf(accountId, came)
    this.#all++
    if (lane.waiting.length || lane.work >= this.#turn(lane)) await this.#wait(lane, came)
    else this.#begin(lane)
    const began = this.now()
    try {
      return await work()
    } finally {
      this.#all--
      lane.work--
      lane.done++
      this.#judge(began)
      while (lane.waiting.length && lane.work < this.#turn(lane)) this.#next(lane)
      if (!lane.waiting.length) {
        lane.standing = false
        if (!lane.refused) lane.places = most
      }
    }
  }

  #laneOf(accountId: string, now: number): Lane {
    let lane = this.#lanes.get(accountId)
    if (!lane) {
      const nothing = {
        work: 0,
        waiting: [],
        timer: null,
        peak: 0,
        before: 0,
        done: 0,
        refused: false,
        standing: false,
      }
      lane = { ...nothing, shares: accountId !== '', places: most, seen: now }
      this.#lanes.set(accountId, lane)
    }
    lane.seen = now
    return lane
  }

  /** Whether other accounts ask, too. */
  get #shared(): boolean {
    return this.#lanes.size > (this.#lanes.has('') ? 2 : 1)
  }

  #places(lane: Lane | undefined): number {
    return lane && this.#shared ? Math.min(this.#limit - spare, lane.places) : this.#limit - spare
  }

  /** How many of an account may be at work: any while it is alone. */
  #turn(lane: Lane): number {
    if (!this.#shared || !lane.shares) return most
    let others = 0
    for (const one of this.#lanes.values()) if (one !== lane) others += Math.max(one.peak, one.before)
    return Math.max(turn, others / 2)
  }

  #begin(lane: Lane): void {
    lane.work++
    if (lane.work > lane.peak) lane.peak = lane.work
  }

  #next(lane: Lane): void {
    const first = lane.waiting.shift()
    if (!first) return
    this.#begin(lane)
    first.go()
  }

  #wait(lane: Lane, now: number): Promise<void> {
    return new Promise((go) => {
      lane.waiting.push({ due: now + patience, go })
      lane.timer ??= setTimeout(() => this.#late(lane), patience)
    })
  }

  #late(lane: Lane): void {
    const now = this.now()
    while ((lane.waiting[0]?.due ?? Infinity) <= now) this.#next(lane)
    const first = lane.waiting[0]
    lane.timer = first ? setTimeout(() => this.#late(lane), first.due - now) : null
  }

  #forget(now: number): void {
    this.#limit = most
    this.#slow = 0
    this.#took = []
    this.#began = now
  }

  #judge(began: number): void {
    const now = this.now()
    this.#took.push(now - began)
    const took = now - this.#began
    if (took < span) return
    const sorted = this.#took.sort((a, b) => a - b)
    // The middle one: a few exports or passwords that take long by nature say nothing of the rest.
    const slow = (sorted[sorted.length >> 1] ?? 0) > aim
    this.#slow = slow ? this.#slow + 1 : 0
    const within = (done: number, ms: number) => Math.ceil((done * ms) / took)
    if (this.#slow > 1) this.#limit = Math.max(least, Math.min(this.#limit, within(sorted.length, aim)))
    else if (!slow) this.#limit = Math.min(most, Math.ceil(this.#limit * more))
    for (const [id, lane] of this.#lanes) {
      if (!lane.work && !lane.waiting.length && now - lane.seen > recent) this.#lanes.delete(id)
      // A burst waits for its turn and is over; a queue that stands is more than can be done (as CoDel tells them apart).
      const pressed = lane.refused || lane.standing
      const held = lane.shares ? Math.min(this.#limit / 2, within(lane.done, wait)) : this.#limit / 2
      lane.places = pressed ? Math.max(burst, held) : most
      lane.refused = false
      lane.standing = lane.waiting.length > 0
      lane.before = lane.peak
      lane.peak = lane.work
      lane.done = 0
    }
    this.#took = []
    this.#began = now
  }
}

/** The room of this process. */
export const room = new Room()
