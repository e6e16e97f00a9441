/** The web server is killed again and again while visitors write: nothing accepted is lost, nothing is doubled. */
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import type { Shop } from '../db/ingest/house'
import { amount, held, whole } from '../kit/guarantee'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { type Answer, judge, newSession, newVisitors, post, startWriters, type Writers } from '../kit/writers'

const kills = amount(50, 1)
const wanted = amount(20_000, 200)
const visitors = amount(320, 48)

let real: RealHouse
let web: Program
beforeAll(async () => {
  real = await openRealHouse()
  web = await real.web()
  await web.answers()
})
afterAll(() => real?.close())

/** Kills the web server when enough more were accepted, at a moment that nobody chose, and starts it again. */
async function killUnder(writers: Writers, times: number, each: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    await writers.more(each)
    await sleep(Math.random() * 60)
    await web.kill()
    web.start()
  }
  await writers.more(each)
}

test(`${kills} × kill -9 of the web server under 8 writers loses nothing and doubles nothing`, async () => {
  const shop = await real.house.shop()
  const tokens = await newVisitors(real, shop, visitors)
  const writers = startWriters({ count: 8, tokens, to: () => web.url })
  await killUnder(writers, kills, Math.ceil(wanted / (kills + 1)))
  await writers.end()
  const { accepted, broken, unmet, wrong } = writers.tally
  expect(wrong).toEqual([])
  expect(broken + unmet).toBeGreaterThan(0)
  expect(accepted.size).toBeGreaterThanOrEqual(wanted)
  const { stored, ...faults } = await judge(real, shop, accepted)
  expect(faults).toEqual({ lost: 0, doubled: 0, uneven: 0 })
  expect(stored).toBe(accepted.size)
  held(
    '1 web server killed under ingest',
    `${kills} kills, ${accepted.size} accepted, ${broken} answers cut off, 0 lost, 0 doubled`,
  )
})

test.runIf(whole)(
  'control: clients that take a new id for each try double what was stored and not answered',
  async () => {
    const shop = await real.house.shop()
    const doubledIn = async (tokens: string[]) => {
      const writers = startWriters({ count: 8, tokens, to: () => web.url, newIdEachTry: true })
      await killUnder(writers, 1, 40)
      await writers.end()
      return (await judge(real, shop, writers.tally.accepted)).doubled
    }
    let doubled = 0
    // Which requests a kill meets is chance; a dozen that meet none in flight would be a fault of the test.
    for (let round = 0; round < 12 && doubled === 0; round++)
      doubled = await doubledIn(await newVisitors(real, shop, 16))
    expect(doubled).toBeGreaterThan(0)
  },
)

/** One visitor's requests, all on their way before the first is answered. */
async function sendAtOnce(shop: Shop, bodies: object[]): Promise<Answer[]> {
  const { contactId } = await real.house.visitor(shop)
  const agent = new http.Agent({ keepAlive: true })
  const sending = bodies.map((body) => post(agent, web.url, newSession(real, shop, contactId), body))
  return Promise.all(sending).finally(() => agent.destroy())
}

test('the same client id 100 times in parallel is one row and one answer; another text under it is refused', async () => {
  const shop = await real.house.shop()
  await web.answers()
  const rounds = amount(20, 2)
  for (let round = 0; round < rounds; round++) {
    const message = { clientId: newId(), text: 'once' }
    const answers = await sendAtOnce(shop, Array(100).fill(message))
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(99).fill(200), 201])
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    const { id } = JSON.parse(answers[0]?.body ?? '{}')
    const rows = await real.server.ask('SELECT id FROM message WHERE client_id = $1', [message.clientId])
    expect(rows).toEqual([{ id }])
  }
  const clientId = newId()
  const mixed = await sendAtOnce(
    shop,
    Array.from({ length: 100 }, (_, n) => ({ clientId, text: n % 2 ? 'one text' : 'another text' })),
  )
  expect(mixed.map(({ status }) => status).sort()).toEqual([...Array(49).fill(200), 201, ...Array(50).fill(409)])
  held('1 one client id 100 times at once', `${rounds} rounds, each 1 row and 100 equal answers; another text: 409`)
})

test('control: 100 client ids in parallel are 100 rows', async () => {
  const shop = await real.house.shop()
  const answers = await sendAtOnce(
    shop,
    Array.from({ length: 100 }, () => ({ clientId: newId(), text: 'once' })),
  )
  expect(new Set(answers.map(({ body }) => JSON.parse(body).id)).size).toBe(100)
})
