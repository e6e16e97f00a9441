/** The real worker killed at 20 points of a run that the real database keeps: what is deployed serves on, and the run ends, whole or not at all. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { deploy } from '@/lib/features/learning/versions'
import { importExamples } from '@/lib/flows/change-examples'
import { chooseBuiltin } from '@/lib/flows/change-intents'
import { changePlan } from '@/lib/flows/change-plan'
import { startTraining } from '@/lib/flows/start-training'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { OipClassifier } from '@/lib/platform/inference/classifier.oip'
import { createLog } from '@/lib/platform/log'
import { bundleName, promiseOf } from '@/models/bundle/name'
import { readBundle } from '@/models/bundle/read'
import { amount, held, whole } from '../kit/guarantee'
import { until } from '../kit/installation'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { weakenThem } from '../kit/weakened'
import { fewIntents } from '../unit/models/small-model'

const points = amount(20, 1)
/** A run that is begun so often and never ends is given up. */
const attempts = 3

let real: RealHouse
let owner: Ctx
let worker: Program
let model: Program
let classifier: OipClassifier
let deployed = ''
/** Of one training from its start to its end, milliseconds: what the points divide. */
let takes = 0
/** Trainings that were at work when their worker was killed. */
let trained = 0

const folder = () => join(real.server.folder, 'models')
const names = () => readdirSync(folder())
const digestOf = (name: string) => {
  const hash = createHash('sha256')
  for (const file of readdirSync(join(folder(), name)).sort()) hash.update(readFileSync(join(folder(), name, file)))
  return hash.digest('hex')
}

/** Programs that a process has started, where the system tells. */
function childrenOf(pid: number): string[] {
  const processes = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []
  return processes.filter((name) => {
    try {
      return Number(/\) . (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]) === pid
    } catch {
      return false
    }
  })
}

interface Run {
  state: string
  attempts: number
  error: string | null
  progress: number
  seconds: number | null
  versions: string[]
}
const runOf = async (id: string): Promise<Run> => {
  const [row] = await real.server.ask<Run>(
    `SELECT state, attempts, error, progress, seconds, ARRAY(SELECT bundle FROM model_version v WHERE v.run_id = r.id) AS versions
     FROM training_run r WHERE id = $1`,
    [id],
  )
  return row as Run
}
/** As if half a minute of silence had passed: the next worker may take the run. */
const letSilencePass = (id: string) =>
  real.server.ask(`UPDATE training_run SET beat_at = beat_at - interval '31 s' WHERE id = $1`, [id])
const ended = async (id: string) => !['queued', 'running'].includes((await runOf(id)).state)

/** A worker takes the run; killed after that share of a training's time. False: it had ended before. */
async function killAt(id: string, share: number): Promise<boolean> {
  const before = (await runOf(id)).attempts
  worker.start()
  expect(await until(async () => (await runOf(id)).attempts > before || (await ended(id)), 60_000)).toBe(true)
  await sleep(takes * share)
  const children = childrenOf(worker.pid)
  await worker.kill()
  // The children of the dead end by themselves: nothing is written afterwards.
  await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 }).toEqual([])
  trained += children.length
  return !(await ended(id))
}

/** A worker that nobody kills, until the run has ended. */
async function finish(id: string): Promise<Run> {
  if (await ended(id)) return runOf(id)
  await letSilencePass(id)
  worker.start()
  expect(await until(() => ended(id), 120_000)).toBe(true)
  await worker.stop()
  return runOf(id)
}

beforeAll(async () => {
  real = await openRealHouse({ durable: false })
  const shop = await real.house.shop()
  const [userId, membershipId] = [newId(), newId()]
  await real.server.ask(`INSERT INTO "user" (id, email, name) VALUES ($1, 'owner@shop.example', 'Ona')`, [userId])
  await real.server.ask(`INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, $2, $3, 'owner')`, [
    shop.accountId,
    membershipId,
    userId,
  ])
  const actor = { kind: 'member', userId, membershipId, role: 'owner' } as const
  owner = makeCtx(real.house.services, actor, shop.accountId, 'en')
  // More trainings than the Free plan has.
  await changePlan(owner, { plan: 'business', interval: 'month', currency: 'usd' })
  // Own intents alone: sentences of those that come along would be most of what is learned, and are killed no otherwise.
  await chooseBuiltin(owner, { used: false })
  const rows = fewIntents(['order_status', 'refund', 'password']).filter((_, at) => at % 8 === 0)
  const own = rows.map(({ label, ...row }) => JSON.stringify({ ...row, label: `our ${label}` }))
  await importExamples(owner, Buffer.from(own.join('\n')))
  model = await real.inference()
  await model.answers('/v2/health/ready')
  classifier = new OipClassifier(model.url, createLog('test', 'silent'))
  const { id } = await startTraining(owner)
  worker = await real.worker({ INFERENCE_URL: model.url })
  expect(await until(() => ended(id), 120_000)).toBe(true)
  await worker.stop()
  const [run] = await real.server.ask<{ seconds: number; version: string; bundle: string }>(
    'SELECT r.seconds, v.id AS version, v.bundle FROM training_run r JOIN model_version v ON v.run_id = r.id WHERE r.id = $1',
    [id],
  )
  if (!run) throw new Error(`the first run left no version: ${JSON.stringify(await runOf(id))}\n${worker.said()}`)
  takes = run.seconds * 1_000
  deployed = run.bundle
  const [what, because] = [{ versionId: run.version, expected: null, authorId: membershipId }, 'promoted' as const]
  await inAccount(owner, (tx) => deploy(tx, owner, { ...what, because }))
}, 300_000)
afterAll(async () => {
  await classifier?.close()
  await real?.close()
})

