/** How much is worked on at once: beyond it a request is told to come again, so that those that are taken are answered in time. */
import { AppError } from '../core/errors'

/** Requests at work in this process; one account has half of that, so that one that is busy leaves room for the others. */
const most = 512
/** However slow the machine: 16 writers of one account and as many others find room. */
const least = 64
/** What half of the requests should be done within, milliseconds. Where they are not, fewer are taken. */
const aim = 250
/** Milliseconds that are judged together. One slow one is a burst; what lasts longer is more than can be done. */
const span = 250
/** After so long without an end of any request the past says nothing, milliseconds. */
const memory = 1_000
const fewer = 0.7
const more = 1.25

/**
 * Room for requests: additive patience would let everyone wait for everyone. How many may be at work follows from how long they
 * take (multiplicative decrease and increase, as congestion control does it).
 */
export class Room {
  #all = 0
  readonly #each = new Map<string, number>()
  #limit = most
  #began = 0
  #slow = 0
  #took: number[] = []

  /** @param now milliseconds of a clock that never goes back */
  constructor(readonly now: () => number = () => performance.now()) {}

  get limit(): number {
    return this.#limit
  }

  /**
   * Does the work of one request, whose body has come: who sends slowly holds no place here.
   * @throws busy, with the seconds to wait
   */
  async atWork<T>(accountId: string, work: () => T): Promise<Awaited<T>> {
    const own = this.#each.get(accountId) ?? 0
    const began = this.now()
    if (began - this.#began > span + memory) this.#forget(began)
    if (this.#all >= this.#limit || own >= this.#limit / 2)
      // Not all at the same moment again.
      throw new AppError('busy', { retryAfter: 1 + Math.floor(Math.random() * 3) })
    this.#all++
    this.#each.set(accountId, own + 1)
    try {
      return await work()
    } finally {
      this.#all--
      const left = (this.#each.get(accountId) ?? 1) - 1
      if (left) this.#each.set(accountId, left)
      else this.#each.delete(accountId)
      this.#judge(began)
    }
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
    if (now - this.#began < span) return
    const took = this.#took.sort((a, b) => a - b)
    // The middle one: a few exports or passwords that take long by nature say nothing of the rest.
    const slow = (took[took.length >> 1] ?? 0) > aim
    this.#slow = slow ? this.#slow + 1 : 0
    if (this.#slow > 1) this.#limit = Math.max(least, Math.floor(this.#limit * fewer))
    else if (!slow) this.#limit = Math.min(most, Math.ceil(this.#limit * more))
    this.#took = []
    this.#began = now
  }
}

const room = new Room()
/** @see Room.atWork, of this process */
export const atWork = room.atWork.bind(room) as Room['atWork']
