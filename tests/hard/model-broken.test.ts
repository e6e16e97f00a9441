/** A model that is dead, hung, slow or talks nonsense: messages are stored and in front of a person all the same, within a second. */
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { signIn } from '../bench/kit/people'
import type { Shop } from '../db/ingest/house'
import { BrokenModel, type FaultName, faults } from '../kit/broken-model'
import { amount, held, stretched, whole } from '../kit/guarantee'
import { until } from '../kit/installation'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'
import { weaken } from '../kit/weakened'
import { newVisitors, post, quantile } from '../kit/writers'

const all = (Object.keys(faults) as FaultName[]).filter((name) => name !== 'well')
const few: FaultName[] = ['dead', 'hung', 'NaN as it stands', 'signs that cannot be stored']
const wrongs = whole ? all : few
const messages = amount(60, 12)
/** Milliseconds. */
const within = 1_000
/**
 * The breaker opens after three failures in a row, with another question on its way perhaps, and lets one through after half a
 * second, one more, two more …
 */
const asksWithin = (ms: number): number => 4 + Math.ceil(Math.log2(ms / 500 + 1))

let real: RealHouse
let web: Program
let model: BrokenModel
let shop: Shop
let tokens: string[]
/** When the desk was told of a message, by its id. */
const shown = new Map<string, number>()
let following = false
let desk: http.ClientRequest
let cookie: string
beforeAll(async () => {
  model = await new BrokenModel().start()
  real = await openRealHouse({ durable: false })
  web = await real.web({ INFERENCE_URL: `http://127.0.0.1:${model.port}` })
  await web.answers()
  shop = await real.house.shop()
  tokens = await newVisitors(real, shop, 60)
  const { services } = real.house
  cookie = await signIn({ services, env: services.env }, shop)
  desk = http.get(`${web.url}/api/v1/shop-${shop.accountId}/live`, { headers: { cookie } }, (response) => {
    response.setEncoding('utf8')
    response.on('data', (piece: string) => {
      following ||= piece.includes('event: ready')
      for (const [, id] of piece.matchAll(/"messageId":"([^"]+)"/g))
        if (!shown.has(id as string)) shown.set(id as string, performance.now())
    })
  })
  desk.on('error', () => {})
  expect(await until(() => following, 20_000)).toBe(true)
})
afterAll(async () => {
  desk?.destroy()
  await model?.stop()
  await real?.close()
})

const agent = new http.Agent({ keepAlive: true })
let turn = 0

/** One message; milliseconds until it was answered and until the desk was told. */
async function send(): Promise<{ id: string; stored: number; told: number }> {
  const began = performance.now()
  const body = { clientId: newId(), text: `message ${newId()}` }
  const answer = await post(agent, web.url, tokens[turn++ % tokens.length] as string, body)
  expect(answer.status, answer.body).toBe(201)
  const stored = performance.now() - began
  const { id } = JSON.parse(answer.body)
  expect(await until(() => shown.has(id), 10_000)).toBe(true)
  return { id, stored, told: (shown.get(id) as number) - began }
}

const stateOf = async (id: string) =>
  (await real.server.ask<{ label_state: string }>('SELECT label_state FROM message WHERE id = $1', [id]))[0]
    ?.label_state

/** The breaker lets one question through after a rest, and closes when that is answered. */
const labelsAgain = async (): Promise<boolean> => {
  await model.become('well')
  return until(async () => (await stateOf((await send()).id)) === 'labelled', 30_000)
}

test.for(wrongs)('while the model is: %s', async (fault) => {
  expect(await labelsAgain()).toBe(true)
  const { pid } = web
  await model.become(fault)
  const [before, began] = [model.asked, performance.now()]
  const sent: Awaited<ReturnType<typeof send>>[] = []
  for (let round = 0; round < messages; round += 6)
    sent.push(...(await Promise.all(Array.from({ length: 6 }, () => send().finally(() => sleep(20))))))
  // A model that fails is asked a few times, not once for each message.
  const asked = model.asked - before
  expect(asked).toBeLessThanOrEqual(asksWithin(performance.now() - began))
  const rows = await real.server.ask<{ label_state: string }>('SELECT label_state FROM message WHERE id = ANY ($1)', [
    sent.map(({ id }) => id),
  ])
  expect(rows.map((row) => row.label_state)).toEqual(Array(messages).fill('pending'))
  const told = quantile(
    sent.map((one) => one.told),
    0.99,
  )
  expect(told).toBeLessThan(stretched(within))
  expect(web.running && web.pid).toBe(pid)
  const list = await fetch(`${web.url}/api/v1/shop-${shop.accountId}/conversations`, { headers: { cookie } })
  expect(list.status).toBe(200)
  held(
    `2 model: ${fault}`,
    `${messages} messages, 0 lost, at the desk within ${Math.ceil(told)} ms (p99), model asked ${asked} times`,
  )
})

test('control: a well model labels at once, so that "pending" above is of the fault’s making', async () => {
  expect(await labelsAgain()).toBe(true)
  const sent = [await send(), await send(), await send()]
  const states = await Promise.all(sent.map(({ id }) => stateOf(id)))
  expect(states).toContain('labelled')
})

test.runIf(whole)(
  'control: a server that waits for its label has nothing to answer while the model hangs',
  async () => {
    await model.become('hung')
    const waits = await weaken('model', {
      file: 'lib/flows/receive-message.ts',
      from: 'labelBudget = 150',
      to: 'labelBudget = 60_000',
    })
    const other = await real.web({ INFERENCE_URL: `http://127.0.0.1:${model.port}` }, waits)
    await other.answers()
    const began = performance.now()
    const body = { clientId: newId(), text: 'anybody there?' }
    const first = post(agent, other.url, tokens[0] as string, body).catch(() => undefined)
    await Promise.race([first, sleep(4 * within)])
    const took = performance.now() - began
    await other.kill()
    expect(took).toBeGreaterThan(within)
    held(
      '2 model: control',
      `a server that waits for the label of a hung model: no answer within ${Math.floor(took)} ms`,
    )
  },
)

test.runIf(whole)('control: a server without the breaker asks a broken model for each message', async () => {
  await model.become('an error of its own')
  const asks = await weaken('no-breaker', {
    file: 'lib/platform/inference/breaker.ts',
    from: 'failuresToOpen = 3',
    to: 'failuresToOpen = Infinity',
  })
  const other = await real.web({ INFERENCE_URL: `http://127.0.0.1:${model.port}` }, asks)
  await other.answers()
  const [before, began] = [model.asked, performance.now()]
  for (let at = 0; at < 20; at++)
    await post(agent, other.url, tokens[at] as string, { clientId: newId(), text: 'anybody there?' })
  const asked = model.asked - before
  expect(asked).toBeGreaterThan(asksWithin(performance.now() - began))
  await other.kill()
  held('2 model: control', `a server without the breaker asks a broken model ${asked} times for 20 messages`)
})
