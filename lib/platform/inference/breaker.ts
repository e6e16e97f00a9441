/** A circuit breaker: after several failures in a row it answers at once for a while, then lets one try through. */

/** Failures in a row that open it, and how long it stays open, milliseconds (doubling up to the longest). */
const failuresToOpen = 3
const firstRest = 500
const longestRest = 10_000

export class Breaker {
  #failures = 0
  #rest = firstRest
  #openUntil = 0
  #trying = false

  constructor(readonly now: () => number = () => performance.now()) {}

  isOpen(): boolean {
    return this.#failures >= failuresToOpen
  }

  /** True when a call may be made; half-open, one at a time may. */
  allows(): boolean {
    if (!this.isOpen()) return true
    if (this.now() < this.#openUntil || this.#trying) return false
    this.#trying = true
    return true
  }

  worked(): void {
    this.#failures = 0
    this.#rest = firstRest
    this.#trying = false
  }

  failed(): void {
    this.#failures++
    this.#trying = false
    if (!this.isOpen()) return
    this.#openUntil = this.now() + this.#rest
    this.#rest = Math.min(longestRest, this.#rest * 2)
  }
}
