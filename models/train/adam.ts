/** Adam on the rows of a table that a step touches; what it does not touch stays as it is. */

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

export class Adam {
  private readonly mean: Float32Array
  private readonly square: Float32Array
  private step = 0

  constructor(private readonly table: Float32Array) {
    this.mean = new Float32Array(table.length)
    this.square = new Float32Array(table.length)
  }

  /** Begins a step. @returns the pace of all its moves */
  pace(rate: number): number {
    this.step++
    return (rate * Math.sqrt(1 - BETA2 ** this.step)) / (1 - BETA1 ** this.step)
  }

  /** Moves one row by the gradient that stands at `from`. */
  move(to: number, width: number, gradient: Float32Array, from: number, pace: number, shrink: number): void {
    const { table, mean, square } = this
    for (let d = 0; d < width; d++) {
      const g = gradient[from + d] as number
      const m = BETA1 * (mean[to + d] as number) + (1 - BETA1) * g
      const v = BETA2 * (square[to + d] as number) + (1 - BETA2) * g * g
      mean[to + d] = m
      square[to + d] = v
      table[to + d] = (table[to + d] as number) * shrink - (pace * m) / (Math.sqrt(v) + EPSILON)
    }
  }
}
