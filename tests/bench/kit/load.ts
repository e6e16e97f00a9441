/** A small load generator over raw sockets: one request in flight per caller, bounded in count and time. */
import { connect } from 'node:net'

export interface LoadResult {
  callers: number
  answered: number
  /** Answers by status code. */
  statuses: Record<number, number>
  seconds: number
  perSecond: number
  /** Latency percentiles, milliseconds. */
  p10: number
  p50: number
  p95: number
  p99: number
}

export interface Load {
  port: number
  callers: number
  /** Stops after this many requests or this long, whichever comes first. */
  requests: number
  maxSeconds: number
  /** The bytes of request `n` by caller `caller`. */
  request: (caller: number, n: number) => Buffer
}

export const percentile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

export const post = (path: string, token: string, body: string): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )

export const get = (path: string): Buffer => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`)

/** Runs the load against 127.0.0.1 and gathers what came back. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const until = performance.now() + load.maxSeconds * 1_000
  let sent = 0
  const began = performance.now()
  await Promise.all(Array.from({ length: load.callers }, (_, caller) => call(caller)))
  const seconds = (performance.now() - began) / 1_000
  latencies.sort((a, b) => a - b)
  return {
    callers: load.callers,
    answered: latencies.length,
    statuses,
    seconds,
    perSecond: latencies.length / seconds,
    p10: percentile(latencies, 0.1),
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
  }

  function call(caller: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(load.port, '127.0.0.1')
      socket.setNoDelay(true)
      let at = 0
      let pending = ''
      const next = () => {
        if (sent >= load.requests || performance.now() > until) {
          socket.end()
          return resolve()
        }
        at = performance.now()
        socket.write(load.request(caller, sent++))
      }
      socket.on('connect', next)
      socket.on('error', reject)
      socket.on('data', (bytes) => {
        pending += bytes.toString('latin1')
        const head = pending.indexOf('\r\n\r\n')
        if (head < 0) return
        const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0)
        if (pending.length < head + 4 + length) return
        const status = Number(pending.slice(9, 12))
        statuses[status] = (statuses[status] ?? 0) + 1
        latencies.push(performance.now() - at)
        pending = ''
        next()
      })
    })
  }
}
