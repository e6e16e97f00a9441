/** How the learning rate falls, and when there is nothing more to learn. */

/** Epochs in which the rate falls to zero once held-out texts got no better: weights end calm, as they do at full length. */
const calming = 2

export class Schedule {
  private step = 0
  private best = Number.NEGATIVE_INFINITY
  private bestAt = 0
  /** Where the present straight line down began, and how high. */
  private line = { from: 0, height: 1 }

  /** @param patience epochs without a better held-out accuracy; none: all epochs are run */
  constructor(
    public epochs: number,
    private readonly perEpoch: number,
    private readonly patience?: number,
  ) {}

  /** The share of the rate for the next step, 1 … 0. */
  next(): number {
    const now = this.height()
    this.step++
    return now
  }

  /** Held-out accuracy after so many epochs. */
  saw(epoch: number, accuracy: number): void {
    if (accuracy > this.best) {
      this.best = accuracy
      this.bestAt = epoch
    }
    if (this.patience === undefined || epoch - this.bestAt < this.patience) return
    if (epoch + calming >= this.epochs) return
    this.line = { from: this.step, height: this.height() }
    this.epochs = epoch + calming
  }

  private height(): number {
    const { from, height } = this.line
    return height * (1 - (this.step - from) / (this.epochs * this.perEpoch - from))
  }
}
