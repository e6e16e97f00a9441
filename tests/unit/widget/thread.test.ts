/** The thread shows each message once and in order, whatever the order of arrival, and knows where it has a hole. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyThread, receive, take } from '@/app/widget/frame/thread'
import type { Message } from '@/app/widget/frame/types'

const message = (sequence: number): Message => ({
  id: `m${sequence}`,
  sequence,
  from: sequence % 2 ? 'visitor' : 'agent',
  text: `${sequence}`,
  createdAt: '2026-01-01T00:00:00Z',
  ...(sequence % 2 && { clientId: `c${sequence}` }),
})

test('any order, any repetition: once each, in order, and the cursor stands before the first hole', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 80 }), (arrivals) => {
      const thread = emptyThread()
      for (const sequence of arrivals) receive(thread, message(sequence))
      const known = new Set(arrivals)
      expect(thread.messages.map(({ sequence }) => sequence)).toEqual([...known].sort((a, b) => a - b))
      let cursor = 0
      while (known.has(cursor + 1)) cursor++
      expect(thread.cursor).toBe(cursor)
    }),
  )
})

test('what the server does not send after the cursor does not exist: holes of private notes close', () => {
  const thread = emptyThread()
  expect(receive(thread, message(1))).toBe(true)
  expect(receive(thread, message(5))).toBe(false)
  take(thread, [message(3), message(5)])
  expect(thread.cursor).toBe(5)
  expect(receive(thread, message(6))).toBe(true)
  expect(thread.messages.map(({ sequence }) => sequence)).toEqual([1, 3, 5, 6])
})

test('an acknowledgement ahead of the stream does not move the cursor over what is missing', () => {
  const thread = emptyThread()
  receive(thread, message(3))
  expect(thread.cursor).toBe(0)
  expect(thread.known.has('c3')).toBe(true)
})
