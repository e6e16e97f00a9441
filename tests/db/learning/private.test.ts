/** A private training brings an ordinary one of the same texts along, and each version says plainly which it is. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples } from '@/lib/flows/change-examples'
import { exportModelCard } from '@/lib/flows/export-version'
import { readLearning, readTraining } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

test('what privacy costs is shown beside the ordinary model, which is trained once', async () => {
  const { as } = kit.shop
  await importExamples(as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 60)))
  const { id } = await startTraining(as.owner, { epsilon: 3 })
  expect(await kit.work()).toBe(true)
  expect(await kit.work()).toBe(true)
  expect(await kit.work()).toBe(false)
  expect(kit.tasks.map(({ epsilon }) => epsilon)).toEqual([undefined, 3])
  const { runs, versions } = await readLearning(as.owner)
  const [mine, ordinary] = await Promise.all(runs.map((run) => readTraining(as.owner, { id: run.id })))
  expect(mine).toMatchObject({ id, epsilon: 3, state: 'succeeded', report: { privacy: { epsilon: 3, delta: 1e-5 } } })
  expect(ordinary).toMatchObject({ epsilon: null, state: 'succeeded', report: { privacy: null } })
  expect(mine?.dataset.hash).toBe(ordinary?.dataset.hash)
  expect(mine?.report?.candidate.texts).toBe(ordinary?.report?.candidate.texts)

  const cardOf = (runId?: string) =>
    exportModelCard(as.owner, { id: versions.find((one) => one.runId === runId)?.id as string })
  expect(await cardOf(mine?.id)).toContain('ε = 3 at δ = 1.0e-5')
  expect(await cardOf(ordinary?.id)).toContain('without\ndifferential privacy')

  // The ordinary one is there already.
  await startTraining(as.owner, { epsilon: 8 })
  expect(await kit.work()).toBe(true)
  expect(await kit.work()).toBe(false)
})
