/** Versions change under ingest, and one is damaged between two lives of inference: no request is dropped, and the last good one answers. */
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning } from '@/lib/flows/read-learning'
import { rollBack } from '@/lib/flows/roll-back'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { bundleName } from '@/models/bundle/name'
import { readBundle } from '@/models/bundle/read'
import { sha256, writeBundle } from '@/models/bundle/write'
import { fromOnnx } from '@/models/export/from-onnx'
import type { Shop } from '../db/ingest/house'
import { amount, held, stretched, whole } from '../kit/guarantee'
import { until } from '../kit/installation'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { weaken } from '../kit/weakened'
import { judge, newVisitors, startWriters } from '../kit/writers'

const changes = amount(20, 1)
/** Milliseconds. */
const [backWithin, standsInWithin] = [5_000, 2_000]

let real: RealHouse
let shop: Shop
let owner: Ctx
let model: Program
let web: Program
const versions: { id: string; digest: string }[] = []
const [first, second] = [() => versions[0] as (typeof versions)[0], () => versions[1] as (typeof versions)[0]]
const folderOf = (digest: string) => join(real.server.folder, 'models', bundleName(shop.accountId, digest))

/** The base's weights as a version of the account, judged to be no worse than the one before. */
async function addVersion(number: number): Promise<void> {
  const { manifest, graph, vocabulary } = readBundle('models/base/bundle')
  const weights = { spec: manifest.text.features, vocabulary, heads: fromOnnx(graph, manifest.heads) }
  const { lineage, licence } = manifest
  const facts = { id: shop.accountId, createdAt: `2026-01-0${number}T00:00:00.000Z`, licence, lineage }
  const draft = join(real.server.folder, `draft-${number}`)
  const key = { privateKey: real.house.services.vault.signingKey() }
  await writeBundle(draft, weights, { ...facts, probes: ['hello'], key })
  const digest = sha256(readFileSync(join(draft, 'manifest.json')))
  const report = {
    championId: versions.at(-1)?.id ?? null,
    merged: {},
    gate: { passes: true, unjudged: false, grown: 0, faults: [] },
  }
  const [id, runId, datasetId] = [newId(), newId(), newId()]
  const { accountId } = shop
  await inAccount(shop.ctx, async (tx) => {
    const createdAt = new Date()
    await tx.dataset.create({ data: { accountId, id: datasetId, hash: `${number}`, counts: {}, createdAt } })
    const run = { state: 'succeeded', seed: 1, report, createdAt }
    await tx.trainingRun.create({ data: { accountId, id: runId, datasetId, ...run } })
    await tx.modelVersion.create({
      data: { accountId, id, number, runId, bundle: digest, bytes: 1, labels: [], createdAt },
    })
  })
  cpSync(draft, folderOf(digest), { recursive: true })
  rmSync(draft, { recursive: true })
  versions.push({ id, digest })
}

beforeAll(async () => {
  real = await openRealHouse({ durable: false })
  shop = await real.house.shop()
  const [userId, membershipId] = [newId(), newId()]
  await real.server.ask(`INSERT INTO "user" (id, email, name) VALUES ($1, 'owner@shop.example', 'Ona')`, [userId])
  await real.server.ask(`INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, $2, $3, 'owner')`, [
    shop.accountId,
    membershipId,
    userId,
  ])
  const actor = { kind: 'member', userId, membershipId, role: 'owner' } as const
  owner = makeCtx(real.house.services, actor, shop.accountId, 'en')
  await addVersion(1)
  await addVersion(2)
  model = await real.inference()
  await model.answers('/v2/health/ready')
  web = await real.web({ INFERENCE_URL: model.url })
  await web.answers()
})
afterAll(() => real?.close())

/** How many messages each model has labelled since then. */
async function said(since: Date): Promise<Record<string, number>> {
  const rows = await real.server.ask<{ model: string; n: number }>(
    'SELECT model_version AS model, count(*)::int AS n FROM prediction WHERE account_id = $1 AND created_at > $2 GROUP BY 1',
    [shop.accountId, since],
  )
  const nameOf = (answered: string) => versions.findIndex(({ digest }) => digest.startsWith(answered)) + 1 || 'base'
  return Object.fromEntries(rows.map(({ model: answered, n }) => [nameOf(answered), n]))
}
async function write(to = web) {
  const tokens = await newVisitors(real, shop, 64)
  const writers = startWriters({ count: 2, tokens, to: () => to.url, pauseMs: 30 })
  let ended: Promise<void> | undefined
  const end = () => {
    ended ??= writers.end()
    return ended
  }
  onTestFinished(end)
  await writers.more(3)
  return { ...writers, end }
}
async function expectNothingDropped({ tally, end }: Awaited<ReturnType<typeof write>>): Promise<number> {
  await end()
  expect([tally.wrong, tally.broken, tally.unmet, tally.refused]).toEqual([[], 0, 0, 0])
  const { lost, doubled } = await judge(real, shop, tally.accepted)
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
  return tally.accepted.size
}

