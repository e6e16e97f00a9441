/** Code that is fetched late: once for all who ask, again after a failure, and given up only when it is gone for good. */
import { afterEach, expect, test, vi } from 'vitest'
import { whenNeeded } from '@/app/_ui/when-needed'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function browser(onLine: boolean) {
  vi.useFakeTimers()
  const target = new EventTarget()
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
  vi.stubGlobal('navigator', { onLine })
  return { back: () => target.dispatchEvent(new Event('online')) }
}

test('one load for all who ask', async () => {
  browser(true)
  const load = vi.fn(async () => 'code')
  const get = whenNeeded(load)
  expect(await Promise.all([get(), get()])).toEqual(['code', 'code'])
  expect(load).toHaveBeenCalledTimes(1)
})

test('without a connection it waits, and comes the moment there is one', async () => {
  const { back } = browser(false)
  let connected = false
  const load = vi.fn(async () => {
    if (!connected) throw new Error('no connection')
    return 'code'
  })
  const coming = whenNeeded(load)()
  await vi.advanceTimersByTimeAsync(60_000)
  const tries = load.mock.calls.length
  expect(tries).toBeGreaterThan(4)
  connected = true
  back()
  expect(await coming).toBe('code')
  expect(load).toHaveBeenCalledTimes(tries + 1)
})

test('code that is gone although there is a connection is an error at last', async () => {
  browser(true)
  const load = vi.fn(async () => {
    throw new Error('404')
  })
  const coming = whenNeeded(load)()
  const refused = expect(coming).rejects.toThrow('404')
  await vi.advanceTimersByTimeAsync(60_000)
  await refused
  expect(load).toHaveBeenCalledTimes(4)
})
