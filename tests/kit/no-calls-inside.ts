/**
 * Holds every test with a database to it: no network call inside a transaction, which would hold a connection while it waits, and no two
 * statements of one transaction at once: it has one connection, whose driver only queues the second today and will refuse it tomorrow.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import net from 'node:net'
import pg from 'pg'
import { afterEach, expect } from 'vitest'
import { PrismaClient } from '@/lib/platform/db/generated/client'

type Transaction = (work: unknown, options?: unknown) => unknown
const place = globalThis as typeof globalThis & { lingxiCallsInside?: string[] }

/** Where calls were tried from since the last look. */
export function callsInside(): string[] {
  return place.lingxiCallsInside?.splice(0) ?? []
}

function watch(): string[] {
  const calls: string[] = []
  const inside = new AsyncLocalStorage<true>()
  const client = PrismaClient.prototype as unknown as { $transaction: Transaction }
  const transaction = client.$transaction
  client.$transaction = function (this: unknown, work, options) {
    const watched = typeof work === 'function' ? (tx: unknown) => inside.run(true, () => work(tx)) : work
    return transaction.call(this, watched, options)
  }
  const connect = net.Socket.prototype.connect as (this: net.Socket, ...given: unknown[]) => net.Socket
  net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
    const from = inside.getStore() ? (new Error('called inside a transaction').stack ?? '') : ''
    // A pool may open a connection to the database while another one of it works.
    if (from && !from.includes('/pg/lib/')) calls.push(from)
    return connect.apply(this, given)
  } as typeof net.Socket.prototype.connect
  const running = new WeakMap<object, number>()
  const query = pg.Client.prototype.query as (this: pg.Client, ...given: unknown[]) => unknown
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const before = running.get(this) ?? 0
    if (before > 0 && inside.getStore()) calls.push(new Error('two statements of a transaction at once').stack ?? '')
    const result = query.apply(this, given)
    if (result instanceof Promise) {
      running.set(this, before + 1)
      const done = () => running.set(this, (running.get(this) ?? 1) - 1)
      result.then(done, done)
    }
    return result
  } as typeof pg.Client.prototype.query
  return calls
}

// Files of a worker share their modules, and this one is run for each.
place.lingxiCallsInside ??= watch()
afterEach(() => expect(callsInside()).toEqual([]))