test(`${changes} promotions and roll backs under ingest drop no request, and each is answered by within seconds`, async () => {
  const began = new Date()
  const writers = await write()
  // Until one is put in charge, the model that comes along answers.
  expect(await until(async () => 'base' in (await said(began)), 20_000)).toBe(true)
  expect(Object.keys(await said(began))).toEqual(['base'])
  const [one, two] = [first(), second()]
  await promoteVersion(owner, { id: one.id })
  let slowest = 0
  for (let round = 0; round < changes; round++) {
    for (const [number, change] of [
      [2, () => (round ? rollBack(owner, { id: two.id }) : promoteVersion(owner, { id: two.id }))],
      [1, () => rollBack(owner, { id: one.id })],
    ] as const) {
      const pressed = performance.now()
      const since = new Date()
      await change()
      expect(await until(async () => number in (await said(since)), 20_000)).toBe(true)
      slowest = Math.max(slowest, performance.now() - pressed)
    }
  }
  expect(slowest).toBeLessThan(stretched(backWithin))
  const accepted = await expectNothingDropped(writers)
  held(
    '2 way back',
    `${2 * changes} changes, ${accepted} messages, 0 dropped, answered by after ${Math.ceil(slowest)} ms at most`,
  )
})

/** With the first one before it. */
async function putSecondInCharge(): Promise<void> {
  const { championId } = await readLearning(owner)
  if (!championId) await promoteVersion(owner, { id: first().id })
  if (championId !== second().id) await promoteVersion(owner, { id: second().id })
}

/** A version while inference is down, which is there again afterwards. @returns how to put it back */
async function damage(digest: string): Promise<() => void> {
  await model.kill()
  const graph = join(folderOf(digest), 'model.onnx')
  renameSync(graph, `${graph}.kept`)
  writeFileSync(graph, readFileSync(`${graph}.kept`).fill(0, 1_000, 1_100))
  model.start()
  await model.answers('/v2/health/ready')
  return () => renameSync(`${graph}.kept`, graph)
}

test('damaged while inference is down, the version in charge is refused, and the last good one answers within 2 s', async () => {
  const two = second()
  await putSecondInCharge()
  const writers = await write()
  const started = new Date()
  expect(await until(async () => 2 in (await said(started)), 20_000)).toBe(true)
  const mend = await damage(two.digest)
  const refusedAt = async () => {
    const answer = await fetch(`${model.url}/v2/health/ready`)
    const { refused } = (await answer.json()) as { refused: Record<string, { code: string }> }
    return refused[bundleName(shop.accountId, two.digest)]?.code === 'digest_mismatch'
  }
  // The breaker lets one question through once inference is back.
  expect(await until(refusedAt, 30_000)).toBe(true)
  const [began, since] = [performance.now(), new Date()]
  expect(await until(async () => 1 in (await said(since)), 20_000)).toBe(true)
  const took = performance.now() - began
  expect(took).toBeLessThan(stretched(standsInWithin))
  await writers.more(5)
  expect(Object.keys(await said(since))).toEqual(['1'])

  // Pages say so, and owners hear of it once.
  const mails = async () =>
    (await real.server.ask<{ to: string }>(`SELECT "to" FROM mail WHERE subject LIKE '%cannot be opened%'`)).map(
      ({ to }) => to,
    )
  const standIn = async () => (await readLearning(owner)).standIn
  expect(await until(async () => (await standIn()) !== null, 5_000)).toBe(true)
  expect(await standIn()).toEqual({ number: 1 })
  await writers.more(5)
  expect(await mails()).toEqual(['owner@shop.example'])

  // Put back, it answers again without anybody's doing.
  mend()
  const mended = new Date()
  expect(await until(async () => 2 in (await said(mended)), 30_000)).toBe(true)
  expect(await until(async () => (await standIn()) === null, 5_000)).toBe(true)
  await expectNothingDropped(writers)
  held(
    '2 stand-in',
    `the last good one answered ${Math.ceil(took)} ms after the refusal, 0 messages by the base, 1 mail`,
  )
})

const champion = 'lib/features/learning/champion.ts'
const named = "version ? nameOf(version) : 'base'"

test.runIf(whole)('control: a server that ends to begin anew with another version drops requests', async () => {
  const [one, two] = [first(), second()]
  await putSecondInCharge()
  const begin = 'const champions = '
  const known = "let known = ''\nconst anew = (one) => (known && known !== one ? process.exit(7) : (known = one))\n"
  const from = await weaken(
    'anew-with-a-version',
    { file: champion, from: begin, to: `${known}${begin}` },
    { file: champion, from: `bundle: ${named}`, to: `bundle: anew(${named})` },
  )
  const other = await real.web({ INFERENCE_URL: model.url }, from)
  await other.answers()
  onTestFinished(() => other.kill())
  const writers = await write(other)
  await rollBack(owner, { id: one.id })
  expect(await until(() => !other.running, 20_000)).toBe(true)
  await rollBack(owner, { id: two.id })
  other.start()
  await other.answers()
  await expect(expectNothingDropped(writers)).rejects.toThrow()
  const { broken, unmet } = writers.tally
  held('2 way back: control', `a server that begins anew with a version drops ${broken + unmet} requests at one change`)
})

test.runIf(whole)('control: without the list of predecessors the model that comes along answers', async () => {
  const from = await weaken('no-predecessors', {
    file: champion,
    from: '(await listPredecessors(tx, ctx)).map(nameOf)',
    to: '[]',
  })
  const other = await real.web({ INFERENCE_URL: model.url }, from)
  await other.answers()
  onTestFinished(() => other.kill())
  await putSecondInCharge()
  const started = new Date()
  const writers = await write(other)
  expect(await until(async () => 2 in (await said(started)), 20_000)).toBe(true)
  const mend = await damage(second().digest)
  const began = new Date()
  expect(await until(async () => Object.keys(await said(began)).length > 0, 30_000)).toBe(true)
  await writers.more(5)
  await writers.end()
  expect(Object.keys(await said(began))).toEqual(['base'])
  mend()
  held(
    '2 stand-in: control',
    `without the list of predecessors the base answered ${(await said(began)).base} messages, and no other model`,
  )
})
