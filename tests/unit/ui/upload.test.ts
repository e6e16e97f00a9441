/** A file that has left is waited for as long as a large import takes; one that no longer moves is given up. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { upload } from '@/app/_ui/upload'

class Request {
  static last: Request
  status = 0
  responseText = '{"rows":1}'
  upload: { onprogress?: (event: object) => void; onload?: () => void } = {}
  onloadend = async () => {}
  constructor() {
    Request.last = this
  }
  open() {}
  setRequestHeader() {}
  send() {}
  abort() {
    void this.onloadend()
  }
}

const before = globalThis.XMLHttpRequest
beforeEach(() => {
  vi.useFakeTimers()
  globalThis.XMLHttpRequest = Request as never
})
afterEach(() => {
  vi.useRealTimers()
  globalThis.XMLHttpRequest = before
})

const send = () => {
  const { done } = upload('/import', new File(['text'], 'texts.csv'), () => {})
  const ended = done.then(
    (answer) => answer,
    (error) => error.code,
  )
  Request.last.upload.onprogress?.({ loaded: 4, total: 4 })
  return ended
}

test('once all bytes have left, a minute of work is no silence', async () => {
  const ended = send()
  Request.last.upload.onload?.()
  await vi.advanceTimersByTimeAsync(90_000)
  Request.last.status = 200
  await Request.last.onloadend()
  expect(await ended).toEqual({ rows: 1 })
})

test('no byte for half a minute is a dead connection', async () => {
  const ended = send()
  await vi.advanceTimersByTimeAsync(31_000)
  expect(await ended).toBe('offline')
})
