/** The learning rate: a straight line to zero, and a shorter one once held-out texts get no better. */
import { describe, expect, it } from 'vitest'
import { Needed } from '@/models/train/needed'
import { linearPath, type Recipe } from '@/models/train/recipe'
import { Schedule } from '@/models/train/schedule'
import { trainModel } from '@/models/train/train-model'
import { fewIntents, smallRecipe } from './small-model'

const drain = (schedule: Schedule, accuracyAt: (epoch: number) => number, perEpoch: number) => {
  const shares: number[] = []
  for (let epoch = 0; epoch < schedule.epochs; epoch++) {
    for (let step = 0; step < perEpoch; step++) shares.push(schedule.next())
    schedule.saw(epoch + 1, accuracyAt(epoch + 1))
  }
  return shares
}

describe('the schedule', () => {
  it('falls in a straight line when accuracy keeps rising', () => {
    const shares = drain(new Schedule(10, 2, 3), (epoch) => epoch, 2)
    expect(shares).toHaveLength(20)
    for (const [at, share] of shares.entries()) expect(share).toBeCloseTo(1 - at / 20, 9)
  })

  it('ends two epochs after its patience, and calms down to zero in them', () => {
    const schedule = new Schedule(20, 2, 3)
    const shares = drain(schedule, (epoch) => Math.min(epoch, 5), 2)
    // The best came with epoch 5, three more brought nothing, two to calm down.
    expect(schedule.epochs).toBe(10)
    expect(shares).toHaveLength(20)
    for (let at = 1; at < shares.length; at++) expect(shares[at]).toBeLessThan(shares[at - 1] as number)
    expect(shares.at(-1)).toBeLessThan(0.2)
  })

  it('does not bother when it is nearly over, nor without patience', () => {
    expect(drain(new Schedule(6, 1, 3), () => 0, 1)).toHaveLength(6)
    expect(drain(new Schedule(20, 1), () => 0, 1)).toHaveLength(20)
  })
})

it('what the folds needed is what the training on everything takes', () => {
  const recipe: Recipe = { ...smallRecipe(), paths: [linearPath(1, { epochs: 25, patience: 6 })] }
  const needed = new Needed(recipe.paths)
  const watch = needed.watched(() => {})
  const progress = { loss: 1, texts: 1 }
  for (const epochs of [12, 17]) watch(0, { ...progress, epoch: epochs, epochs })
  expect(needed.recipe(recipe, true)).toBe(recipe)
  const [path] = needed.recipe(recipe, false).paths
  expect(path?.epochs).toBe(17)
  expect(path?.patience).toBeUndefined()
})

it('a training tells held-out accuracy, speed, and that it ends early', async () => {
  const paths = [linearPath(1, { epochs: 30, patience: 2 })]
  const said: Parameters<NonNullable<Parameters<typeof trainModel>[1]['onProgress']>>[0][] = []
  const rows = fewIntents(['order_status', 'refund']).filter((_, at) => at % 2 === 0)
  await trainModel(rows, { seed: 1, recipe: { ...smallRecipe(), paths }, onProgress: (one) => said.push(one) })
  const accuracies = said.flatMap(({ accuracy }) => (accuracy === undefined ? [] : [accuracy]))
  expect(accuracies.length).toBeGreaterThan(5)
  expect(accuracies.at(-1)).toBeGreaterThan(0.7)
  expect(said.every(({ perSecond = 1 }) => perSecond > 0)).toBe(true)
  expect(said.find(({ early }) => early)?.early).toMatchObject({ of: 30 })
  const epochs = said.flatMap(({ epoch }) => (epoch ? [epoch] : []))
  expect(epochs[0]).toMatchObject({ at: 1, of: 30 })
  expect(epochs.every(({ at, of }) => at <= of)).toBe(true)
  const shares = said.map(({ done }) => done)
  expect([...shares].sort((a, b) => a - b)).toEqual(shares)
})
