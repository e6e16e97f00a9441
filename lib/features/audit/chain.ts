/** The chain of an account's audit log: what a hash covers, and where a chain no longer fits. Pure. */
import { createHash } from 'node:crypto'
import type { AuditFacts } from './acts'

export interface ChainEntry {
  sequence: number
  at: Date
  act: string
  actorId: string | null
  thingId: string | null
  facts: AuditFacts
}

export interface ChainedEntry extends ChainEntry {
  previous: Uint8Array
  hash: Uint8Array
}

/** Before the first entry. */
const beginning: Uint8Array = new Uint8Array(32)

/**
 * One spelling of an entry around its sequence: JSON of account, sequence, time, act, actor, thing and the facts by name. The account
 * is part of it, so that no entry fits another's chain.
 */
export function around(accountId: string, entry: Omit<ChainEntry, 'sequence'>): { head: string; tail: string } {
  const { at, act, actorId, thingId, facts } = entry
  const sorted = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1))
  const rest = JSON.stringify([at.toISOString(), act, actorId, thingId, sorted])
  return { head: `[${JSON.stringify(accountId)},`, tail: `,${rest.slice(1)}` }
}

/** SHA-256 over the hash before (32 bytes) and the canonical entry (UTF-8). The database computes the same when it adds one. */
export function hashOf(accountId: string, previous: Uint8Array, entry: ChainEntry): Buffer {
  const { head, tail } = around(accountId, entry)
  return createHash('sha256').update(previous).update(`${head}${entry.sequence}${tail}`, 'utf8').digest()
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Follows a chain entry by entry, the oldest first; stops at the first that does not fit. */
export class ChainCheck {
  #sequence = 0
  #hash = beginning
  #broken: number | null = null

  constructor(readonly accountId: string) {}

  /** False once the chain is broken. */
  next(entry: ChainedEntry): boolean {
    if (this.#broken !== null) return false
    const fits =
      entry.sequence === this.#sequence + 1 &&
      same(entry.previous, this.#hash) &&
      same(entry.hash, hashOf(this.accountId, entry.previous, entry))
    // A gap is named by what is missing, anything else by the entry itself.
    if (!fits) this.#broken = Math.min(entry.sequence, this.#sequence + 1)
    else {
      this.#sequence = entry.sequence
      this.#hash = entry.hash
    }
    return fits
  }

  /** The last entry that fits, its hash, and the first that does not. */
  get result(): { upTo: number; hash: string; broken: number | null } {
    return { upTo: this.#sequence, hash: Buffer.from(this.#hash).toString('hex'), broken: this.#broken }
  }
}
