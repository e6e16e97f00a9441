/** A run whose worker died is taken again by another one and ends once: with one version, also where the first one was only slow. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TrainingFailed } from '@/lib/core/ports'
import { cancelTraining } from '@/lib/flows/cancel-training'
import { importExamples } from '@/lib/flows/change-examples'
import { readLearning, readTraining } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 30)))
})
afterAll(() => kit.close())

const silent = (id: string, seconds: number) =>
  kit.owner.query(
    `UPDATE training_run SET state = 'running', attempts = 1, beat_at = now() - make_interval(secs => $2) WHERE id = $1`,
    [id, seconds],
  )
const stateOf = async (id: string) => {
  const { rows } = await kit.owner.query('SELECT state, attempts FROM training_run WHERE id = $1', [id])
  const { versions } = await readLearning(kit.shop.as.owner)
  return { ...rows[0], versions: versions.filter(({ runId }) => runId === id).length }
}

test('one that was left behind is taken again after half a minute of silence, and succeeds', async () => {
  const { id } = await startTraining(kit.shop.as.owner)
  await silent(id, 20)
  // The control: a worker that said something just now is not taken for dead.
  expect(await kit.work()).toBe(false)
  expect(await stateOf(id)).toEqual({ state: 'running', attempts: 1, versions: 0 })
  await silent(id, 31)
  expect(await kit.work()).toBe(true)
  expect(await stateOf(id)).toEqual({ state: 'succeeded', attempts: 2, versions: 1 })
  expect(kit.tasks).toHaveLength(1)
})

test('a worker that was only slow finds it done, and adds nothing', async () => {
  const { id } = await startTraining(kit.shop.as.owner, { seed: 2 })
  let release = () => {}
  const begun = new Promise<void>((begins) => {
    kit.during = () => {
      delete kit.during
      begins()
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
  })
  const slow = kit.work()
  await begun
  // It goes on saying that it lives, so the other one has to look in between.
  do await silent(id, 31)
  while (!(await kit.work()))
  expect(await stateOf(id)).toEqual({ state: 'succeeded', attempts: 2, versions: 1 })
  release()
  expect(await slow).toBe(true)
  expect(await stateOf(id)).toEqual({ state: 'succeeded', attempts: 2, versions: 1 })
})

test('one that failed or was cancelled tells by what program and recipe, one that never began does not', async () => {
  const { owner } = kit.shop.as
  const told = async (id: string) => {
    const run = await readTraining(owner, { id })
    return [run.state, run.code, run.recipe]
  }
  const { id: failed } = await startTraining(owner, { seed: 3 })
  expect(await told(failed)).toEqual(['queued', null, null])
  kit.during = () => Promise.reject(new TrainingFailed('out_of_memory', 'as large as a house'))
  await kit.work()
  expect(await told(failed)).toEqual(['failed', 'c0de', { paths: [] }])
  const { id: cancelled } = await startTraining(owner, { seed: 4 })
  kit.during = async (_task, signal) => {
    await cancelTraining(owner, { id: cancelled })
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    throw new TrainingFailed('cancelled', 'it was cancelled')
  }
  await kit.work()
  delete kit.during
  expect(await told(cancelled)).toEqual(['cancelled', 'c0de', { paths: [] }])
  const { id: never } = await startTraining(owner, { seed: 5 })
  await cancelTraining(owner, { id: never })
  expect(await told(never)).toEqual(['cancelled', null, null])
})
