/** Deals small sets into folds, so that every text can be answered by a model that did not see it. */
import { type Examples, pick } from './examples'
import { allLogits } from './forward'
import type { HeldOut, Path } from './path'
import type { Prepared } from './prepare'
import { Random } from './random'

export const FOLDS = [0, 1, 2, 3] as const

export interface CrossFit {
  /** Paths of the last fold: only their kind matters to the blend. */
  paths: Path[]
  logits: Float32Array[][]
  truth: number[]
  /** Which text each line of the logits is about. */
  answered: number[]
}

/**
 * Every text of the folds in `rounds` is answered by a model that did not see it: small sets need no held-out part of their own.
 */
export async function crossFit(
  prepared: Prepared,
  examples: Examples,
  seed: number,
  rounds: readonly number[],
  trainOn: (chosen: readonly number[], held: HeldOut) => Promise<Path[]>,
): Promise<CrossFit> {
  const fold = stratified(prepared.targets, seed)
  const logits: Float32Array[][] = []
  const answered: number[] = []
  let paths: Path[] = []
  for (const round of rounds) {
    const inside = [...fold.keys()].filter((at) => fold[at] !== round)
    const outside = [...fold.keys()].filter((at) => fold[at] === round)
    const held = {
      examples: pick(examples, outside),
      truth: outside.map((at) => prepared.targets[at] as number),
    }
    paths = await trainOn(inside, held)
    for (const at of outside) answered.push(at)
    for (const [path, lines] of paths.map((one) => allLogits(one, held.examples)).entries()) {
      logits[path] ??= []
      logits[path]?.push(...lines)
    }
  }
  return { paths, logits, truth: answered.map((at) => prepared.targets[at] as number), answered }
}

/** Deals the texts of each class round the folds, in an order the seed decides. */
function stratified(targets: readonly number[], seed: number): number[] {
  const order = new Random(seed + 7).shuffle(Int32Array.from(targets, (_, at) => at))
  const dealt = new Map<number, number>()
  const fold = new Array<number>(targets.length)
  for (const at of order) {
    const target = targets[at] as number
    const count = dealt.get(target) ?? target
    fold[at] = count % FOLDS.length
    dealt.set(target, count + 1)
  }
  return fold
}
