/** Bundles that no version names go after a day; those that one names, and young ones, stay. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { importExamples } from '@/lib/flows/change-examples'
import { readLearning } from '@/lib/flows/read-learning'
import { startTraining } from '@/lib/flows/start-training'
import { sweepBundles } from '@/lib/flows/sweep-bundles'
import { ChildTrainer } from '@/lib/platform/training/trainer.child'
import { bundleName } from '@/models/bundle/name'
import { temporaryFolder } from '../../kit/installation'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
const home = temporaryFolder()
beforeAll(async () => {
  kit = await createLearningKit()
})
afterAll(async () => {
  await kit.close()
  home.remove()
})

test('what a killed worker left is removed, what answers stays', async () => {
  const { as, accountId } = kit.shop
  await importExamples(as.owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 20)))
  await startTraining(as.owner)
  await kit.work()
  const named = (await readLearning(as.owner)).versions[0]?.bundle as string
  const put = (owner: string, digest: string, hours: number) => {
    const place = join(home.path, bundleName(owner, digest))
    mkdirSync(place)
    writeFileSync(join(place, 'manifest.json'), '{}')
    const at = new Date(Date.now() - hours * 3_600_000)
    utimesSync(place, at, at)
    return place
  }
  const stays = [put(accountId, named, 48), put(accountId, 'a'.repeat(64), 1)]
  // The same digest under another account's name is another bundle; an account that is gone names none.
  const goes = [put(accountId, 'b'.repeat(64), 48), put(kit.rival.accountId, named, 48), put(newId(), named, 48)]
  mkdirSync(join(home.path, 'notes'))
  const trainer = new ChildTrainer(home.path, 'no key')
  const services = { ...kit.services, trainer }
  const ctxOf = (id: string) => makeCtx(services, { kind: 'system', reason: 'test' }, id, 'en')
  expect(await sweepBundles(services, ctxOf)).toBe(3)
  expect(stays.map((place) => existsSync(place))).toEqual([true, true])
  expect(goes.map((place) => existsSync(place))).toEqual([false, false, false])
  expect(existsSync(join(home.path, 'notes'))).toBe(true)
  expect(await sweepBundles(services, ctxOf)).toBe(0)
})
