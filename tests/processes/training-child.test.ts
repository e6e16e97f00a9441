/** The training child as the product drives it: a request on its input, progress and the outcome on its output, SIGTERM cancels. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import type { TrainingTask } from '@/lib/core/ports'
import { ChildTrainer } from '@/lib/platform/training/trainer.child'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey } from '@/models/bundle/sign'
import { sha256 } from '@/models/bundle/write'
import { Encoders } from '@/models/encoder/installed'
import { binnedError } from '@/models/evaluate/calibration'
import { answer } from '@/models/serve/classify'
import { openBundle } from '@/models/serve/open'
import type { TrainReply, TrainRequest } from '@/models/train/child-protocol'
import { temporaryFolder } from '../kit/installation'
import { fewIntents } from '../unit/models/small-model'
import { tinyEncoder, writeEncoder } from '../unit/models/tiny-encoder'

const home = temporaryFolder()
const encoders = join(home.path, 'encoders')
const rows = fewIntents(['order_status', 'refund', 'password'])

beforeAll(async () => {
  for (const entry of ['lib/cli/training-child.ts', 'tests/processes/programs/eat-memory.ts'])
    await bundle(resolve('.'), '.build/training-child', [entry])
  writeEncoder(join(encoders, 'tiny'), tinyEncoder(['order', 'refund', 'password'], 16))
}, 60_000)
afterAll(() => home.remove())

const asked = (name: string, more: Partial<TrainRequest> = {}): TrainRequest => ({
  rows,
  seed: 1,
  out: join(home.path, name),
  id: name,
  createdAt: '2026-01-01T00:00:00.000Z',
  probes: ['refund', '退款'],
  ...more,
})

/** Everything it said, and its exit code; `onProgress` may end it. */
async function train(request: object, onProgress?: (stop: () => void) => void) {
  const child = spawn(process.execPath, [resolve('.build/training-child/training-child.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(`${JSON.stringify(request)}\n`)
  const replies: TrainReply[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line) continue
    const reply = JSON.parse(line) as TrainReply
    replies.push(reply)
    if ('progress' in reply) onProgress?.(() => child.kill('SIGTERM'))
  }
  const code = child.exitCode ?? (await new Promise<number | null>((done) => child.once('exit', done)))
  return { code, replies, last: replies.at(-1) as TrainReply }
}

test('trains with an encoder, signs, and leaves a bundle that opens', async () => {
  const key = newSigningKey()
  const request = asked('shop', { encoder: join(encoders, 'tiny'), signingKey: key.privateKey })
  const { code, replies, last } = await train(request)
  expect(last).toMatchObject({ done: { labels: ['order_status', 'password', 'refund'], contradictions: 0 } })
  if (!('done' in last)) throw new Error('it failed')
  const { reliability, outOfScope, speed, recipe, code: program } = last.done.measured
  expect(binnedError(reliability?.after ?? [])).toBeLessThan(0.2)
  expect(reliability?.before.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(20)
  expect(outOfScope?.auroc).toBeGreaterThan(0.7)
  expect(outOfScope?.points.at(-1)).toEqual({ kept: 1, passed: 1 })
  expect(speed.p99).toBeGreaterThanOrEqual(speed.p50)
  expect(recipe.paths.length).toBe(3)
  expect(program).toBe(sha256(readFileSync('.build/training-child/training-child.mjs')))
  // Said before anything can fail, and again when the recipe is chosen.
  expect(replies.filter((reply) => 'begun' in reply)).toEqual([
    { begun: { code: program, recipe: null } },
    { begun: { code: program, recipe } },
  ])
  expect(replies[0]).toHaveProperty('begun')
  expect(replies.some((reply) => 'progress' in reply && (reply.progress.epoch?.at ?? 0) > 1)).toBe(true)
  const shares = replies.flatMap((reply) => ('progress' in reply ? [reply.progress.done] : []))
  expect(shares.length).toBeGreaterThan(2)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(code).toBe(0)
  const opened = await openBundle(request.out, { encoders: new Encoders(encoders), trustedKeys: [key.publicKey] })
  expect('done' in last && last.done.modelVersion).toBe(opened.modelVersion)
  const { intent } = await answer([opened], ['i want a refund'])
  expect(intent?.[0]?.label).toBe('refund')
  await opened.close()
})

test('trains with differential privacy, and the bundle tells nothing exact about its texts', async () => {
  const privacy = { epsilon: 8, key: 'k'.repeat(32) }
  const request = asked('private', { privacy, keep: { labels: ['greeting'], perLabel: 3 } })
  const { last } = await train(request)
  expect(last).toMatchObject({ done: { privacy: { epsilon: 8, steps: 100 }, doubts: [] } })
  const opened = await openBundle(request.out)
  expect(opened.manifest.heads[0]).toMatchObject({
    labels: expect.arrayContaining(['greeting', 'refund']),
    metrics: {},
  })
  expect(opened.manifest.lineage.dataset).toBe('0'.repeat(64))
  const { intent } = await answer([opened], ['i want a refund'])
  expect(intent?.[0]?.label).toBe('refund')
  await opened.close()
})

test('stops when it is told to, when its time is up, and when there is nothing to learn; then no bundle is left', async () => {
  const cancelled = await train(asked('cancelled'), (stop) => stop())
  expect([cancelled.code, cancelled.last]).toMatchObject([1, { failed: { code: 'cancelled' } }])
  const late = await train(asked('late', { budgetMs: 1 }))
  expect(late.last).toMatchObject({ failed: { code: 'out_of_time' } })
  const one = await train(asked('one', { rows: rows.map(({ text }) => ({ text, label: 'same' })) }))
  expect(one.last).toMatchObject({ failed: { code: 'not_enough_data' } })
  const absent = await train(asked('absent', { encoder: join(encoders, 'nobody') }))
  expect(absent.last).toMatchObject({ failed: { code: 'failed', message: expect.stringContaining('"nobody"') } })
  const odd = await train({ rows: 7 })
  expect(odd.last).toEqual({ failed: { code: 'failed', message: 'the request is not well-formed' } })
  for (const name of ['cancelled', 'late', 'one', 'absent']) expect(existsSync(join(home.path, name))).toBe(false)
})

test('ends itself, and says why, when it needs more memory than it may', async () => {
  const { code, last } = await train(asked('large', { memoryMb: 60 }))
  expect(last).toEqual({ failed: { code: 'out_of_memory', message: 'the training needed more than 60 MB of memory' } })
  expect(code).not.toBe(0)
  expect(existsSync(join(home.path, 'large'))).toBe(false)
})

test('typed arrays count, which the limit of the heap does not see, and a thread that never rests is looked at', () => {
  const eat = (...more: string[]) =>
    spawnSync(process.execPath, ['--max-old-space-size=50', resolve('.build/training-child/eat-memory.mjs'), ...more], {
      encoding: 'utf8',
    })
  // The control: 600 MB under a limit of 50 for the heap.
  expect(eat('600').stdout).toBe('done 75\n')
  const { stdout, signal } = eat('2000', '300')
  expect([stdout.trim(), signal]).toEqual([expect.stringContaining('"out_of_memory"'), 'SIGKILL'])
}, 60_000)

test('training again repairs a bundle that was damaged in its place', async () => {
  // Where the product looks for the program when it runs from its sources.
  await bundle(resolve('.'), '.build/cli', ['lib/cli/training-child.ts'])
  const key = newSigningKey()
  const folder = join(home.path, 'models')
  const trainer = new ChildTrainer(folder, key.privateKey)
  const task: TrainingTask = {
    rows: rows.map((row, at) => ({ ...row, group: `${at}` })),
    unlabelled: [],
    keep: [],
    seed: 1,
    accountId: '019f0000-0000-7000-8000-000000000001',
    createdAt: '2026-01-01T00:00:00.000Z',
    budgetMs: 120_000,
  }
  const again = () =>
    trainer.train(
      task,
      () => {},
      new AbortController().signal,
      () => {},
    )
  const { digest } = await again()
  const [name] = readdirSync(folder)
  const place = join(folder, name as string)
  const options = { expected: { id: task.accountId, digest }, trustedKeys: [key.publicKey] }
  const graph = join(place, 'model.onnx')
  writeFileSync(graph, readFileSync(graph).subarray(1))
  expect(() => readBundle(place, options)).toThrow('not the file')
  expect((await again()).digest).toBe(digest)
  readBundle(place, options)
  expect(readdirSync(folder)).toEqual([name])
}, 240_000)
