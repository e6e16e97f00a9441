/** Messages wait their turn, survive a reload, and are tried again no sooner than the server allows. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Waiting } from '@/app/widget/frame/types'

async function outboxWith(post: (item: Waiting) => Promise<void>) {
  vi.resetModules()
  const { createOutbox } = await import('@/app/widget/frame/outbox')
  return createOutbox(post)
}

const refused = (status: number, pause = 0) => Object.assign(new Error('refused'), { status, pause })

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('localStorage', {})
  vi.stubGlobal('location', { search: '?key=k', hash: '' })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('LOCALE', 'en')
  vi.stubGlobal('WORDS', {})
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('one by one, in the order of writing', async () => {
  const sent: string[] = []
  let running = 0
  const outbox = await outboxWith(async ({ text }) => {
    expect(++running).toBe(1)
    await new Promise((done) => setTimeout(done, 50))
    running--
    sent.push(text)
  })
  for (const text of ['a', 'b', 'c']) outbox.add(text)
  expect(Object.keys(localStorage)).toHaveLength(3)
  await vi.advanceTimersByTimeAsync(200)
  expect(sent).toEqual(['a', 'b', 'c'])
  expect(Object.keys(localStorage)).toHaveLength(0)
})

test('a reload sends what was not confirmed under the same ids', async () => {
  const before = await outboxWith(() => new Promise(() => {}))
  before.add('a')
  before.add('b')
  const ids = before.items.map(({ clientId }) => clientId)
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const posts: string[] = []
  const after = await outboxWith(async ({ clientId }) => void posts.push(clientId))
  await after.flush()
  expect(posts).toEqual(ids)
})

test('waits grow, honour Retry-After, and a request by hand comes at once', async () => {
  const times: number[] = []
  const answers = [refused(503), refused(0), refused(429, 20)]
  const outbox = await outboxWith(async () => {
    times.push(Date.now())
    const answer = answers.shift()
    if (answer) throw answer
  })
  outbox.add('a')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(times).toHaveLength(4)
  const gaps = times.slice(1).map((time, place) => time - (times[place] ?? 0))
  expect(gaps[0]).toBeGreaterThanOrEqual(500)
  expect(gaps[0]).toBeLessThanOrEqual(1_000)
  expect(gaps[1]).toBeGreaterThanOrEqual(1_000)
  expect(gaps[2]).toBeGreaterThanOrEqual(20_000)

  answers.push(refused(503, 60))
  outbox.add('b')
  await vi.advanceTimersByTimeAsync(10)
  expect(outbox.items[0]?.final).toBe(false)
  // The connection came back, but the server asked for a minute.
  outbox.wake()
  await vi.advanceTimersByTimeAsync(10)
  expect(times).toHaveLength(5)
  if (outbox.items[0]) outbox.retry(outbox.items[0])
  await vi.advanceTimersByTimeAsync(10)
  expect(times).toHaveLength(6)
  expect(outbox.items).toHaveLength(0)
})

test('a message that will never be taken is marked and does not hold up the next', async () => {
  const outbox = await outboxWith(async ({ text }) => {
    if (text === 'bad') throw refused(422)
  })
  outbox.add('bad')
  outbox.add('good')
  await vi.advanceTimersByTimeAsync(10)
  expect(outbox.items.map(({ text, final }) => [text, final])).toEqual([['bad', true]])
})
