/** How many epochs the folds of a training needed: the training on everything, which has no text left to ask, takes as many. */
import type { PathOptions } from './path'
import type { Recipe } from './recipe'
import type { OnPathEpoch } from './train-head'

export const patientless = ({ patience: _, ...path }: PathOptions): PathOptions => path

export class Needed {
  private readonly epochs: number[]

  constructor(paths: readonly PathOptions[]) {
    this.epochs = paths.map(() => 0)
  }

  /** @param held whether there are texts to ask: then patience decides, else what was needed before */
  recipe(recipe: Recipe, held: boolean): Recipe {
    if (held) return recipe
    const paths = recipe.paths.map((path, at) => ({ ...patientless(path), epochs: this.epochs[at] || path.epochs }))
    return { ...recipe, paths }
  }

  /** Takes down what the folds need on its way. */
  watched(watch: OnPathEpoch): OnPathEpoch {
    return (at, progress) => {
      if (progress.epoch === progress.epochs) this.epochs[at] = Math.max(this.epochs[at] ?? 0, progress.epochs)
      return watch(at, progress)
    }
  }
}
