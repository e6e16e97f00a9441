/** The real inference process is killed, frozen, or has no model: the web server never notices more than absent labels. */
import { copyFileSync, cpSync, rmSync } from 'node:fs'
import http from 'node:http'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { manageChild } from '@/lib/cli/supervisor/child'
import { patience, watchAnswers } from '@/lib/cli/supervisor/watchdog'
import { newId } from '@/lib/core/ids'
import type { Shop } from '../db/ingest/house'
import { amount, held, stretched, whole } from '../kit/guarantee'
import { temporaryFolder, until } from '../kit/installation'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { weaken } from '../kit/weakened'
import { judge, newVisitors, post, quantile, startWriters, type Writers } from '../kit/writers'

const kills = amount(100, 2)
/** Milliseconds. */
const [storedWithin, backWithin] = [1_000, 3_000]
const watch = patience.inference

let real: RealHouse
let shop: Shop
/** Where the model is missing until a test puts it in. */
const empty = temporaryFolder()
const bundle = 'models/base/bundle'

beforeAll(async () => {
  cpSync(resolve(bundle), join(empty.path, bundle), { recursive: true })
  rmSync(join(empty.path, bundle, 'model.onnx'))
  real = await openRealHouse({ durable: false })
  shop = await real.house.shop()
})
afterAll(async () => {
  await real?.close()
  empty.remove()
})

/** A web server of the test's own, that asks this model; and visitors who write to it, gently. */
async function open(model: Program): Promise<{ web: Program; writers: Writers }> {
  const web = await real.web({ INFERENCE_URL: model.url })
  await web.answers()
  onTestFinished(() => web.kill())
  const own = await newVisitors(real, shop, 64)
  // The first message also opens connections to the database, for which a busy machine may take its time.
  const first = startWriters({ count: 1, tokens: own.slice(0, 1), to: () => web.url, most: 1 })
  await first.more(1)
  await first.end()
  return { web, writers: startWriters({ count: 2, tokens: own, to: () => web.url, pauseMs: 40 }) }
}

const labelled = async (): Promise<number> => {
  const rows = await real.server.ask<{ n: number }>('SELECT count(*)::int AS n FROM prediction WHERE account_id = $1', [
    shop.accountId,
  ])
  return rows[0]?.n ?? 0
}
/** True once something more than now has a label. */
const labelsAgain = async (): Promise<boolean> => {
  const before = await labelled()
  return until(async () => (await labelled()) > before, 40_000)
}

/** That inference is dead shows: what is written meanwhile has no label. */
async function expectNoLabels(writers: Writers): Promise<void> {
  // What was on its way when it died.
  await sleep(1_000)
  const before = await labelled()
  await writers.more(20)
  expect(await labelled()).toBe(before)
}

async function expectNothingLost({ tally }: Writers): Promise<string> {
  expect(tally.wrong).toEqual([])
  expect([tally.broken, tally.unmet, tally.refused]).toEqual([0, 0, 0])
  const { lost, doubled } = await judge(real, shop, tally.accepted)
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
  const slowest = quantile(tally.took, 0.99)
  expect(slowest).toBeLessThan(stretched(storedWithin))
  return `${tally.accepted.size} messages, 0 lost, stored within ${Math.ceil(slowest)} ms (p99)`
}

test(`${kills} kills of inference leave the web server as it is, and labels come back`, async () => {
  const model = await real.inference()
  const { web, writers } = await open(model)
  const { pid } = web
  for (let round = 0; round < kills; round++) {
    // Some while it loads, some in the middle of its work.
    if (round % 5 === 0) await model.answers('/v2/health/ready')
    await sleep(150 * Math.random())
    await model.kill()
    model.start()
  }
  await model.answers('/v2/health/ready')
  expect(await labelsAgain()).toBe(true)
  await model.kill()
  await expectNoLabels(writers)
  await writers.end()
  expect(web.running && web.pid).toBe(pid)
  held(
    '2 inference killed',
    `${kills} kills, the web server’s process the same, 0 labels while it was dead, ${await expectNothingLost(writers)}`,
  )
})

