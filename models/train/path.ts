/** Trains one path from n-grams to class logits: linear, or through a hidden layer. */
import { startBackend } from './backend'
import { hiddenHead, linearHead } from './dense-head'
import type { Examples } from './examples'
import { Random } from './random'
import { SparseLayer } from './sparse-layer'

export interface PathOptions {
  /** 0 for the linear path. */
  hidden: number
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
}

/** Weights of a trained path; `table` is rows × width. */
export interface Path {
  hidden: number
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
  epochs: number
  loss: number
}

export interface PathRun {
  examples: Examples
  /** count × classes, each line a distribution. */
  targets: Float32Array
  /** How much each example counts; 1 when absent. */
  importance?: Float32Array
  classes: number
  rows: number
  /** Writes rows known beforehand (the base's) over the chance values of a hidden path's fresh table. */
  begin?: (table: Float32Array, width: number) => void
}

/** Called after each epoch; throwing ends the training. */
export type OnEpoch = (progress: PathProgress) => void | Promise<void>

export async function trainPath(run: PathRun, options: PathOptions, onEpoch?: OnEpoch): Promise<Path> {
  await startBackend()
  const { examples, classes } = run
  const random = new Random(options.seed)
  const width = options.hidden || classes
  const layer = new SparseLayer(run.rows, width, options.start, random)
  if (options.hidden > 0) run.begin?.(layer.table, width)
  const head = options.hidden ? hiddenHead(options.hidden, classes, options.hiddenDropout, random) : linearHead(classes)
  try {
    const order = Int32Array.from({ length: examples.count }, (_, at) => at)
    const steps = options.epochs * Math.ceil(examples.count / options.batch)
    let step = 0
    for (let epoch = 0; epoch < options.epochs; epoch++) {
      random.shuffle(order)
      let loss = 0
      for (let from = 0; from < examples.count; from += options.batch) {
        const batch = order.subarray(from, Math.min(from + options.batch, examples.count))
        const fall = 1 - step++ / steps
        const sums = layer.forward(examples, batch, options.featureDropout)
        const targets = smoothed(run, batch, options.smoothing)
        const result = head.step(sums, targets, batch.length, options.headRate * fall)
        if (run.importance) weigh(result.gradient, run.importance, batch, width)
        layer.backward(result.gradient, batch.length, options.tableRate * fall, options.decay)
        loss += result.loss * batch.length
      }
      await onEpoch?.({ epoch: epoch + 1, epochs: options.epochs, loss: loss / examples.count })
    }
    return { hidden: options.hidden, classes, width, table: layer.table, ...head.weights() }
  } finally {
    head.dispose()
  }
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
