/** More work than is done at once is refused with a time to wait; one account never takes the room of all. */
import { expect, test } from 'vitest'
import { Room } from '@/lib/border/busy'
import { retryAfter } from '@/lib/border/problem'
import { AppError } from '@/lib/core/errors'

/** Requests that end when they are told to. */
function openEnded() {
  const open: (() => void)[] = []
  return { open, long: () => new Promise<void>((done) => open.push(done)) }
}

test('one account leaves room for the others, they get the rest, and an end makes room again', async () => {
  const room = new Room()
  const { open, long } = openEnded()
  const begin = (account: string, count: number) => Array.from({ length: count }, () => room.atWork(account, long))
  const taken = begin('a', 496)
  const refused = await room.atWork('a', long).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(AppError)
  expect(refused).toMatchObject({ code: 'busy', status: 503 })
  expect(retryAfter(refused as AppError)).toBeGreaterThanOrEqual(1)
  for (let other = 0; other < 8; other++) taken.push(...begin(`b${other}`, 2))
  await expect(room.atWork('c', long)).rejects.toMatchObject({ code: 'busy' })
  // Before anything is looked up, too.
  expect(() => room.requirePlace()).toThrow(AppError)
  open.pop()?.()
  await new Promise((soon) => setTimeout(soon))
  expect(await room.atWork('c', () => 7)).toBe(7)
  const ending = setInterval(() => open.shift()?.())
  await Promise.all(taken)
  clearInterval(ending)
  await expect(room.atWork('a', () => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
  expect(await room.atWork('a', () => 8)).toBe(8)
})

const unlessBusy = (error: AppError) => {
  if (error.code !== 'busy') throw error
}

/** A room with a clock of the test's. */
function roomOf() {
  let now = 1_000
  const room = new Room(() => now)
  return {
    room,
    /** 50 requests at a time of that many milliseconds each; with `long`, so many of them take ten times as long. */
    async keepBusy(ms: number, took: number, long = 0) {
      let late: { due: number; done: () => void }[] = []
      const all: Promise<void>[] = []
      for (const end = now + ms; now < end; ) {
        const open: (() => void)[] = []
        for (let at = 0; at < 50; at++)
          all.push(room.atWork(`account ${at}`, () => new Promise<void>((done) => open.push(done))).catch(unlessBusy))
        const due = now + 10 * took
        late.push(...open.splice(0, long).map((done) => ({ due, done })))
        now += took
        for (const done of open) done()
        for (const one of late) if (one.due <= now) one.done()
        late = late.filter((one) => one.due > now)
        await new Promise((soon) => setImmediate(soon))
      }
      for (const { done } of late) done()
      await Promise.all(all)
    },
    rest(ms: number) {
      now += ms
    },
  }
}

test('what takes long for long makes the room smaller, one burst does not, and what goes well makes it larger again', async () => {
  const { room, keepBusy } = roomOf()
  await keepBusy(500, 20)
  expect(room.limit).toBe(512)
  await keepBusy(400, 400)
  expect(room.limit).toBe(512)
  await keepBusy(300, 20)
  await keepBusy(3_000, 400)
  expect(room.limit).toBeLessThan(150)
  await keepBusy(20_000, 400)
  expect(room.limit).toBe(128)
  await keepBusy(5_000, 20)
  expect(room.limit).toBe(512)
})

test('a few that take long by nature say nothing of the rest', async () => {
  const { room, keepBusy } = roomOf()
  await keepBusy(5_000, 50, 15)
  expect(room.limit).toBe(512)
  await keepBusy(5_000, 50, 35)
  expect(room.limit).toBeLessThan(512)
})

test('after a rest the past says nothing', async () => {
  const { room, keepBusy, rest } = roomOf()
  await keepBusy(5_000, 400)
  expect(room.limit).toBeLessThan(150)
  rest(1_500)
  await room.atWork('a', () => 1)
  expect(room.limit).toBe(512)
})

const soon = () => new Promise((done) => setImmediate(done))

test('while others ask, a burst of an account takes turns with itself, and they do not wait for it', async () => {
  const room = new Room()
  const { open, long } = openEnded()
  await room.atWork('other', () => 1)
  const loud = Array.from({ length: 100 }, () => room.atWork('loud', long))
  await soon()
  expect(open).toHaveLength(4)
  expect(await room.atWork('other', () => 'at once')).toBe('at once')
  // Each end is the next one's turn.
  for (let ended = 1; ended <= 96; ended++) {
    open[ended - 1]?.()
    await soon()
    expect(open).toHaveLength(4 + ended)
  }
  for (const done of open) done()
  await Promise.all(loud)
})

test('an account that goes on asking for more than can be done is told to come again, until it asks for less', async () => {
  let now = 1_000
  const room = new Room(() => now)
  const { open, long } = openEnded()
  const ask = (count: number) => Array.from({ length: count }, () => room.atWork('loud', long).catch(unlessBusy))
  const others = async () => {
    now += 251
    await room.atWork('other', () => 1)
  }
  await others()
  const all = ask(60)
  await others()
  expect(() => room.requirePlace('loud')).not.toThrow()
  await others()
  // Nothing of it was done in a quarter of a second, and 56 have waited: no more may come.
  expect(() => room.requirePlace('loud')).toThrow(AppError)
  expect(() => room.requirePlace('other')).not.toThrow()
  while (open.length) {
    for (const done of open.splice(0)) done()
    await soon()
  }
  await Promise.all(all)
  // It was refused in this span; after one in which it was not, a burst may come again.
  await others()
  await others()
  const burst = ask(100)
  expect(() => room.requirePlace('loud')).not.toThrow()
  while (open.length) {
    for (const done of open.splice(0)) done()
    await soon()
  }
  await Promise.all(burst)
})

test('as much as half of what all others have at work goes on at once', async () => {
  const room = new Room()
  const { open, long } = openEnded()
  const others = Array.from({ length: 20 }, (_, at) => room.atWork(`other ${at}`, long))
  const loud = Array.from({ length: 20 }, () => room.atWork('loud', long))
  await soon()
  expect(open).toHaveLength(20 + 10)
  const ending = setInterval(() => open.shift()?.())
  await Promise.all([...others, ...loud])
  clearInterval(ending)
})

test('nobody waits long for requests of their account that take long by nature; alone, for none', async () => {
  const room = new Room()
  const { open, long } = openEnded()
  const exports = Array.from({ length: 5 }, () => room.atWork('a', long))
  await soon()
  expect(open).toHaveLength(5)
  await room.atWork('b', () => 1)
  const began = performance.now()
  expect(await room.atWork('a', () => 2)).toBe(2)
  const took = performance.now() - began
  expect(took).toBeGreaterThan(190)
  expect(took).toBeLessThan(1_000)
  for (const done of open) done()
  await Promise.all(exports)
})

test('where one account has filled a room that became smaller, others still find room; who has more than their part does not', async () => {
  let now = 1_000
  const room = new Room(() => now)
  const { open, long } = openEnded()
  const loud = Array.from({ length: 400 }, () => room.atWork('loud', long))
  for (let span = 0; span < 6; span++) {
    now += 300
    open.shift()?.()
    await soon()
  }
  expect(room.limit).toBe(128)
  expect(() => room.requirePlace('loud')).toThrow(AppError)
  expect(() => room.requirePlace()).not.toThrow()
  const others = Array.from({ length: 64 }, () => room.atWork('other', long))
  expect(() => room.requirePlace('other')).toThrow(AppError)
  expect(() => room.requirePlace('third')).not.toThrow()
  const ending = setInterval(() => open.shift()?.())
  await Promise.all([...loud, ...others])
  clearInterval(ending)
})

test('who asks for no account takes no turns: sixty-four events of Stripe at once find room beside a busy account', async () => {
  const room = new Room()
  const { open, long } = openEnded()
  await room.atWork('busy', () => 1)
  const events = Array.from({ length: 64 }, () => room.atWork('', long))
  await soon()
  expect(open).toHaveLength(64)
  for (const done of open) done()
  await Promise.all(events)
})
