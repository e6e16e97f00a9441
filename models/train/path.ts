/** Trains one path to class logits: from n-grams, straight or through a hidden layer, or from windows over signs in order. */
import { startBackend } from './backend'
import { fitConvex } from './convex'
import { hiddenHead, linearHead } from './dense-head'
import { type Examples, pick } from './examples'
import { allLogits, argmax } from './forward'
import { Random } from './random'
import { Schedule } from './schedule'
import { SparseLayer } from './sparse-layer'
import { WindowLayer } from './window-layer'

export interface PathOptions {
  /** 0 for the linear path. */
  hidden: number
  /** Reads signs in order instead of n-grams, by windows of 1 … this many. */
  windows?: number
  epochs: number
  batch: number
  /** Adam's rate at the start; it falls in a straight line to zero. */
  tableRate: number
  headRate: number
  /** Decoupled weight decay on the rows that a step touches. */
  decay: number
  featureDropout: number
  hiddenDropout: number
  smoothing: number
  /** Standard deviation of the starting rows. */
  start: number
  seed: number
  /** For the linear path: fitted to the end under this L2 penalty, in at most `epochs` steps over all texts, instead of by Adam. */
  penalty?: number
  /** Held-out accuracy that has not risen for so many epochs ends the training: the rate falls to zero within two more. */
  patience?: number
}

/** Weights of a trained path; `table` is rows × width. */
export interface Path {
  hidden: number
  /** Its rows are those of signs (`windows.ts`). */
  windows?: number
  classes: number
  width: number
  table: Float32Array
  bias: Float32Array
  /** hidden × classes; empty for the linear path. */
  out: Float32Array
  outBias: Float32Array
  /** Table and bias before eight bits, kept while training so that the loss can be measured. */
  exact?: { table: Float32Array; bias: Float32Array }
}

export interface PathProgress {
  epoch: number
  /** How many there will be; fewer than planned once it is seen that no more are needed. */
  epochs: number
  loss: number
  /** Texts of one epoch. */
  texts: number
  /** On texts that are not learned from, where there are any. */
  accuracy?: number
}

export interface PathRun {
  examples: Examples
  /** count × classes, each line a distribution. */
  targets: Float32Array
  /** How much each example counts; 1 when absent. */
  importance?: Float32Array
  classes: number
  rows: number
  /** Rows of a table of signs, for a path that reads signs. */
  signRows?: number
  /** Writes rows known beforehand (the base's) over the chance values of a hidden path's fresh table. */
  begin?: (table: Float32Array, width: number) => void
  /** Texts that are only asked: after each epoch, how many of them are right. */
  held?: HeldOut
}

export interface HeldOut {
  examples: Examples
  truth: readonly number[]
}

/** Called after each epoch; throwing ends the training. */
export type OnEpoch = (progress: PathProgress) => void | Promise<void>

export async function trainPath(run: PathRun, options: PathOptions, onEpoch?: OnEpoch): Promise<Path> {
  if (options.penalty !== undefined) {
    return fitConvex(run, options, options.penalty, (path, progress) => onEpoch?.({ ...progress, ...told(run, path) }))
  }
  await startBackend()
  const { examples, classes } = run
  const random = new Random(options.seed)
  const units = options.hidden || classes
  const { windows, hidden } = options
  const layer = windows
    ? new WindowLayer(run.signRows ?? 0, { windows, hidden }, options.start, random)
    : new SparseLayer(run.rows, units, options.start, random)
  const { table, width } = layer
  if (hidden > 0 && !windows) run.begin?.(table, width)
  const head = hidden ? hiddenHead(hidden, classes, options.hiddenDropout, random) : linearHead(classes)
  const shape = { hidden, classes, width, ...(windows ? { windows } : {}) }
  const asPath = (): Path => ({ ...shape, table, ...head.weights() })
  try {
    const order = Int32Array.from({ length: examples.count }, (_, at) => at)
    const schedule = new Schedule(options.epochs, Math.ceil(examples.count / options.batch), options.patience)
    for (let epoch = 0; epoch < schedule.epochs; epoch++) {
      random.shuffle(order)
      let loss = 0
      for (let from = 0; from < examples.count; from += options.batch) {
        const batch = order.subarray(from, Math.min(from + options.batch, examples.count))
        const fall = schedule.next()
        const sums = layer.forward(examples, batch, options.featureDropout)
        const targets = smoothed(run, batch, options.smoothing)
        const result = head.step(sums, targets, batch.length, options.headRate * fall)
        if (run.importance) weigh(result.gradient, run.importance, batch, units)
        layer.backward(result.gradient, batch.length, options.tableRate * fall, options.decay)
        loss += result.loss * batch.length
      }
      const more = told(run, asPath())
      if (more.accuracy !== undefined) schedule.saw(epoch + 1, more.accuracy)
      await onEpoch?.({ epoch: epoch + 1, epochs: schedule.epochs, loss: loss / examples.count, ...more })
    }
    return asPath()
  } finally {
    head.dispose()
  }
}

function told({ examples, held }: PathRun, path: Path): Pick<PathProgress, 'texts' | 'accuracy'> {
  return { texts: examples.count, ...(held?.truth.length ? { accuracy: rightOf(path, held) } : {}) }
}

/** So many held-out texts show the way; more would only cost time. */
const mostHeld = 300

function rightOf(path: Path, { examples, truth }: HeldOut): number {
  const stride = Math.max(1, Math.ceil(truth.length / mostHeld))
  const asked = truth.flatMap((_, at) => (at % stride === 0 ? [at] : []))
  const lines = allLogits(path, pick(examples, asked))
  return lines.filter((line, at) => argmax(line) === truth[asked[at] as number]).length / asked.length
}

function smoothed(run: PathRun, batch: Int32Array, smoothing: number): Float32Array {
  const { classes, targets } = run
  const out = new Float32Array(batch.length * classes)
  const spread = smoothing / classes
  for (let b = 0; b < batch.length; b++) {
    const from = (batch[b] as number) * classes
    for (let c = 0; c < classes; c++) out[b * classes + c] = (targets[from + c] as number) * (1 - smoothing) + spread
  }
  return out
}

function weigh(gradient: Float32Array, importance: Float32Array, batch: Int32Array, width: number): void {
  for (let b = 0; b < batch.length; b++) {
    const factor = importance[batch[b] as number] as number
    if (factor === 1) continue
    for (let d = 0; d < width; d++) gradient[b * width + d] = (gradient[b * width + d] as number) * factor
  }
}
