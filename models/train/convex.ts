/**
 * The linear path fitted to the end: multinomial logistic regression with an L2 penalty has one best answer, and L-BFGS
 * (Liu, Nocedal, 1989) walks to it over the sparse rows in a few dozen passes, always to the same numbers.
 */
import { softmax } from './forward'
import type { OnEpoch, Path, PathOptions, PathRun } from './path'

/** How many of the last steps tell the curvature. */
const MEMORY = 5
/** The loss must fall by more than this share of itself in one step, else the end is reached. */
const TOLERANCE = 1e-4
/** A step that is too long is halved so often before the walk ends where it is. */
const HALVINGS = 12
/** What the loss must fall by, as a share of what the slope promised (Armijo). */
const PROMISE = 1e-4

interface Point {
  /** rows × classes, then one bias for each class. */
  weights: Float32Array
  gradient: Float32Array
  loss: number
}

/** @param watch called after each step with what the path is by then; throwing ends the walk */
export async function fitConvex(
  run: PathRun,
  options: PathOptions,
  penalty: number,
  watch?: (path: Path, progress: Omit<Parameters<OnEpoch>[0], 'texts' | 'accuracy'>) => void | Promise<void>,
): Promise<Path> {
  const size = (run.rows + 1) * run.classes
  const history: { moved: Float32Array; turned: Float32Array; curvature: number }[] = []
  const asPath = ({ weights }: Point): Path => ({
    hidden: 0,
    classes: run.classes,
    width: run.classes,
    table: weights.subarray(0, size - run.classes),
    bias: weights.subarray(size - run.classes),
    out: new Float32Array(0),
    outBias: new Float32Array(0),
  })
  let here = at(run, options, penalty, new Float32Array(size))
  for (let step = 1, more = options.epochs > 0; more; step++) {
    const direction = descend(here.gradient, history)
    const slope = dot(here.gradient, direction)
    // Without curvature nothing says how far to go: the first step is of length 1.
    let length = history.length ? 1 : 1 / Math.sqrt(dot(direction, direction) || 1)
    let next: Point | undefined
    for (let turn = 0; turn < HALVINGS && !next; turn++, length /= 2) {
      const tried = at(run, options, penalty, along(here.weights, direction, length))
      if (tried.loss <= here.loss - PROMISE * length * slope) next = tried
    }
    more = next !== undefined && step < options.epochs && here.loss - next.loss > TOLERANCE * next.loss
    if (next) {
      const moved = along(next.weights, here.weights, 1)
      const turned = along(next.gradient, here.gradient, 1)
      const curvature = dot(moved, turned)
      if (curvature > 0) history.push({ moved, turned, curvature })
      if (history.length > MEMORY) history.shift()
      here = next
    }
    const loss = here.loss / run.examples.count
    await watch?.(asPath(here), { epoch: step, epochs: more ? options.epochs : step, loss })
  }
  return asPath(here)
}

/** Loss and gradient of the weights: importance × cross-entropy of every text, and half the penalty × squares of the rows. */
function at(run: PathRun, { smoothing }: PathOptions, penalty: number, weights: Float32Array): Point {
  const { examples, targets, importance, classes } = run
  const { offsets, rows, weights: values } = examples
  const gradient = new Float32Array(weights.length)
  const bias = weights.length - classes
  const logits = new Float32Array(classes)
  let loss = 0
  for (let text = 0; text < examples.count; text++) {
    const [from, to] = [offsets[text] as number, offsets[text + 1] as number]
    for (let c = 0; c < classes; c++) logits[c] = weights[bias + c] as number
    for (let each = from; each < to; each++) {
      const row = (rows[each] as number) * classes
      const value = values[each] as number
      for (let c = 0; c < classes; c++) logits[c] = (logits[c] as number) + value * (weights[row + c] as number)
    }
    const probabilities = softmax(logits)
    const factor = importance ? (importance[text] as number) : 1
    for (let c = 0; c < classes; c++) {
      const wanted = (targets[text * classes + c] as number) * (1 - smoothing) + smoothing / classes
      if (wanted > 0) loss -= factor * wanted * Math.log((probabilities[c] as number) + 1e-12)
      const push = factor * ((probabilities[c] as number) - wanted)
      probabilities[c] = push
      gradient[bias + c] = (gradient[bias + c] as number) + push
    }
    for (let each = from; each < to; each++) {
      const row = (rows[each] as number) * classes
      const value = values[each] as number
      for (let c = 0; c < classes; c++) {
        gradient[row + c] = (gradient[row + c] as number) + value * (probabilities[c] as number)
      }
    }
  }
  let squares = 0
  for (let each = 0; each < bias; each++) {
    const weight = weights[each] as number
    squares += weight * weight
    gradient[each] = (gradient[each] as number) + penalty * weight
  }
  return { weights, gradient, loss: loss + (penalty * squares) / 2 }
}

/** The gradient turned by the inverse curvature that the last steps have shown: the two loops of L-BFGS. */
function descend(
  gradient: Float32Array,
  history: readonly { moved: Float32Array; turned: Float32Array; curvature: number }[],
): Float32Array {
  const direction = gradient.slice()
  const shares: number[] = []
  for (const { moved, turned, curvature } of history.toReversed()) {
    const share = dot(moved, direction) / curvature
    shares.push(share)
    add(direction, turned, -share)
  }
  const last = history.at(-1)
  if (last) {
    const scale = last.curvature / dot(last.turned, last.turned)
    for (let each = 0; each < direction.length; each++) direction[each] = (direction[each] as number) * scale
  }
  for (const { moved, turned, curvature } of history) {
    add(direction, moved, (shares.pop() as number) - dot(turned, direction) / curvature)
  }
  return direction
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let each = 0; each < a.length; each++) sum += (a[each] as number) * (b[each] as number)
  return sum
}

function add(into: Float32Array, what: Float32Array, factor: number): void {
  for (let each = 0; each < into.length; each++) into[each] = (into[each] as number) + factor * (what[each] as number)
}

/** from − length × direction */
function along(from: Float32Array, direction: Float32Array, length: number): Float32Array {
  const out = from.slice()
  add(out, direction, -length)
  return out
}
