/** Choosing by chance, from a source that the caller seeds, so that the demo shop looks alike everywhere. */

/** 0 ≤ x < 1 */
export type Chance = () => number

export const pick = <T>(chance: Chance, list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T

export const between = (chance: Chance, least: number, most: number): number => least + chance() * (most - least)

/** One of the list, those with more weight more often. */
export function pickWeighted<T extends { weight: number }>(chance: Chance, list: readonly T[]): T {
  let left = chance() * list.reduce((sum, each) => sum + each.weight, 0)
  for (const each of list) {
    left -= each.weight
    if (left <= 0) return each
  }
  return list.at(-1) as T
}