test.runIf(whole)('control: a web server that ends with its inference is seen', async () => {
  const file = 'lib/platform/inference/classifier.oip.ts'
  const from = await weaken('ends-with-inference', {
    file,
    from: '      this.#breaker.failed()\n',
    to: '      process.exit(7)\n',
  })
  const model = await real.inference()
  await model.answers('/v2/health/ready')
  const web = await real.web({ INFERENCE_URL: model.url }, from)
  await web.answers()
  onTestFinished(() => web.kill())
  const { pid } = web
  await model.kill()
  const agent = new http.Agent()
  const [token] = await newVisitors(real, shop, 1)
  await post(agent, web.url, token as string, { clientId: newId(), text: 'hello' }).catch(() => {})
  expect(await until(() => !web.running, 10_000)).toBe(true)
  web.start()
  await web.answers()
  expect(web.running && web.pid).not.toBe(pid)
})

/** Inference as the supervisor runs it, with or without its watchdog. */
async function supervise(model: Program, watched: boolean) {
  await model.kill()
  const said: string[] = []
  const take = (text: Buffer | string) => void said.push(String(text))
  const output = { stdout: take, stderr: take, line: take, recent: () => said, close: () => {} }
  const child = manageChild(model.plan, output, () => {})
  child.start()
  onTestFinished(() => child.stop(500))
  await model.answers('/v2/health/ready')
  if (watched) onTestFinished(watchAnswers(child, output, { url: `${model.url}/v2/health/live`, ...watch }))
  return child
}

test.runIf(whole)('a frozen inference is killed at its deadline and replaced, and labels come back', async () => {
  const [model, bare] = await Promise.all([real.inference(), real.inference()])
  const child = await supervise(model, true)
  const unwatched = await supervise(bare, false)
  const { writers } = await open(model)
  expect(await labelsAgain()).toBe(true)
  // Long enough for a first answer to the watchdog.
  await sleep(2_500)
  const frozen = child.pid as number
  const [left, began] = [unwatched.pid as number, performance.now()]
  for (const pid of [frozen, left]) process.kill(pid, 'SIGSTOP')
  expect(await until(() => child.pid !== frozen, 60_000)).toBe(true)
  const ended = performance.now()
  await model.answers('/v2/health/ready')
  const back = performance.now() - ended
  expect(back).toBeLessThan(stretched(backWithin))
  // Two questions of its patience, and the pauses around them.
  expect(ended - began).toBeLessThan(stretched(watch.misses * watch.patienceMs + 6_000))
  expect(await labelsAgain()).toBe(true)
  await writers.end()
  // The control: one without the watchdog is the same process and does not answer, although labels are back beside it.
  expect(unwatched.pid).toBe(left)
  const asked = fetch(`${bare.url}/v2/health/live`, { signal: AbortSignal.timeout(2_000) })
  await expect(asked).rejects.toThrow('timeout')
  const silent = ((performance.now() - began) / 1_000).toFixed(0)
  const figures = `killed after ${((ended - began) / 1_000).toFixed(1)} s, replaced ${(back / 1_000).toFixed(1)} s later`
  held(
    '2 inference frozen',
    `${figures}, ${await expectNothingLost(writers)}; without the watchdog the same process, silent after ${silent} s`,
  )
})

test.runIf(whole)(
  'without its model file inference says so and ends; messages are stored, and labelled once the file is there',
  async () => {
    const model = await real.inference(empty.path)
    expect(await until(() => !model.running, 30_000)).toBe(true)
    expect(model.said()).toContain('model.onnx')
    const { writers } = await open(model)
    await expectNoLabels(writers)
    copyFileSync(resolve(bundle, 'model.onnx'), join(empty.path, bundle, 'model.onnx'))
    model.start()
    await model.answers('/v2/health/ready')
    expect(await labelsAgain()).toBe(true)
    await writers.end()
    held('2 model file missing', await expectNothingLost(writers))
  },
)
