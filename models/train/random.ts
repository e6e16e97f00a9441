/** Chance that a seed decides: the same seed gives the same weights on every machine. */
export class Random {
  private a: number
  private b: number
  private c: number
  private d: number

  constructor(seed: number) {
    // Spread the seed over the state of sfc32 with splitmix32, then let it run in.
    let state = seed >>> 0
    const next = () => {
      state = (state + 0x9e3779b9) >>> 0
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
      return (mixed ^ (mixed >>> 15)) >>> 0
    }
    this.a = next()
    this.b = next()
    this.c = next()
    this.d = next()
    for (let turn = 0; turn < 12; turn++) this.uint32()
  }

  uint32(): number {
    const sum = (this.a + this.b + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (this.c << 21) | (this.c >>> 11)
    this.c = (this.c + sum) | 0
    return sum >>> 0
  }

  /** In [0, 1). */
  float(): number {
    return this.uint32() / 4294967296
  }

  below(limit: number): number {
    return Math.floor(this.float() * limit)
  }

  /** Roughly normal: the sum of four uniforms, wide enough for starting weights. */
  normal(): number {
    return (this.float() + this.float() + this.float() + this.float() - 2) * Math.sqrt(3)
  }

  /** In place. */
  shuffle<Items extends Int32Array | unknown[]>(items: Items): Items {
    const list = items as unknown[]
    for (let at = list.length - 1; at > 0; at--) {
      const other = this.below(at + 1)
      const kept = list[at]
      list[at] = list[other]
      list[other] = kept
    }
    return items
  }
}
