/**
 * `npm run bench -- ingest`: visitor messages over HTTP — durable, idempotent, labelled, with the event bus on — beside
 * (a) the thinnest server that does the same honestly for one table and (b) bare prepared INSERTs, in the same minute.
 */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { cpuOf, cpuOfChildren } from './kit/cpu'
import { type House, openHouse } from './kit/house'
import { type LoadResult, percentile, post, runLoad } from './kit/load'
import { texts } from './kit/texts'

const stages = [1, 16, 64, 256]
/** Requests and seconds of one measurement; each stage is measured this often, interleaved with its references. */
const limits = { requests: 8_000, maxSeconds: 4 }
const rounds = 3
const warmUps = 3

interface Measured extends LoadResult {
  /** CPU milliseconds per message: [server, database, inference]. */
  cpu: [number, number, number]
}

const median = (values: number[]): number =>
  percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  )

async function ours(house: House, tokens: string[], callers: number): Promise<Measured> {
  const requests = Array.from({ length: limits.requests }, (_, n) =>
    post(
      '/api/widget/messages',
      tokens[n % tokens.length] as string,
      JSON.stringify({ clientId: crypto.randomUUID(), text: texts[n % texts.length] }),
    ),
  )
  const before = house.cpu()
  const result = await runLoad({ port: house.port, callers, ...limits, request: (_caller, n) => requests[n] as Buffer })
  const after = house.cpu()
  refuseFailures(result)
  const per = (name: keyof typeof before) => (after[name] - before[name]) / result.answered
  return { ...result, cpu: [per('server'), per('database'), per('inference')] }
}

function refuseFailures(result: LoadResult): void {
  const bad = Object.entries(result.statuses).filter(([status]) => status !== '201')
  if (bad.length) throw new Error(`answers that are no 201: ${JSON.stringify(result.statuses)}`)
}

async function thinnest(house: House, thin: { port: number; pid: number }, callers: number): Promise<Measured> {
  const requests = Array.from({ length: limits.requests }, (_, n) =>
    post('/messages', 'visitor', JSON.stringify({ clientId: crypto.randomUUID(), text: texts[n % texts.length] })),
  )
  const before = [cpuOf(thin.pid), cpuOfChildren(house.database.pid)] as const
  const result = await runLoad({ port: thin.port, callers, ...limits, request: (_caller, n) => requests[n] as Buffer })
  refuseFailures(result)
  const cpu: [number, number, number] = [
    (cpuOf(thin.pid) - before[0]) / result.answered,
    (cpuOfChildren(house.database.pid) - before[1]) / result.answered,
    0,
  ]
  return { ...result, cpu }
}

/** Bare prepared single-row INSERTs, one per caller at a time, at most 16 connections. */
async function inserts(pool: pg.Pool, callers: number): Promise<number> {
  const until = performance.now() + 2_000
  let done = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until && done < limits.requests) {
        await pool.query({
          name: 'one',
          text: 'INSERT INTO bench_message (id, body) VALUES ($1, $2)',
          values: [crypto.randomUUID(), texts[done % texts.length]],
        })
        done++
      }
    }),
  )
  return done / ((performance.now() - began) / 1_000)
}

async function startThinnest(house: House): Promise<{ port: number; pid: number; stop: () => void }> {
  await bundle(resolve('.'), '.build/bench', ['tests/bench/kit/thinnest-server.ts'])
  const child = spawn(process.execPath, [resolve('.build/bench/thinnest-server.mjs')], {
    env: { ...process.env, THINNEST_URL: house.ownerUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return { port: JSON.parse(line).port, pid: child.pid as number, stop: () => child.kill('SIGTERM') }
  }
  throw new Error('the thinnest server did not start')
}

async function main(): Promise<void> {
  const house = await openHouse()
  const pool = new pg.Pool({ connectionString: house.ownerUrl, max: 16 })
  // A failed bench closes the database while connections idle: what is said is the failure, not that.
  pool.on('error', () => {})
  try {
    await pool.query('CREATE TABLE bench_message (id uuid PRIMARY KEY, body text, at timestamptz DEFAULT now())')
    const thin = await startThinnest(house)
    const account = await house.newAccount()
    // A visitor may send 30 in 30 s: enough visitors that the limit is not what is measured.
    const tokens = await house.visitors(account, 3_000)
    // Both servers' code gets hot and every visitor gets their thread before anything counts.
    for (let round = 0; round < warmUps; round++) {
      await ours(house, tokens, 64)
      await thinnest(house, thin, 64)
    }
    // What autovacuum does within a young installation's first seconds of traffic; here it must not fall into a measurement.
    await pool.query('VACUUM ANALYZE')
    console.log(
      'callers   ours/s  thinnest/s  ratio   INSERTs/s   p50 ms   p99 ms   CPU ms per message (server + database + inference)   thinnest CPU ms',
    )
    for (const callers of stages) {
      const a: Measured[] = []
      const b: Measured[] = []
      const c: number[] = []
      for (let round = 0; round < rounds; round++) {
        a.push(await ours(house, tokens, callers))
        b.push(await thinnest(house, thin, callers))
        c.push(await inserts(pool, callers))
      }
      const of = (pick: (one: Measured) => number, list = a) => median(list.map(pick))
      const cpu = [0, 1, 2].map((i) => of((one) => one.cpu[i] as number))
      console.log(
        [
          String(callers).padStart(7),
          of((one) => one.perSecond)
            .toFixed(0)
            .padStart(8),
          of((one) => one.perSecond, b)
            .toFixed(0)
            .padStart(11),
          (of((one) => one.perSecond) / of((one) => one.perSecond, b)).toFixed(2).padStart(6),
          median(c).toFixed(0).padStart(11),
          of((one) => one.p50)
            .toFixed(1)
            .padStart(8),
          of((one) => one.p99)
            .toFixed(1)
            .padStart(8),
          `   ${(cpu.reduce((sum, one) => sum + one, 0)).toFixed(2)} (${cpu.map((one) => one.toFixed(2)).join(' + ')})`.padEnd(
            53,
          ),
          of((one) => one.cpu[0] + one.cpu[1], b).toFixed(2),
        ].join(' '),
      )
    }
    const { rows } = await pool.query('SELECT label_state, count(*)::int AS n FROM message GROUP BY 1 ORDER BY 1')
    console.log(`stored: ${rows.map((row) => `${row.n} ${row.label_state}`).join(', ')}`)
    thin.stop()
  } finally {
    await pool.end()
    await house.close()
  }
}

await main()
