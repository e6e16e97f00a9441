/**
 * `npm run bench -- stripe-events`: signed events of Stripe over HTTP until each is durable, beside prepared INSERTs of the same
 * row on the same database in the same minute.
 */
import pg from 'pg'
import { sign } from '../kit/stripe/server'
import { openHouse } from './kit/house'
import { type LoadResult, percentile, runLoad } from './kit/load'

const secret = 'whsec_bench'
const limits = { requests: 1_000, maxSeconds: 10 }

/** A request as Stripe sends it: an invoice of about 6 kB. */
function event(n: number): Buffer {
  const id = `evt_${process.pid}_${n}`
  const lines = Array.from({ length: 12 }, (_, at) => ({ id: `il_${at}`, object: 'line_item', note: 'x'.repeat(400) }))
  const object = { id: `in_${n}`, object: 'invoice', customer: `cus_${n % 50}`, lines }
  const body = JSON.stringify({ id, object: 'event', type: 'invoice.paid', created: 1, data: { object } })
  const signature = sign(body, secret, Math.floor(Date.now() / 1_000))
  return Buffer.from(
    `POST /api/stripe HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nstripe-signature: ${signature}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** An event is answered within so long (p99), milliseconds. */
const most = 200

/** Latencies of bare inserts by as many callers, each with a connection of its own. */
async function inserts(pool: pg.Pool, callers: number): Promise<number[]> {
  const latencies: number[] = []
  let sent = 0
  const text = `INSERT INTO stripe_event (id, type, object_id, state, created_at, received_at, due_at) VALUES ($1, 'invoice.paid', 'in_1', 'ignored', now(), now(), now())`
  const call = async () => {
    const client = await pool.connect()
    while (sent < limits.requests) {
      const at = performance.now()
      await client.query({ name: 'insert', text, values: [`bare_${callers}_${sent++}`] })
      latencies.push(performance.now() - at)
    }
    client.release()
  }
  await Promise.all(Array.from({ length: callers }, call))
  return latencies.sort((a, b) => a - b)
}

const line = (callers: number, ours: LoadResult, bare: number[]): string =>
  [
    String(callers).padStart(7),
    ours.perSecond.toFixed(0).padStart(8),
    ours.p50.toFixed(1).padStart(8),
    ours.p99.toFixed(1).padStart(8),
    percentile(bare, 0.99).toFixed(1).padStart(15),
    (ours.p99 / percentile(bare, 0.99)).toFixed(1).padStart(10),
  ].join(' ')

const house = await openHouse({ STRIPE_SECRET_KEY: 'sk_test_bench', STRIPE_WEBHOOK_SECRET: secret })
const pool = new pg.Pool({ connectionString: house.ownerUrl, max: 16 })
pool.on('error', () => {})
try {
  let n = 0
  let answered = 0
  const run = async (callers: number) => {
    const requests = Array.from({ length: limits.requests }, () => event(n++))
    const done = await runLoad({
      port: house.port,
      callers,
      ...limits,
      request: (_caller, at) => requests[at] as Buffer,
    })
    answered += done.answered
    return done
  }
  await run(16)
  console.log('callers events/s   p50 ms   p99 ms INSERT p99 ms  p99 ratio')
  for (const callers of [1, 16]) {
    const ours = await run(callers)
    if (ours.statuses[204] !== ours.answered)
      throw new Error(`answers that are no 204: ${JSON.stringify(ours.statuses)}`)
    console.log(line(callers, ours, await inserts(pool, callers)))
    console.log(`        within ${most} ms (p99): ${ours.p99 <= most ? 'yes' : 'NO'}`)
  }
  const { rows } = await pool.query("SELECT count(*)::int AS n FROM stripe_event WHERE id LIKE 'evt_%'")
  if (rows[0].n !== answered) throw new Error(`${rows[0].n} events stored for ${answered} that were answered`)
  console.log(`stored: ${rows[0].n}, as many as were answered`)
} finally {
  await pool.end()
  await house.close()
}
