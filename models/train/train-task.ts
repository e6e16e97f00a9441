/** One training of all paths on chosen rows, alone or with an account's unlabelled messages. */
import { type Examples, join, pick } from './examples'
import type { Path, PathOptions, PathRun } from './path'
import { classBalance, oneHot, type Prepared } from './prepare'
import { chooseRecipe, type Recipe } from './recipe'
import { believe, type PseudoLabels, REPEATS, ROUNDS, SHARPNESS, teach } from './self-train'
import { type OnPathEpoch, trainPaths } from './train-head'

export interface Task {
  prepared: Prepared
  examples: Examples
  /** Which of the examples train. */
  chosen: readonly number[]
  rows: number
  signRows: number
  begin?: PathRun['begin']
  /** Asked after each epoch, never learned. */
  held?: PathRun['held']
  recipe: Recipe
  watch: (paths: readonly PathOptions[]) => OnPathEpoch
}

/** More examples beside the labelled ones, with soft targets. */
interface Extra {
  examples: Examples
  pseudo: PseudoLabels
}

export function trainOnce(task: Task, extra?: Extra): Promise<Path[]> {
  const classes = task.prepared.classes.length
  // Labelled rows are repeated beside a long log, so that they keep the lead.
  const chosen = extra ? Array.from({ length: REPEATS }, () => task.chosen).flat() : task.chosen
  const targets = chosen.map((at) => task.prepared.targets[at] as number)
  const own = pick(task.examples, chosen)
  const run = {
    examples: extra ? join(own, pick(extra.examples, extra.pseudo.chosen)) : own,
    targets: concat(oneHot(targets, classes), extra?.pseudo.targets),
    importance: concat(classBalance(targets, classes, task.recipe.balance), extra?.pseudo.importance),
    classes,
    rows: task.rows,
    signRows: task.signRows,
    ...(task.begin ? { begin: task.begin } : {}),
    ...(task.held ? { held: task.held } : {}),
  }
  return trainPaths(run, task.recipe, task.watch(task.recipe.paths))
}

export async function selfTrain(task: Task, unlabelled: Examples): Promise<Path[]> {
  const classes = task.prepared.classes.length
  let paths = await trainOnce(teacher(task))
  for (const [round, share] of ROUNDS.entries()) {
    const last = round === ROUNDS.length - 1
    const probabilities = teach(paths, unlabelled, SHARPNESS, classes)
    const recipe = { ...task.recipe, paths: task.recipe.paths.map((path) => shorter(path, last ? 2 : 3)) }
    paths = await trainOnce(
      { ...task, recipe },
      { examples: unlabelled, pseudo: believe(probabilities, share, classes) },
    )
  }
  return paths
}

/** What is trained on the labelled rows alone takes the recipe of their number, not that of the log's. */
export function teacher(task: Task): Task {
  const { prepared, chosen, recipe, begin } = task
  const has = { start: begin !== undefined, log: true }
  return { ...task, recipe: chooseRecipe(chosen.length, prepared.classes.length, recipe.seed, has) }
}

/** Labelled rows are repeated and the log is long: a half of the passes does, and a third where labels are only carried on. */
function shorter(path: PathOptions, by: number): PathOptions {
  return { ...path, epochs: Math.ceil(path.epochs / by) }
}

function concat(first: Float32Array, second?: Float32Array): Float32Array {
  if (!second) return first
  const out = new Float32Array(first.length + second.length)
  out.set(first)
  out.set(second, first.length)
  return out
}
