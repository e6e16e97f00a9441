/** Streams: a visitor's that begins while the database is away does not spoil later ones; a desk's place may be from before a restore. */
import { expect, test } from 'vitest'
import { streamAccount, streamThread } from '@/lib/border/live'
import type { SseStream } from '@/lib/border/sse'
import { newId } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import type { Follower } from '@/lib/platform/events/follower'

const asked: unknown[] = []
const ctx = {
  accountId: newId(),
  actor: { kind: 'visitor', contactId: newId(), inboxId: newId(), sessionId: newId() },
  services: {
    database: {
      statements: {
        query: async ({ values }: { values: unknown[] }) => {
          asked.push(values[3])
          return { rows: [] }
        },
      },
    },
  },
} as unknown as Ctx

function openStream(lastEventId?: string) {
  const sent: string[] = []
  const stream: SseStream = {
    lastEventId,
    open: true,
    send: (event) => void sent.push(event),
    sendEncoded: () => undefined,
    taken: async () => undefined,
    onClose: () => undefined,
    close: () => undefined,
  }
  return { stream, sent }
}

test('a visitor who comes after the database was away follows their thread', async () => {
  let away = true
  let follows = 0
  const follower = {
    follow: async () => {
      if (away) throw new Error('away')
      follows++
      return () => undefined
    },
  } as unknown as Follower
  for (let n = 0; n < 2; n++) await expect(streamThread(ctx, follower, openStream().stream)).rejects.toThrow('away')
  away = false
  const later = openStream()
  await streamThread(ctx, follower, later.stream)
  expect(later.sent).toEqual(['ready'])
  await streamThread(ctx, follower, openStream().stream)
  // One follower serves all visitors of an account.
  expect(follows).toBe(1)
})

test('a thread that cannot be read is a failure of the request, not the end of a stream', async () => {
  const follower = { follow: async () => () => undefined } as unknown as Follower
  const query = () => Promise.reject(new Error('away'))
  const services = { database: { statements: { query } } } as unknown as Ctx['services']
  const { stream, sent } = openStream()
  await expect(streamThread({ ...ctx, accountId: newId(), services }, follower, stream)).rejects.toThrow('away')
  expect(sent).toEqual([])
})

test('news before the first reading is read by it: what fails is the request, and nothing is ready before', async () => {
  const { contactId } = ctx.actor as { contactId: string }
  const follower = {
    follow: async (_: string, heard: (rows: object[]) => void) => {
      await null
      heard([{ type: 'message.created', data: { contactId } }])
      return () => undefined
    },
  } as unknown as Follower
  const query = () => Promise.reject(new Error('away'))
  const services = { database: { statements: { query } } } as unknown as Ctx['services']
  const { stream, sent } = openStream()
  stream.close = () => void sent.push('closed')
  await expect(streamThread({ ...ctx, accountId: newId(), services }, follower, stream)).rejects.toThrow('away')
  expect(sent).toEqual([])
})

test.each([
  ['7', 7],
  ['-7', 0],
  ['abc', 0],
  ['99999999999999999999999', 0],
])('a stream that resumes after %s reads from a place that exists', async (id, place) => {
  const follower = { follow: async () => () => undefined } as unknown as Follower
  await streamThread({ ...ctx, accountId: newId() }, follower, openStream(id).stream)
  expect(asked.at(-1)).toBe(place)
})

test.each([
  ['100-7', ['ready']],
  // Another server had counted further before this one was restored.
  ['101-0', ['resumed', 'ready']],
  ['nonsense', ['resumed', 'ready']],
  [undefined, ['ready']],
])('a desk that comes with the place %s to a database at 100 hears %j', async (place, heard) => {
  const follower = {
    here: async () => ({ xid: 100n, id: 0n }),
    follow: async () => () => undefined,
    since: async () => [],
  } as unknown as Follower
  const { stream, sent } = openStream(place)
  await streamAccount(ctx, follower, stream)
  expect(sent).toEqual(heard)
})
