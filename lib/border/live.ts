/** Streams: the desk follows an account's events, a visitor follows their own thread. */
import { isId } from '../core/ids'
import { readThread } from '../flows/read-thread'
import type { Ctx } from '../platform/context'
import { type Cursor, type EventRow, type Follower, formatCursor, parseCursor } from '../platform/events/follower'
import { keepPresent } from './presence'
import { encodeEvent, type SseStream } from './sse'

const encoded = new WeakMap<EventRow, Buffer>()

/** The same row goes to every agent's stream: it is made into bytes once. */
function bytesOf(row: EventRow): Buffer {
  let bytes = encoded.get(row)
  if (!bytes) {
    const data = { conversationId: row.conversation_id, messageId: row.message_id, ...row.data }
    bytes = encodeEvent(row.type, data, formatCursor(row))
    encoded.set(row, bytes)
  }
  return bytes
}

/**
 * Where a stream resumes. A place that this database has not come to is none of its own: it was given before a restore, by a
 * server that had counted further, and a reader that waited for it would hear nothing for long.
 */
async function placeOf(follower: Follower, stream: SseStream): Promise<Cursor | null> {
  const asked = parseCursor(stream.lastEventId)
  return asked && asked.xid <= (await follower.here()).xid ? asked : null
}

/** An agent's stream of the account's news; resumes after Last-Event-ID without a gap. */
export async function streamAccount(ctx: Ctx, follower: Follower, stream: SseStream): Promise<void> {
  keepPresent(ctx, stream)
  const from = await placeOf(follower, stream)
  let last = from ?? { xid: 0n, id: 0n }
  const later = (row: EventRow) =>
    BigInt(row.xid) > last.xid || (BigInt(row.xid) === last.xid && BigInt(row.id) > last.id)
  const pass = (rows: readonly EventRow[]) => {
    for (const row of rows) {
      if (!later(row)) continue
      last = { xid: BigInt(row.xid), id: BigInt(row.id) }
      stream.sendEncoded(bytesOf(row))
    }
  }
  // While missed rows are read, new ones wait, so that order holds.
  let held: EventRow[] | null = []
  const stop = await follower.follow(ctx.accountId, (rows) => {
    if (held) held.push(...rows)
    else pass(rows)
  })
  stream.onClose(stop)
  if (!stream.open) return stop()
  if (from) {
    for (;;) {
      const rows = await follower.since(ctx.accountId, last)
      // What was missed comes as fast as it is taken; what piles up would only get the reader dropped, again and again.
      await stream.taken()
      pass(rows)
      if (rows.length < 500 || !stream.open) break
    }
  }
  pass(held)
  held = null
  // Whoever came with a place that is none fetches lists again.
  if (!from && stream.lastEventId) stream.send('resumed', {})
  stream.send('ready', {}, from ? formatCursor(last) : formatCursor(await follower.here()))
}

type Visitors = Map<string, Set<() => void>>
interface AccountVisitors {
  listeners: Visitors
  stop: () => void
  starting: Promise<void>
}
const visitors = new WeakMap<Follower, Map<string, AccountVisitors>>()

/** Calls `listener` when the thread of a contact has something new; one follower serves all visitors of an account. */
async function onContact(
  follower: Follower,
  accountId: string,
  contactId: string,
  listener: () => void,
): Promise<() => void> {
  const accounts = visitors.get(follower) ?? new Map<string, AccountVisitors>()
  visitors.set(follower, accounts)
  let entry = accounts.get(accountId)
  if (!entry) {
    const listeners: Visitors = new Map()
    const made = { listeners, stop: () => {}, starting: Promise.resolve() }
    entry = made
    accounts.set(accountId, made)
    made.starting = follower
      .follow(accountId, (rows) => {
        for (const row of rows) {
          if (row.type !== 'message.created' || row.data.private === true || !isId(row.data.contactId)) continue
          for (const wake of listeners.get(row.data.contactId) ?? []) wake()
        }
      })
      .then((stop) => {
        made.stop = stop
      })
    // A database that is away now is asked again by the next stream: a failed start must not stay.
    made.starting.catch(() => {
      if (accounts.get(accountId) === made) accounts.delete(accountId)
    })
  }
  const { listeners, starting } = entry
  const mine = listeners.get(contactId) ?? new Set()
  mine.add(listener)
  listeners.set(contactId, mine)
  await starting
  return () => {
    mine.delete(listener)
    if (mine.size === 0) listeners.delete(contactId)
    if (listeners.size === 0 && accounts.get(accountId)?.listeners === listeners) {
      accounts.get(accountId)?.stop()
      accounts.delete(accountId)
    }
  }
}

/** Messages that are opened at once for one reader: what a slow one has to be kept for is at most so much. */
const page = 25

const reads = new Map<string, ReturnType<typeof readThread>>()

/**
 * Several windows of one visitor are woken in one turn and ask the same: it is read once. Only within that turn, so that nobody
 * is given what was read before their news.
 */
function readTogether(ctx: Ctx, last: number): ReturnType<typeof readThread> {
  const { actor } = ctx
  if (actor.kind !== 'visitor') return readThread(ctx, last, page)
  const key = `${ctx.accountId} ${actor.inboxId} ${actor.contactId} ${last}`
  let read = reads.get(key)
  if (!read) {
    read = readThread(ctx, last, page)
    reads.set(key, read)
    queueMicrotask(() => reads.delete(key))
  }
  return read
}

/** A visitor's stream of their thread after a sequence; `id:` is the sequence. */
export async function streamThread(ctx: Ctx, follower: Follower, stream: SseStream): Promise<void> {
  if (ctx.actor.kind !== 'visitor') return
  const from = Number.parseInt(stream.lastEventId ?? '0', 10)
  // What is no place in a thread begins at its beginning; refusing it would make a browser try again for ever.
  let last = Number.isSafeInteger(from) && from > 0 ? from : 0
  // News before the first reading is read by it, and what fails of it is the failure of the request.
  let reading = true
  let again = false
  const push = async (): Promise<void> => {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      do {
        again = false
        const messages = await readTogether(ctx, last)
        for (const message of messages) {
          if (message.sequence <= last) continue
          await stream.taken()
          if (!stream.open) return
          last = message.sequence
          stream.send('message', message, String(last))
        }
        if (messages.length === page) again = true
      } while (again && stream.open)
    } finally {
      reading = false
    }
  }
  // A reader whose stream is closed reconnects with its last sequence and catches up.
  const later = () => void push().catch(() => stream.close())
  const stop = await onContact(follower, ctx.accountId, ctx.actor.contactId, later)
  stream.onClose(stop)
  if (!stream.open) return stop()
  reading = false
  await push()
  stream.send('ready', { last })
}
