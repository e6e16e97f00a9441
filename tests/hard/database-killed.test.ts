/** PostgreSQL is killed again and again while visitors write: nothing accepted is lost, and refusals say when to come back. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amount, held, stretched, whole } from '../kit/guarantee'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { judge, newVisitors, startWriters, type Writers } from '../kit/writers'

const kills = amount(20, 1, 50)
const each = amount(500, 80)
const visitors = amount(320, 48)
/** Milliseconds. */
const backWithin = 10_000

let real: RealHouse
let web: Program
beforeAll(async () => {
  real = await openRealHouse()
  web = await real.web()
  await web.answers()
})
afterAll(() => real?.close())

/** Kills the server when enough more were accepted; returns the milliseconds from each kill until a message is accepted again. */
async function killUnder(writers: Writers, times: number): Promise<number[]> {
  const back: number[] = []
  for (let round = 0; round < times; round++) {
    await writers.more(each)
    await sleep(Math.random() * 60)
    const began = performance.now()
    await real.server.kill()
    // Answers that were on their way arrive; from then on nothing may be accepted.
    await sleep(stretched(50))
    const before = writers.tally.accepted.size
    await sleep(250)
    expect(writers.tally.accepted.size).toBe(before)
    await real.server.start()
    await writers.more(1)
    back.push(performance.now() - began)
  }
  await writers.more(each)
  await writers.end()
  return back
}

test(`${kills} × kill -9 of PostgreSQL under 8 writers loses nothing; meanwhile 503 with Retry-After`, async () => {
  const shop = await real.house.shop()
  const { pid } = web
  const writers = startWriters({ count: 8, tokens: await newVisitors(real, shop, visitors), to: () => web.url })
  const back = await killUnder(writers, kills)
  const { accepted, refused, broken, unmet, wrong } = writers.tally
  expect(wrong).toEqual([])
  expect([broken, unmet]).toEqual([0, 0])
  expect(refused).toBeGreaterThan(0)
  const { stored, ...faults } = await judge(real, shop, accepted)
  expect(faults).toEqual({ lost: 0, doubled: 0, uneven: 0 })
  expect(stored).toBe(accepted.size)
  expect(Math.max(...back)).toBeLessThan(stretched(backWithin))
  expect(web.running && web.pid).toBe(pid)
  const slowest = (Math.max(...back) / 1_000).toFixed(1)
  held(
    '1 PostgreSQL killed under ingest',
    `${kills} kills, ${accepted.size} accepted, ${refused} × 503 with Retry-After, 0 lost, 0 doubled, accepting again after ${slowest} s at most`,
  )
})

test.runIf(whole)(
  'control: a database that answers before it has written (synchronous_commit=off) loses what was accepted',
  async () => {
    const shop = await real.house.shop()
    const tokens = await newVisitors(real, shop, 48)
    await real.server.ask('ALTER DATABASE durable SET synchronous_commit = off')
    await real.server.ask("ALTER SYSTEM SET wal_writer_delay = '10s'")
    await real.server.kill()
    await real.server.start()
    let lost = 0
    for (let round = 0; round < 5 && lost === 0; round++) {
      const writers = startWriters({ count: 8, tokens, to: () => web.url, most: 200 })
      await writers.more(200)
      await real.server.kill()
      await writers.end()
      await real.server.start()
      lost += (await judge(real, shop, writers.tally.accepted)).lost
    }
    expect(lost).toBeGreaterThan(0)
  },
)
