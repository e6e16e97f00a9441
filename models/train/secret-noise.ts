/** Chance that nobody can foresee who does not hold the key, and that comes out the same for who does: AES-256 in counter mode. */
import { createCipheriv, createHash } from 'node:crypto'

const block = 1 << 16
/** 2⁻⁵³: what one step of a double in [0, 1) is worth. */
const step = 2 ** -53

export class SecretNoise {
  private readonly stream
  private readonly zeros = Buffer.alloc(block)
  private bytes = Buffer.alloc(0)
  private at = 0
  private spare: number | undefined

  /** @param key whoever knows it can take the noise away again. One key is for one training on one set of texts. */
  constructor(key: string) {
    this.stream = createCipheriv('aes-256-ctr', createHash('sha256').update(key).digest(), Buffer.alloc(16))
  }

  /** In (0, 1), 53 bits. */
  uniform(): number {
    if (this.at + 8 > this.bytes.length) {
      this.bytes = this.stream.update(this.zeros)
      this.at = 0
    }
    const high = this.bytes.readUInt32LE(this.at) >>> 5
    const low = this.bytes.readUInt32LE(this.at + 4) >>> 6
    this.at += 8
    return (high * 67108864 + low + 0.5) * step
  }

  /**
   * Normal with deviation 1. The sum of four draws, halved: the gaps between floating-point numbers, through which one draw
   * may be told from another (Mironov 2012; Holohan, Braghin 2021), are no longer those of any one of them.
   */
  normal(): number {
    return (this.one() + this.one() + this.one() + this.one()) / 2
  }

  /** Box and Muller, 1958. */
  private one(): number {
    const { spare } = this
    if (spare !== undefined) {
      this.spare = undefined
      return spare
    }
    const length = Math.sqrt(-2 * Math.log(this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.spare = length * Math.sin(angle)
    return length * Math.cos(angle)
  }

  /**
   * The exponential mechanism (McSherry, Talwar 2007): one of the candidates, the better ones more often. Spends `epsilon`
   * where one text, added or taken away, moves no two candidates' values by amounts that differ by more than `range`.
   */
  choose(values: readonly number[], epsilon: number, range: number): number {
    let best = 0
    let highest = Number.NEGATIVE_INFINITY
    for (const [at, value] of values.entries()) {
      const drawn = (epsilon / range) * value - Math.log(-Math.log(this.uniform()))
      if (drawn <= highest) continue
      highest = drawn
      best = at
    }
    return best
  }
}