/** What is in charge is the same, byte by byte, and answers; everything that inference could open is whole, signed and the account's own. */
async function expectServed(before: string): Promise<void> {
  const bundle = bundleName(owner.accountId, deployed)
  expect(digestOf(bundle)).toBe(before)
  const said = await classifier.classify({ text: 'i want my money back', bundle }, 10_000)
  expect(deployed.startsWith(said?.modelVersion ?? 'nobody')).toBe(true)
  for (const name of names().filter((one) => !one.startsWith('.draft-'))) {
    const expected = promiseOf(name)
    if (!expected) throw new Error(`${name} is no bundle`)
    readBundle(join(folder(), name), { trustedKeys: [real.house.services.vault.verifyingKey()], expected })
  }
}

/** Ended as a whole: with one version whose bundle is there, or with none and why. */
function expectWhole(run: Run): void {
  if (run.state === 'succeeded') {
    expect(run.versions).toHaveLength(1)
    expect(names()).toContain(bundleName(owner.accountId, run.versions[0] as string))
  } else expect(run).toMatchObject({ state: 'failed', error: 'crashed', versions: [] })
}

test(`killed at ${points} points, the run is resumed or failed, and the model in charge serves on`, {
  timeout: 1_800_000,
}, async () => {
  const before = digestOf(bundleName(owner.accountId, deployed))
  const ends: Run[] = []
  let [seed, kills] = [2, 0]
  let id = ''
  // One that ends before the blow came was quicker than the first: it does not count, and the next blow comes sooner.
  for (let tries = 0; kills < points && tries < 3 * points; tries++) {
    if (!id) id = (await startTraining(owner, { seed: seed++ })).id
    await letSilencePass(id)
    if (await killAt(id, (kills + 0.5) / points)) kills++
    await expectServed(before)
    const run = await runOf(id)
    // Never half: no version before the run has ended, and a run that nobody does any more waits to be taken again.
    if (run.state === 'running' || run.state === 'queued') expect(run.versions).toEqual([])
    // Every other run is begun once more by a worker that lives; the others are killed until they are given up.
    if (!(await ended(id)) && run.attempts < (seed % 2 ? attempts : attempts - 1) && kills < points) continue
    const end = await finish(id)
    expectWhole(end)
    if (end.seconds) takes = Math.min(takes, end.seconds * 1_000)
    ends.push(end)
    id = ''
  }
  // Drafts of the dead have no name that is served; the next training sweeps them away once they are old.
  const old = new Date(Date.now() - 3 * 3_600_000)
  for (const name of names().filter((one) => one.startsWith('.draft-'))) utimesSync(join(folder(), name), old, old)
  const next = await finish((await startTraining(owner, { seed: seed++ })).id)
  expect(next).toMatchObject({ state: 'succeeded', attempts: 1 })
  expectWhole(next)
  expect(names().filter((one) => one.startsWith('.draft-'))).toEqual([])
  await expectServed(before)
  expect(kills).toBe(points)
  // On systems without /proc nobody is counted.
  if (existsSync('/proc')) expect(trained).toBeGreaterThan(0)
  const of = (state: string) => ends.filter((run) => run.state === state && run.attempts > 1).length
  held(
    '2 training run killed',
    `${kills} kills of the worker in ${(takes / 1e3).toFixed(1)} s of training, ${of('succeeded')} runs resumed and whole, ${of('failed')} given up after ${attempts} tries, the model in charge unchanged and serving`,
  )
})

test.runIf(whole)('control: a worker that brings a bundle into place file by file leaves half of one', async () => {
  const before = digestOf(bundleName(owner.accountId, deployed))
  const [known, file] = [new Set(names()), 'models/bundle/put.ts']
  const one = 'renameSync(join(draft, name), join(place, name)), Atomics.wait(still, 0, 0, 500)'
  const from = await weakenThem(
    ['worker'],
    'file-by-file',
    { file, from: 'existsSync, renameSync', to: 'existsSync, mkdirSync, readdirSync, renameSync' },
    {
      file,
      from: '  renameSync(draft, place)\n',
      to: `  const still = new Int32Array(new SharedArrayBuffer(4))
        mkdirSync(place)
        for (const name of readdirSync(draft)) ${one}\n`,
    },
  )
  await startTraining(owner, { seed: 98 })
  const other = await real.worker({ INFERENCE_URL: model.url }, from)
  const fresh = () => names().find((name) => !known.has(name) && !name.startsWith('.draft-'))
  expect(await until(() => fresh() !== undefined, 120_000)).toBe(true)
  await other.kill()
  await expect(expectServed(before)).rejects.toThrow()
  rmSync(join(folder(), fresh() as string), { recursive: true })
  await expectServed(before)
  held(
    '2 training run killed: control',
    'a worker that brings a bundle into place file by file leaves half of one when it is killed',
  )
})

test('control: a version that its run does not account for is found', async () => {
  const { id } = await startTraining(owner, { seed: 99 })
  const [version] = await real.server.ask<{ id: string }>(
    `INSERT INTO model_version (account_id, id, number, run_id, bundle, bytes, labels, created_at)
     SELECT account_id, gen_random_uuid(), 999, id, repeat('0', 64), 1, '{}', now() FROM training_run WHERE id = $1 RETURNING id`,
    [id],
  )
  expect(version).toBeDefined()
  const run = await runOf(id)
  expect(run.versions).toHaveLength(1)
  expect(() => expectWhole({ ...run, state: 'succeeded' })).toThrow()
})
