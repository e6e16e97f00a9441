/** The registry after many trainings: what answers, is tried or answered before is in the list, and an old one is found by its number. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { championOf } from '@/lib/features/learning/champion'
import { importExamples } from '@/lib/flows/change-examples'
import { exportBundle, exportModelCard } from '@/lib/flows/export-version'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning, readTraining, versionCalled } from '@/lib/flows/read-learning'
import { rollBack } from '@/lib/flows/roll-back'
import { startTraining } from '@/lib/flows/start-training'
import { stopTrial, tryVersion } from '@/lib/flows/try-version'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(() => kit.close())

test('a version of sixty versions ago that is in charge, its predecessor, and one that nobody names', async () => {
  const { owner } = kit.shop.as
  await importExamples(owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 80)))
  for (const seed of [1, 2, 3]) {
    await startTraining(owner, { seed })
    await kit.work()
  }
  const [third, second, first] = (await readLearning(owner)).versions
  await promoteVersion(owner, { id: first?.id as string })
  await promoteVersion(owner, { id: second?.id as string })
  // Sixty more, as a rule would have made them.
  for (let at = 4; at <= 63; at++) {
    const id = newId()
    await kit.owner.query(
      `INSERT INTO training_run (account_id, id, dataset_id, state, seed, report, created_at)
        SELECT account_id, $1, dataset_id, state, $2, report, now() FROM training_run WHERE id = $3`,
      [id, at, third?.runId],
    )
    await kit.owner.query(
      `INSERT INTO model_version (account_id, id, number, run_id, bundle, bytes, labels, created_at)
        SELECT account_id, $1, $2, $3, bundle, bytes, labels, now() FROM model_version WHERE id = $4`,
      [newId(), at, id, third?.id],
    )
  }
  const numbersOf = async (asked?: Parameters<typeof readLearning>[1]) =>
    (await readLearning(owner, asked)).versions.map(({ number }) => number)
  const newest = Array.from({ length: 50 }, (_, at) => 63 - at)
  expect(await numbersOf()).toEqual([...newest, 2, 1])
  expect((await readLearning(owner)).championId).toBe(second?.id)
  expect(await numbersOf({ version: 3 })).toEqual([...newest, 3, 2, 1])
  // What grows with the intents and the texts is read with a run alone.
  const listed = JSON.stringify(await readLearning(owner))
  for (const long of ['bins', 'confusions', 'doubts', 'steps', 'labels']) expect(listed).not.toContain(`"${long}":[`)
  expect(listed.length / 52).toBeLessThan(2_500)
  const whole = await readTraining(owner, { id: third?.runId as string })
  expect(whole).toMatchObject({
    labels: ['card_arrival', 'top_up'],
    report: { candidate: { bins: expect.any(Array) } },
  })
  expect(await codeOf(readTraining(kit.rival.as.owner, { id: third?.runId as string }))).toBe('not_found')
  const { runs } = await readLearning(owner, { version: 3 })
  expect([runs.length, runs.at(-1)?.id]).toEqual([51, third?.runId])
  expect((await readLearning(owner, { run: first?.runId as string })).runs.at(-1)?.id).toBe(first?.runId)
  expect((await readLearning(owner, { version: 99 })).versions).toHaveLength(52)
  // All there were, by whoever asks for more, each with its version.
  const all = await readLearning(owner, { runs: 100 })
  expect([all.runs.length, all.versions.length]).toEqual([63, 63])

  // By what it is just now.
  expect(await versionCalled(owner, 'champion')).toBe(second?.id)
  expect(await codeOf(versionCalled(owner, 'challenger'))).toBe('not_found')
  await tryVersion(owner, { id: third?.id as string, share: 10 })
  expect(await versionCalled(owner, 'challenger')).toBe(third?.id)
  expect(await codeOf(versionCalled(kit.rival.as.owner, 'champion'))).toBe('not_found')
  expect(await codeOf(versionCalled(kit.shop.as.agent, 'champion'))).toBe('forbidden')
  await stopTrial(owner)
  const card = await exportModelCard(owner, { id: third?.id as string })
  expect(card).toContain('model_name: "shop, version 3"')
  expect((await exportBundle(owner, { id: third?.id as string })).length).toBeGreaterThan(100)
  await rollBack(owner, { id: first?.id as string, anyway: true })
  expect((await readLearning(owner)).championId).toBe(first?.id)
})

test('what is put in charge answers, whatever the clock of the machine that did it says', async () => {
  const { owner } = kit.shop.as
  const before = (await readLearning(owner)).championId
  const behind = { ...owner, now: () => new Date(Date.now() - 3_000) }
  await rollBack(behind, { id: null })
  const { championId, deployments } = await readLearning(owner)
  expect([championId, deployments[0]?.number]).toEqual([null, null])
  expect((await championOf(owner)).bundle).toBe('base')
  await rollBack(behind, { id: before, anyway: true })
  expect((await readLearning(owner)).championId).toBe(before)
})
