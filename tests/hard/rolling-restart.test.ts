/** Two web servers are restarted in turn while visitors write: every request gets its answer, or a 503 that says when to come back. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Shop } from '../db/ingest/house'
import { amount, held, stretched, whole } from '../kit/guarantee'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { judge, newVisitors, startWriters, type Writers } from '../kit/writers'

const restarts = amount(3, 1, 5)
const each = amount(300, 60)

let real: RealHouse
let shop: Shop
let webs: [Program, Program]
beforeAll(async () => {
  real = await openRealHouse({ durable: false })
  shop = await real.house.shop()
  webs = [await real.web(), await real.web()]
  await Promise.all(webs.map((web) => web.answers()))
})
afterAll(() => real?.close())

/** Writers whose requests go to both in turn, as behind a balancer: what finds nobody listening goes to the other one at once. */
async function writersOnBoth(): Promise<Writers> {
  let turn = 0
  const to = (refusedBy?: string) => {
    const [first, second] = turn++ % 2 ? webs : [webs[1], webs[0]]
    return first.url === refusedBy ? second.url : first.url
  }
  return startWriters({ count: 8, tokens: await newVisitors(real, shop, 160), to, pauseMs: 5 })
}

test(`${restarts} rolling restarts of two web servers: an answer or 503 with Retry-After, nothing lost`, async () => {
  const writers = await writersOnBoth()
  let slowest = 0
  let count = 0
  for (let round = 0; round < restarts; round++) {
    for (const web of whole ? webs : webs.slice(1)) {
      await writers.more(each)
      await sleep(Math.random() * 60)
      const began = performance.now()
      expect(await web.stop()).toBe(0)
      count++
      slowest = Math.max(slowest, performance.now() - began)
      web.start()
      await web.answers()
    }
  }
  await writers.end()
  const { accepted, refused, broken, unmet, passedOn, wrong } = writers.tally
  expect(wrong).toEqual([])
  expect({ broken, unmet }).toEqual({ broken: 0, unmet: 0 })
  const { lost, doubled } = await judge(real, shop, accepted)
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
  expect(slowest).toBeLessThan(stretched(10_000))
  held(
    '1 rolling restart under load',
    `${count} restarts, ${accepted.size} accepted, ${refused} × 503 with Retry-After, ${passedOn} connections refused by one server and taken by the other, 0 refused by both, 0 cut, 0 lost, stopped within ${(slowest / 1_000).toFixed(1)} s`,
  )
})

test.runIf(whole)('control: servers that are killed instead cut connections in the middle', async () => {
  const writers = await writersOnBoth()
  for (let round = 0; round < 10 && writers.tally.broken === 0; round++) {
    const web = webs[round % 2] as Program
    await writers.more(30)
    await web.kill()
    web.start()
    await web.answers()
  }
  await writers.end()
  expect(writers.tally.broken).toBeGreaterThan(0)
})

test.runIf(whole)('control: servers that are stopped at the same time are seen to take nothing', async () => {
  const writers = await writersOnBoth()
  await writers.more(30)
  await Promise.all(webs.map((web) => web.stop()))
  await sleep(300)
  for (const web of webs) web.start()
  await Promise.all(webs.map((web) => web.answers()))
  await writers.end()
  expect(writers.tally.unmet).toBeGreaterThan(0)
})
