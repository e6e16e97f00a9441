/** A map from 32-bit hash to a small whole number, in two typed arrays: one probe is one or two cache lines. */
export class HashTable {
  private keys: Uint32Array
  private values: Int32Array
  private mask: number
  size = 0

  constructor(expected = 1024) {
    let capacity = 16
    while (capacity < expected * 2) capacity *= 2
    this.keys = new Uint32Array(capacity)
    this.values = new Int32Array(capacity)
    this.mask = capacity - 1
  }

  /** The value kept for `hash`, or −1. */
  get(hash: number): number {
    const { keys, values, mask } = this
    let slot = hash & mask
    for (;;) {
      const value = values[slot] as number
      if (value === 0) return -1
      if (keys[slot] === hash) return value - 1
      slot = (slot + 1) & mask
    }
  }

  /** The value kept for `hash`; when there is none, keeps `value` and returns it. */
  getOrAdd(hash: number, value: number): number {
    const found = this.get(hash)
    if (found >= 0) return found
    if (this.size * 2 >= this.keys.length) this.grow()
    this.place(hash, value + 1)
    this.size++
    return value
  }

  private place(hash: number, stored: number): void {
    let slot = hash & this.mask
    while (this.values[slot] !== 0) slot = (slot + 1) & this.mask
    this.keys[slot] = hash
    this.values[slot] = stored
  }

  private grow(): void {
    const { keys, values } = this
    this.keys = new Uint32Array(keys.length * 2)
    this.values = new Int32Array(values.length * 2)
    this.mask = this.keys.length - 1
    for (let slot = 0; slot < keys.length; slot++) {
      if (values[slot] !== 0) this.place(keys[slot] as number, values[slot] as number)
    }
  }
}
